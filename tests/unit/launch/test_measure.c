/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/launch/measure.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint8_t key[MEASURE_KEY_BYTES] = {1, 2, 3};

TEST(measure, a_separator_is_these_bytes)
{
	/* SHA-256 of four zero bytes, as in every log of a firmware */
	static const uint8_t wanted[] = {
		15,   0,    0,    0,    4,    0,    0,    0,    1,    0,    0,    0,    0x0b, 0,
		0xdf, 0x3f, 0x61, 0x98, 0x04, 0xa9, 0x2f, 0xdb, 0x40, 0x57, 0x19, 0x2d, 0xc4, 0x3d,
		0xd7, 0x48, 0xea, 0x77, 0x8a, 0xdc, 0x52, 0xbc, 0x49, 0x8c, 0xe8, 0x05, 0x24, 0xc0,
		0x14, 0xb8, 0x11, 0x19, 4,    0,    0,    0,    0,    0,    0,    0};
	static const uint8_t zeros[4];
	uint8_t event[MEASURE_EVENT_BYTES(4)], digest[TPM_DIGEST];

	CU_ASSERT_EQUAL_FATAL(sizeof(wanted), sizeof(event));
	CHECK_OK(measure_event(RTLAUNCH_SEPARATOR, zeros, 4, event, digest));
	CU_ASSERT_EQUAL(memcmp(event, wanted, sizeof(wanted)), 0);
	CU_ASSERT_EQUAL(memcmp(digest, wanted + 14, sizeof(digest)), 0);
}

TEST(measure, nothing_is_measured_unasked)
{
	struct measure m;

	CHECK_OK(measure_open(&m, NULL, NULL));
	CU_ASSERT_PTR_NULL(m.tpm);
	CHECK_OK(measure_key(&m, key, true));
	measure_close(&m);
}

/* --- a TPM that answers as told -----------------------------------------------------------------
 */

static char folder[64], tcti[128], events[96];
static pid_t tpm;

/* PCR 15 of the SHA-256 bank is there. */
static const uint8_t pcr_read[62] = {
	0x80, 1, 0, 0, 0, 62, [17] = 1, [19] = 0x0b, [20] = 3, [22] = 0x80, [27] = 1, [29] = 32};
#define IS_READ(command) ((command)[8] == 0x01 && (command)[9] == 0x7e)

static bool say(int fd, const uint8_t *bytes, size_t len_bytes)
{
	return write(fd, bytes, len_bytes) == (ssize_t)len_bytes;
}

/* Each event is taken, until @good are used up. */
static _Noreturn void tpm_process(int listener, int good)
{
	static const uint8_t ok[19] = {0x80, 2, 0, 0, 0, 19, [16] = 1};
	static const uint8_t failure[10] = {0x80, 1, 0, 0, 0, 10, 0, 0, 1, 1};
	int fd = accept(listener, NULL, NULL);
	uint8_t command[512];
	bool said = true;

	alarm(60);
	while (said && read(fd, command, sizeof(command)) > 0) {
		if (IS_READ(command))
			said = say(fd, pcr_read, sizeof(pcr_read));
		else if (good-- > 0)
			said = say(fd, ok, sizeof(ok));
		else
			said = say(fd, failure, sizeof(failure));
	}
	_exit(0);
}

static void tpm_start(int good)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(folder, "/tmp/rt-measure-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/tpm", folder);
	snprintf(tcti, sizeof(tcti), "swtpm:path=%s/tpm", folder);
	snprintf(events, sizeof(events), "%s/events", folder);
	CU_ASSERT_EQUAL_FATAL(bind(listener, (void *)&address, sizeof(address)), 0);
	CU_ASSERT_EQUAL_FATAL(listen(listener, 1), 0);
	tpm = fork();
	if (tpm == 0)
		tpm_process(listener, good);
	close(listener);
}

static void tpm_stop(void)
{
	char path[96];

	kill(tpm, SIGKILL);
	waitpid(tpm, NULL, 0);
	unlink(events);
	snprintf(path, sizeof(path), "%s/tpm", folder);
	unlink(path);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

static off_t events_bytes(void)
{
	struct stat st = {.st_size = -1};

	(void)stat(events, &st);
	return st.st_size;
}

/* How long the file is after an attempt with a TPM that takes @good events. */
static off_t attempt(int good, bool is_last, bool *ret_failed)
{
	struct measure m;

	tpm_start(good);
	CHECK_OK(measure_open(&m, tcti, events));
	*ret_failed = measure_key(&m, key, is_last) != NULL;
	measure_close(&m);
	off_t len = events_bytes();
	tpm_stop();
	return len;
}

TEST(measure, the_file_has_what_the_tpm_has)
{
	const off_t one = MEASURE_EVENT_BYTES(RTLAUNCH_KEY_DATA_BYTES);
	const off_t both = one + (off_t)MEASURE_EVENT_BYTES(4);
	bool failed;

	CU_ASSERT_EQUAL(attempt(9, true, &failed), both);
	CU_ASSERT_FALSE(failed);
	CU_ASSERT_EQUAL(attempt(9, false, &failed), one);
	CU_ASSERT_FALSE(failed);
	CU_ASSERT_EQUAL(attempt(0, true, &failed), 0);
	CU_ASSERT_TRUE(failed);
	CU_ASSERT_EQUAL(attempt(1, true, &failed), one);
	CU_ASSERT_TRUE(failed);
}

TEST(measure, the_file_is_for_all_to_read)
{
	mode_t before = umask(0077);
	struct measure m;
	struct stat st = {0};

	tpm_start(9);
	CHECK_OK(measure_open(&m, tcti, events));
	CU_ASSERT_EQUAL(stat(events, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0644);
	measure_close(&m);
	tpm_stop();
	umask(before);
}

TEST(measure, mistakes_are_named)
{
	struct measure m;

	CHECK_ERR(measure_open(&m, "swtpm:path=/nonexistent", NULL), ERR_PEER);
	CHECK_ERR(measure_open(&m, "abacus", NULL), ERR_USAGE);
	CHECK_ERR(measure_open(&m, "swtpm:path=/nonexistent", "/nonexistent/events"), ERR_USAGE);
}
