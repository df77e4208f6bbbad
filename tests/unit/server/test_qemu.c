/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The backend for QEMU over a vmmd made by hand: a thread that answers as the test wants, and
 * answers nothing before a snapshot's END has come, as vmmd does when it is not waited for.
 */
#include "remotetrans/server/backend.h"
#include "tests/lib/unit.h"
#include "vmm/include/rtvmm.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define READS      2000 /* requests of a frame each; more than the socket holds of answers */
#define PAGE_EVERY 3

static struct {
	char path[64];
	int listen_fd;
	pthread_t thread;
	int refused; /* the READ that is refused; -1: none */
	bool floods; /* a byte more than was asked for */
	bool ends_early; /* before it has answered */
	struct backend *b;
	struct records records;
} at;

static bool take(int fd, void *ret, size_t len_bytes)
{
	return recv(fd, ret, len_bytes, MSG_WAITALL) == (ssize_t)len_bytes;
}

static void say(int fd, const void *bytes, size_t len_bytes)
{
	if (send(fd, bytes, len_bytes, MSG_NOSIGNAL) < 0)
		return; /* the other side notices */
}

static void say_head(int fd, int32_t result, uint32_t count)
{
	const int32_t head[2] = {result, (int32_t)count};

	say(fd, head, sizeof(head));
}

static void say_record(int fd, uint64_t subject)
{
	static uint8_t page[RTVMM_FRAME_BYTES];
	bool is_page = subject % PAGE_EVERY == 0;
	struct rtvmm_record r = {
		.header = {.magic = RTVMM_MAGIC,
			   .version = RTVMM_VERSION,
			   .type = is_page ? RTVMM_RECORD_PAGE : RTVMM_RECORD_NOT_RAM,
			   .payload_bytes = is_page ? sizeof(page) : 0,
			   .subject = subject}};

	say(fd, &r, sizeof(r));
	say(fd, page, r.header.payload_bytes);
}

/* READs up to an END; then all answers. */
static bool serve_snapshot(int fd)
{
	struct rtvmm_request r;
	uint64_t frame;
	int reads = 0;

	for (;; reads++) {
		if (!take(fd, &r, sizeof(r)))
			return false;
		if (r.op != RTVMM_OP_READ)
			break;
		if (!take(fd, &frame, sizeof(frame)))
			return false;
	}
	if (at.ends_early)
		return false;
	for (int i = 0; i < reads; i++) {
		say_head(fd, i == at.refused ? -RTVMM_ETIME : 0, i != at.refused);
		if (i != at.refused)
			say_record(fd, (uint64_t)i);
	}
	say_head(fd, 0, 1);
	say_record(fd, 1);
	if (at.floods)
		say(fd, "?", 1);
	return true;
}

static void *serve(void *unused)
{
	static uint8_t open_request[sizeof(struct rtvmm_open_request)];
	struct rtvmm_open_reply reply = {.version = RTVMM_VERSION, .session = 7};
	struct rtvmm_request r;
	int fd = accept(at.listen_fd, NULL, NULL);

	(void)unused;
	if (take(fd, &r, sizeof(r)) && take(fd, open_request, sizeof(open_request))) {
		say_head(fd, 0, 1);
		say(fd, &reply, sizeof(reply));
		while (serve_snapshot(fd))
			;
	}
	close(fd);
	return NULL;
}

static void set_up(void)
{
	static const uint8_t hello[sizeof(struct rtvmm_open_request)] = {RTVMM_VERSION};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	uint8_t reply[sizeof(struct rtvmm_open_reply)];
	static struct vm_config vm;

	memset(&at, 0, sizeof(at));
	at.refused = -1;
	snprintf(at.path, sizeof(at.path), "/tmp/test-qemu.%d", (int)getpid());
	strcpy(address.sun_path, at.path);
	strcpy(vm.vmmd, at.path);
	at.listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CU_ASSERT_EQUAL_FATAL(bind(at.listen_fd, (struct sockaddr *)&address, sizeof(address)), 0);
	CU_ASSERT_EQUAL_FATAL(listen(at.listen_fd, 1), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&at.thread, NULL, serve, NULL), 0);
	CHECK_OK(backend_qemu.open(&vm, hello, reply, &at.b));
}

static void tear_down(void)
{
	backend_qemu.close(at.b);
	pthread_join(at.thread, NULL);
	close(at.listen_fd);
	unlink(at.path);
	records_deinit(&at.records);
}

static const struct backend_request end = {.op = RTVMM_OP_SNAPSHOT_END};

