/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's answers. Input: which of vmmd's questions is asked; then either the bytes that QEMU sends
 * as they are, or lines that become the results of one command after the other.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/vmmd/machine.h"
#include "vmm/vmmd/qmp.h"

#define SENT_MAX (64u << 10) /* fits the socket's buffer */

struct sent {
	char bytes[SENT_MAX];
	size_t used;
};

/* Each line of @in as {"return": LINE, "id": 1, 2, ...}. */
static void answer_lines(struct input *in, struct sent *s)
{
	for (unsigned id = 1; in->left_bytes && id < 64; id++) {
		const uint8_t *end = memchr(in->at, '\n', in->left_bytes);
		size_t len = end ? (size_t)(end - in->at) : in->left_bytes, got;
		const uint8_t *line = input_view(in, len + (end != NULL), &got);
		int put = snprintf(s->bytes + s->used, SENT_MAX - s->used,
				   "{\"return\": %.*s, \"id\": %u}\n", (int)len, line, id);

		if (put < 0 || (size_t)put >= SENT_MAX - s->used)
			return;
		s->used += (size_t)put;
	}
}

static void send_answers(int fd, struct input *in, bool lines)
{
	static struct sent s;

	s.used = 0;
	if (lines) {
		answer_lines(in, &s);
	} else {
		s.used = in->left_bytes < SENT_MAX ? in->left_bytes : SENT_MAX;
		memcpy(s.bytes, in->at, s.used);
	}
	for (size_t at = 0; at < s.used;) {
		ssize_t n = send(fd, s.bytes + at, s.used - at, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0)
			break;
		at += (size_t)n;
	}
	shutdown(fd, SHUT_WR);
}

static const struct err *ask(struct qmp *q, unsigned which)
{
	static const uint8_t uuid[RTVMM_ID_BYTES] = {1};
	struct machine_facts facts = {.vcpus = 1};
	struct ram ram = {.fd = -1, .bytes = 1u << 29};
	json_t *result = NULL;
	const struct err *e;
	struct stat st;
	char text[64];
	bool running;

	HOLDS(stat("/dev/null", &st) == 0); /* as QEMU's answers may say */
	ram.device = st.st_dev;
	ram.inode = st.st_ino;

	switch (which % 5) {
	case 0:
		e = qmp_execute(q, "query-status", NULL, &result);
		json_decref(result);
		return e;
	case 1:
		e = qmp_monitor(q, "info registers", text, sizeof(text));
		HOLDS(e || strlen(text) < sizeof(text));
		return e;
	case 2:
		return qmp_drain(q);
	case 3:
		e = machine_inspect(q, MACHINE_Q35, uuid, &ram, &facts);
		HOLDS(e || (facts.vcpus && facts.vcpus <= RTVMM_VCPUS_MAX));
		return e;
	default:
		e = machine_recheck(q, &ram, &facts, &running);
		HOLDS(e || (facts.vcpus && facts.vcpus <= RTVMM_VCPUS_MAX));
		return e;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct input in = {bytes, len_bytes};
	uint8_t which = input_u8(&in);
	struct qmp q = {.path = "qmp"};
	int fds[2];

	HOLDS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
	q.fd = fds[0];
	send_answers(fds[1], &in, which & 0x80);
	const struct err *e = ask(&q, which & 0x7f);
	HOLDS(!e || e->kind == ERR_PEER || e->kind == ERR_SYSTEM || e->kind == ERR_USAGE);
	HOLDS(!qmp_is_open(&q) || q.used_bytes <= q.line_bytes);
	qmp_close(&q);
	close(fds[1]);
	return 0;
}
