/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Key events in TPM and file. Input: our own key; the TPM's answers. */
#include "vmm/launch/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "remotetrans/base/buf.h"

#define ALG_SHA256 0x000bu /* TPM_ALG_ID, TPM 2.0 part 2, section 6.3 */

/* Whoever serves the log may be another user; there is no secret in it. */
static const struct err *open_events(const char *path, int *ret)
{
	*ret = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (*ret < 0)
		return ERR_ERRNO(ERR_USAGE, errno, "--events %s: cannot append to it", path);
	if (fchmod(*ret, 0644) != 0 && errno != EPERM) /* another's: as its owner wants it */
		return ERR_ERRNO(ERR_SYSTEM, errno, "--events %s", path);
	return NULL;
}

const struct err *measure_open(struct measure *m, const char *tcti, const char *events)
{
	*m = (struct measure){.events_fd = -1, .events_path = events};
	if (!tcti)
		return NULL;
	const struct err *e = events ? open_events(events, &m->events_fd) : NULL;
	if (!e)
		e = tpm_open(tcti, &m->tpm);
	if (e)
		measure_close(m); /* raises no error of its own */
	return e;
}

void measure_close(struct measure *m)
{
	tpm_close(m->tpm);
	if (m->events_fd >= 0)
		close(m->events_fd);
	*m = (struct measure){.events_fd = -1};
}

const struct err *measure_event(uint32_t type, const uint8_t *data, uint32_t data_bytes,
				uint8_t *ret, uint8_t ret_digest[TPM_DIGEST])
{
	struct buf_writer w = buf_writer_over(ret, MEASURE_EVENT_BYTES(data_bytes));

	if (EVP_Digest(data, data_bytes, ret_digest, NULL, EVP_sha256(), NULL) != 1)
		return ERR(ERR_SYSTEM, "SHA-256 failed");
	TRY(buf_write_u32(&w, RTLAUNCH_PCR));
	TRY(buf_write_u32(&w, type));
	TRY(buf_write_u32(&w, 1));
	TRY(buf_write_u16(&w, ALG_SHA256));
	TRY(buf_write_bytes(&w, ret_digest, TPM_DIGEST));
	TRY(buf_write_u32(&w, data_bytes));
	return buf_write_bytes(&w, data, data_bytes);
}

static const struct err *append(const struct measure *m, const uint8_t *event, size_t len_bytes)
{
	if (m->events_fd < 0)
		return NULL;
	ssize_t n = write(m->events_fd, event, len_bytes);
	if (n < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "--events %s", m->events_path);
	if ((size_t)n != len_bytes || fsync(m->events_fd) != 0)
		return ERR(ERR_SYSTEM, "--events %s: no room for an event", m->events_path);
	return NULL;
}

/* First the file, whose disk may be full; it can be taken back, what a PCR has cannot. */
static const struct err *extend(struct measure *m, uint32_t type, const uint8_t *data,
				uint32_t data_bytes)
{
	uint8_t event[MEASURE_EVENT_BYTES(RTLAUNCH_KEY_DATA_BYTES)], digest[TPM_DIGEST];
	off_t before = m->events_fd < 0 ? 0 : lseek(m->events_fd, 0, SEEK_END);

	TRY(measure_event(type, data, data_bytes, event, digest));
	const struct err *e = append(m, event, MEASURE_EVENT_BYTES(data_bytes));
	if (!e)
		e = tpm_extend(m->tpm, RTLAUNCH_PCR, digest);
	if (e && m->events_fd >= 0 && ftruncate(m->events_fd, before) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "--events %s has an event too many",
				 m->events_path);
	return e;
}

static const struct err *extend_all(struct measure *m, const uint8_t *key, bool is_last)
{
	static const uint8_t zeros[4];
	uint8_t data[RTLAUNCH_KEY_DATA_BYTES];

	memcpy(data, RTLAUNCH_KEY_LABEL, RTLAUNCH_KEY_LABEL_BYTES);
	memcpy(data + RTLAUNCH_KEY_LABEL_BYTES, key, MEASURE_KEY_BYTES);
	TRY(extend(m, RTLAUNCH_EVENT, data, sizeof(data)));
	return is_last ? extend(m, RTLAUNCH_SEPARATOR, zeros, sizeof(zeros)) : NULL;
}

const struct err *measure_key(struct measure *m, const uint8_t key[MEASURE_KEY_BYTES], bool is_last)
{
	if (!m->tpm)
		return NULL;
	if (m->events_fd >= 0 && flock(m->events_fd, LOCK_EX) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "--events %s", m->events_path);
	const struct err *e = extend_all(m, key, is_last);
	if (m->events_fd >= 0)
		flock(m->events_fd, LOCK_UN);
	return e;
}
