/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A caller's bytes on vmmd's socket, in pieces of any size. Input: how the pieces are cut, then
 * requests: a head as it is, or one whose session and version are made right.
 *
 * An independent reading of the same bytes says how many answers there must be.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/core/fake_host.h"
#include "vmm/vmmd/connection.h"

#define SENT_MAX 32768

struct pair {
	struct connection c;
	int peer;
	unsigned answers;
};

static size_t build_requests(struct input *in, uint64_t session, uint8_t *ret)
{
	size_t used = 0;

	while (in->left_bytes && used + sizeof(struct rtvmm_request) + 2048 < SENT_MAX) {
		struct rtvmm_request r = {.version = RTVMM_VERSION};
		uint8_t how = input_u8(in);
		size_t got;
		const uint8_t *bytes;

		if (how & 0x80) { /* as it is */
			bytes = input_view(in, how & 0x7f, &got);
			memcpy(ret + used, bytes, got);
			used += got;
			continue;
		}
		r.op = how & 15;
		r.session = r.op == RTVMM_OP_OPEN ? 0 : session;
		r.count = input_u16(in);
		r.deadline_ms = r.op == RTVMM_OP_SNAPSHOT_BEGIN ? input_u16(in) : 0;
		memcpy(ret + used, &r, sizeof(r));
		used += sizeof(r);
		size_t trailing = r.op == RTVMM_OP_READ   ? 8u * (r.count % 257)
				  : r.op == RTVMM_OP_OPEN ? sizeof(struct rtvmm_open_request)
							  : 0;
		bytes = input_view(in, trailing % 2049, &got);
		memset(ret + used, 0, trailing % 2049);
		memcpy(ret + used, bytes, got);
		used += trailing % 2049;
	}
	return used;
}

/* How many answers are due; from rtvmm.h's text, not from the code under test. */
static unsigned answers_due(const uint8_t *bytes, size_t len)
{
	unsigned due = 0;

	for (size_t at = 0; len - at >= sizeof(struct rtvmm_request); due++) {
		struct rtvmm_request r;
		size_t trailing = 0;

		memcpy(&r, bytes + at, sizeof(r));
		bool ok = r.version == RTVMM_VERSION && r.op >= RTVMM_OP_OPEN &&
			  r.op <= RTVMM_OP_SNAPSHOT_END &&
			  (!r.deadline_ms || r.op == RTVMM_OP_SNAPSHOT_BEGIN);

		if (r.op == RTVMM_OP_OPEN) {
			ok = ok && !r.session && !r.count;
			trailing = sizeof(struct rtvmm_open_request);
		} else if (r.op == RTVMM_OP_READ) {
			ok = ok && r.count >= 1 && r.count <= RTVMM_READ_FRAMES_MAX;
			trailing = 8 * (size_t)r.count;
		} else if (r.op == RTVMM_OP_VCPU) {
			ok = ok && r.count < RTVMM_VCPUS_MAX;
		} else {
			ok = ok && !r.count;
		}
		if (!ok)
			return due + 1; /* refused, then closed */
		if (len - at - sizeof(r) < trailing)
			return due;
		at += sizeof(r) + trailing;
	}
	return due;
}

/* --- answers --------------------------------------------------------------------------------- */

static void take(struct pair *p, void *ret, size_t len)
{
	uint8_t *at = ret;

	while (len) {
		ssize_t n = recv(p->peer, at, len, MSG_DONTWAIT);

		if (n < 0) { /* the rest waits for room in the socket */
			HOLDS(p->c.out_bytes && connection_send(&p->c, 0));
			continue;
		}
		HOLDS(n > 0);
		at += n;
		len -= (size_t)n;
	}
}

static void take_record(struct pair *p)
{
	static uint8_t payload[RTVMM_FRAME_BYTES];
	struct rtvmm_record record;

	take(p, &record, sizeof(record));
	HOLDS(record.header.magic == RTVMM_MAGIC);
	HOLDS(record.header.payload_bytes <= sizeof(payload));
	take(p, payload, record.header.payload_bytes);
}

static void take_answer(struct pair *p, bool is_open)
{
	struct rtvmm_open_reply reply;
	uint32_t records;
	int32_t status;

	take(p, &status, sizeof(status));
	take(p, &records, sizeof(records));
	HOLDS(status <= 0 && records <= RTVMM_READ_FRAMES_MAX);
	HOLDS(status == 0 || records == 0);
	p->answers++;
	if (is_open && records)
		take(p, &reply, sizeof(reply));
	else
		for (uint32_t i = 0; i < records; i++)
			take_record(p);
}

/* Answer what has come, as server.c does. False: the connection is done. */
static bool answer_all(struct pair *p, struct call *call)
{
	while (connection_has_request(&p->c)) {
		struct rtvmm_request r;

		memcpy(&r, p->c.in, sizeof(r));
		connection_answer(&p->c, call);
		bool closing = p->c.closing;
		HOLDS(connection_tag(&p->c, UINT_MAX));
		bool alive = connection_send(&p->c, 0);
		take_answer(p, r.op == RTVMM_OP_OPEN);
		HOLDS(p->c.out_bytes == 0 || alive);
		if (closing)
			return false;
	}
	return true;
}

static void run(struct pair *p, struct call *call, const uint8_t *sent, size_t len, uint8_t cut)
{
	for (size_t at = 0; at < len;) {
		size_t step = (size_t)cut * 16 + 1;

		step = step < len - at ? step : len - at;
		HOLDS(send(p->peer, sent + at, step, MSG_NOSIGNAL) == (ssize_t)step);
		at += step;
		for (size_t left = step; left;) {
			size_t before = p->c.in_bytes;

			HOLDS(connection_wants_input(&p->c));
			HOLDS(p->c.in_bytes < sizeof(p->c.in));
			HOLDS(connection_receive(&p->c, 0));
			left -= p->c.in_bytes - before;
			if (!answer_all(p, call))
				return;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static uint8_t sent[SENT_MAX];
	struct input in = {bytes, len_bytes};
	uint8_t cut = input_u8(&in);
	static struct fake *f, first;
	static struct pair p;
	int fds[2];

	if (!f) {
		f = fake_new();
		first = *f;
	}
	*f = first;

	/* a session that is open without the cost of a handshake */
	f->caller.sessions[0] = (struct session){.number = 7, .next_counter = 1};
	memcpy(f->caller.sessions[0].instance_id, f->vm.instance_id, RTVMM_ID_BYTES);
	size_t len = build_requests(&in, 7, sent);
	HOLDS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
	p = (struct pair){.peer = fds[1]};
	HOLDS(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
	connection_open(&p.c, fds[0], &f->caller, 0);
	run(&p, &f->call, sent, len, cut);
	HOLDS(p.answers == answers_due(sent, len));
	request_caller_gone(&f->vm, &f->caller);
	HOLDS(!f->paused);
	connection_close(&p.c);
	close(p.peer);
	return 0;
}