static const struct err *post_reads(unsigned reads)
{
	for (uint64_t frame = 0; frame < reads; frame++) {
		struct backend_request r = {.op = RTVMM_OP_READ, .frames = &frame, .count = 1};

		TRY(backend_qemu.post(at.b, &r, &at.records));
	}
	return NULL;
}

/* READs of the frames 0, 1, 2 ..., and an END. */
static const struct err *snapshot(unsigned reads)
{
	TRY(post_reads(reads));
	return backend_qemu.ask(at.b, &end, &at.records);
}

static uint64_t subject_of(size_t index)
{
	size_t len;
	struct rtvmm_header h;

	memcpy(&h, records_at(&at.records, index, &len), sizeof(h));
	CU_ASSERT_EQUAL(len, sizeof(struct rtvmm_record) + h.payload_bytes);
	return h.subject;
}

TEST(qemu, requests_do_not_wait_for_answers)
{
	set_up();
	CHECK_OK(snapshot(READS));
	CU_ASSERT_EQUAL_FATAL(at.records.count, READS + 1);
	for (size_t i = 0; i < READS; i++)
		CU_ASSERT_EQUAL(subject_of(i), i);
	CHECK_OK(snapshot(0));
	CU_ASSERT_EQUAL(at.records.count, READS + 2);
	tear_down();
}

/* What was refused is known at the end, and the next answer is not taken for another one's. */
TEST(qemu, a_refusal_in_between_leaves_all_in_step)
{
	set_up();
	at.refused = 2;
	CHECK_ERR(snapshot(5), ERR_PEER);
	CU_ASSERT_EQUAL(at.b->status, RTVMM_ETIME);
	at.refused = -1;
	records_clear(&at.records);
	CHECK_OK(snapshot(3));
	CU_ASSERT_EQUAL(at.b->status, 0);
	CU_ASSERT_EQUAL_FATAL(at.records.count, 4);
	CU_ASSERT_EQUAL(subject_of(2), 2);
	tear_down();
}

TEST(qemu, more_than_was_asked_for_is_refused)
{
	set_up();
	at.floods = true;
	const struct err *e = snapshot(3);
	records_clear(&at.records);
	if (!e) /* it came later */
		e = snapshot(3);
	CHECK_ERR(e, ERR_PROTO);
	tear_down();
}

/* Half a record that has come stays where it belongs when those before it are taken out. */
TEST(qemu, records_may_be_taken_out_while_others_come)
{
	uint64_t taken = 0;
	bool more = true;

	set_up();
	CHECK_OK(post_reads(READS));
	CHECK_OK(backend_qemu.post(at.b, &end, &at.records));
	while (more) {
		CHECK_OK(backend_qemu.receive(at.b, &at.records, &more));
		for (size_t i = 0; i < at.records.count; i++, taken++)
			CU_ASSERT_EQUAL(subject_of(i), taken < READS ? taken : 1);
		if (taken % 2)
			records_clear(&at.records);
		else
			taken -= at.records.count; /* looked at again */
	}
	CU_ASSERT_EQUAL(taken + (taken % 2 ? 0 : at.records.count), READS + 1);
	CHECK_OK(backend_qemu.receive(at.b, &at.records, &more));
	CU_ASSERT_FALSE(more);
	tear_down();
}

TEST(qemu, a_refusal_is_told_when_all_has_come)
{
	bool more = true;
	const struct err *e = NULL;

	set_up();
	at.refused = 1500;
	CHECK_OK(post_reads(READS));
	CHECK_OK(backend_qemu.post(at.b, &end, &at.records));
	while (!e && more) {
		records_clear(&at.records);
		e = backend_qemu.receive(at.b, &at.records, &more);
	}
	CHECK_ERR(e, ERR_PEER);
	CU_ASSERT_EQUAL(at.b->status, RTVMM_ETIME);
	at.refused = -1;
	records_clear(&at.records);
	CHECK_OK(snapshot(3));
	CU_ASSERT_EQUAL(at.records.count, 4);
	tear_down();
}

/* Not that the VMM is busy, which would be asked again and again. */
TEST(qemu, a_connection_that_is_lost_is_no_refusal)
{
	set_up();
	at.ends_early = true;
	CHECK_OK(post_reads(1));
	at.b->status = RTVMM_EBUSY; /* an earlier answer was one */
	CHECK_ERR(backend_qemu.ask(at.b, &end, &at.records), ERR_PEER);
	CU_ASSERT_EQUAL(at.b->status, RTVMM_EIO);
	at.b->status = RTVMM_EBUSY;
	CHECK_ERR(post_reads(1), ERR_PEER);
	CU_ASSERT_EQUAL(at.b->status, RTVMM_EIO);
	tear_down();
}
