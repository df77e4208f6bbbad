/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/core/fake_host.h"
#include "vmm/vmmd/connection.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
	struct connection c;
	struct caller caller;
	int peer;
};

static void open_pair(struct pair *p)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	memset(&p->caller, 0, sizeof(p->caller));
	p->peer = fds[1];
	connection_open(&p->c, fds[0], &p->caller, 0);
}

static void close_pair(struct pair *p)
{
	connection_close(&p->c);
	close(p->peer);
}

static struct rtvmm_request request(uint32_t op, uint32_t count)
{
	return (struct rtvmm_request){
		.version = RTVMM_VERSION, .op = op, .session = 5, .count = count};
}

TEST(connection, waits_for_a_whole_request)
{
	static struct pair p;
	struct rtvmm_request r = request(RTVMM_OP_READ, 3);
	uint8_t bytes[sizeof(r) + 3 * 8] = {0};

	open_pair(&p);
	memcpy(bytes, &r, sizeof(r));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		CU_ASSERT_FALSE(connection_has_request(&p.c));
		CU_ASSERT_EQUAL(send(p.peer, bytes + i, 1, 0), 1);
		CU_ASSERT_TRUE(connection_receive(&p.c, 0));
	}
	CU_ASSERT_TRUE(connection_has_request(&p.c));
	close_pair(&p);
}

/* Requests sent in one go are answered one by one, and none is lost. */
TEST(connection, answers_in_order)
{
	static struct pair p;
	static struct vm vm = {.gone = true};
	struct call call = {.vm = &vm};
	struct rtvmm_request r[3] = {request(RTVMM_OP_INFO, 0), request(RTVMM_OP_VCPU, 1),
				     request(RTVMM_OP_CLOSE, 0)};
	int32_t answer[2];

	open_pair(&p);
	CU_ASSERT_EQUAL(send(p.peer, r, sizeof(r), 0), (ssize_t)sizeof(r));
	CU_ASSERT_TRUE(connection_receive(&p.c, 0));
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_TRUE_FATAL(connection_has_request(&p.c));
		CU_ASSERT_TRUE(connection_answer(&p.c, &call));
		CU_ASSERT_FALSE(connection_wants_input(&p.c));
		CU_ASSERT_TRUE(connection_tag(&p.c, 1));
		CU_ASSERT_FALSE(connection_has_request(&p.c)); /* not before this one is taken */
		CU_ASSERT_TRUE(connection_send(&p.c, 0));
		CU_ASSERT_PTR_NULL(p.c.out); /* idle connections cost little */
		CU_ASSERT_EQUAL(recv(p.peer, answer, sizeof(answer), 0), 8);
		CU_ASSERT_EQUAL(answer[0], -RTVMM_ENOVM);
		CU_ASSERT_EQUAL(answer[1], 0);
	}
	CU_ASSERT_FALSE(connection_has_request(&p.c));
	close_pair(&p);
}

TEST(connection, malformed_request_is_answered_and_closed)
{
	static struct pair p;
	static struct vm vm = {.gone = true};
	struct call call = {.vm = &vm};
	struct rtvmm_request r = request(RTVMM_OP_READ, UINT32_MAX);
	int32_t answer[2];

	open_pair(&p);
	CU_ASSERT_EQUAL(send(p.peer, &r, sizeof(r), 0), (ssize_t)sizeof(r));
	CU_ASSERT_TRUE(connection_receive(&p.c, 0));
	CU_ASSERT_TRUE_FATAL(connection_has_request(&p.c));
	CU_ASSERT_TRUE(connection_answer(&p.c, &call));
	CU_ASSERT_TRUE(connection_tag(&p.c, 1));
	CU_ASSERT_FALSE(connection_send(&p.c, 0));
	CU_ASSERT_EQUAL(recv(p.peer, answer, sizeof(answer), 0), 8);
	CU_ASSERT_EQUAL(answer[0], -RTVMM_EINVAL);
	close_pair(&p);
}

TEST(connection, stalls_only_in_the_middle)
{
	static struct pair p;

	open_pair(&p);
	CU_ASSERT_FALSE(connection_is_stalled(&p.c, 100 * CONNECTION_STALL_NS));
	CU_ASSERT_EQUAL(send(p.peer, "x", 1, 0), 1);
	CU_ASSERT_TRUE(connection_receive(&p.c, 1000));
	CU_ASSERT_FALSE(connection_is_stalled(&p.c, 1000 + CONNECTION_STALL_NS));
	CU_ASSERT_TRUE(connection_is_stalled(&p.c, 1001 + CONNECTION_STALL_NS));
	close(p.peer);
	CU_ASSERT_FALSE(connection_receive(&p.c, 2000));
	connection_close(&p.c);
	CU_ASSERT_EQUAL(p.c.fd, -1);
}

/* --- within a pause ----------------------------------------------------------------------------
 */

struct paused {
	struct pair pair;
	struct fake *f;
	struct vmm_peer peer;
	struct store store;
	struct rtvmm_request reads[2], end;
};

/* A session that has the VM paused; two READs of two frames and the END have come at once. */
static void pause_and_ask(struct paused *p)
{
	static const uint64_t frames[2] = {3, 16};
	int fds[2];

	p->f = fake_new();
	CHECK_OK(fake_open(p->f, &p->peer));
	CHECK_OK(store_open(&p->store));
	store_prepare(&p->store);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	p->pair.peer = fds[1];
	connection_open(&p->pair.c, fds[0], &p->f->caller, 0);
	CU_ASSERT_EQUAL(vm_pause(&p->f->vm, p->peer.reply.session, UINT64_MAX), 0);
	connection_lend(&p->pair.c, &p->store);
	for (int i = 0; i < 2; i++) {
		p->reads[i] = vmm_peer_request(&p->peer, RTVMM_OP_READ);
		p->reads[i].count = 2;
		CU_ASSERT_EQUAL(send(fds[1], &p->reads[i], sizeof(p->reads[i]), 0), 56);
		CU_ASSERT_EQUAL(send(fds[1], frames, sizeof(frames), 0), 16);
	}
	p->end = vmm_peer_request(&p->peer, RTVMM_OP_SNAPSHOT_END);
	CU_ASSERT_EQUAL(send(fds[1], &p->end, sizeof(p->end), 0), 56);
}

static void answer_all(struct paused *p)
{
	struct call call = {.core = &p->f->core, .vm = &p->f->vm};

	while (p->f->paused) {
		CU_ASSERT_TRUE_FATAL(connection_receive(&p->pair.c, 0));
		while (connection_has_request(&p->pair.c))
			CU_ASSERT_TRUE_FATAL(connection_answer(&p->pair.c, &call));
	}
}

static void end_paused(struct paused *p)
{
	connection_close(&p->pair.c);
	close(p->pair.peer);
	CU_ASSERT_FALSE(p->store.is_lent);
	store_close(&p->store);
	fake_free(p->f);
}

static void take_record(struct paused *p, const struct rtvmm_request *r,
			enum rtvmm_record_type type, uint64_t subject)
{
	static uint8_t payload[RTVMM_FRAME_BYTES];
	struct rtvmm_record record;

	CU_ASSERT_EQUAL(recv(p->pair.peer, &record, sizeof(record), MSG_WAITALL), 176);
	CU_ASSERT_FATAL(record.header.payload_bytes <= sizeof(payload));
	if (record.header.payload_bytes)
		recv(p->pair.peer, payload, record.header.payload_bytes, MSG_WAITALL);
	CHECK_OK(vmm_peer_verify(&p->peer, r, type, subject, &record, payload));
	CU_ASSERT_EQUAL(record.header.generation, p->f->vm.last_generation);
}

static void take_head(struct paused *p, uint32_t records)
{
	int32_t head[2];

	CU_ASSERT_EQUAL(recv(p->pair.peer, head, sizeof(head), MSG_WAITALL), 8);
	CU_ASSERT_EQUAL(head[0], 0);
	CU_ASSERT_EQUAL(head[1], (int32_t)records);
}

TEST(connection, what_is_copied_in_a_pause_is_tagged_behind_it)
{
	static struct paused p;
	struct connection *c = &p.pair.c;

	pause_and_ask(&p);
	answer_all(&p);
	CU_ASSERT_FALSE(p.f->paused); /* and there is no tag yet */
	CU_ASSERT_TRUE(connection_has_untagged(c));
	CU_ASSERT_FALSE(connection_has_output(c));
	CU_ASSERT_TRUE(connection_wants_input(c));
	while (connection_has_untagged(c)) { /* a part at a time */
		CU_ASSERT_TRUE(connection_tag(c, 1));
		CU_ASSERT_TRUE(connection_send(c, 0));
	}
	CU_ASSERT_PTR_NULL(c->out);
	CU_ASSERT_FALSE(p.store.is_lent);
	for (int i = 0; i < 2; i++) {
		take_head(&p, 2);
		take_record(&p, &p.reads[i], RTVMM_RECORD_PAGE, 3);
		take_record(&p, &p.reads[i], RTVMM_RECORD_NOT_RAM, 16);
	}
	take_head(&p, 1);
	take_record(&p, &p.end, RTVMM_RECORD_SNAPSHOT, 0);
	end_paused(&p);
}

/* Nothing without a tag is sent, and no tag is made when the session has gone. */
TEST(connection, without_its_session_nothing_leaves)
{
	static struct paused p;
	char byte;

	pause_and_ask(&p);
	answer_all(&p);
	memset(&p.f->caller, 0, sizeof(p.f->caller));
	CU_ASSERT_TRUE(connection_tag(&p.pair.c, 1)); /* the head of an answer */
	CU_ASSERT_FALSE(connection_tag(&p.pair.c, 1));
	CU_ASSERT_TRUE(connection_send(&p.pair.c, 0));
	CU_ASSERT_EQUAL(recv(p.pair.peer, &byte, 1, MSG_DONTWAIT), 1);
	end_paused(&p);
}

/* Who closes a session gets what was asked for before, with its tags. */
TEST(connection, closing_the_session_does_not_lose_tags)
{
	static struct paused p;
	struct rtvmm_request r;
	struct call call;

	pause_and_ask(&p);
	answer_all(&p);
	r = vmm_peer_request(&p.peer, RTVMM_OP_CLOSE);
	call = (struct call){.core = &p.f->core, .vm = &p.f->vm};
	CU_ASSERT_EQUAL(send(p.pair.peer, &r, sizeof(r), 0), 56);
	CU_ASSERT_TRUE(connection_receive(&p.pair.c, 0));
	CU_ASSERT_TRUE_FATAL(connection_has_request(&p.pair.c));
	CU_ASSERT_TRUE(connection_answer(&p.pair.c, &call));
	CU_ASSERT_FALSE(connection_has_untagged(&p.pair.c));
	CU_ASSERT_TRUE(connection_send(&p.pair.c, 0));
	take_head(&p, 2);
	take_record(&p, &p.reads[0], RTVMM_RECORD_PAGE, 3);
	end_paused(&p);
}

TEST(connection, a_store_is_as_large_as_was_needed)
{
	struct store s;
	size_t most;

	CHECK_OK(store_open(&s));
	store_prepare(&s);
	CU_ASSERT_EQUAL(s.ready_bytes, STORE_FIRST_BYTES);
	for (int i = 0; i < 2; i++) { /* full twice in a pause */
		store_lend(&s);
		store_take_back(&s, STORE_FIRST_BYTES, 0);
	}
	store_prepare(&s);
	most = s.ready_bytes;
	CU_ASSERT_TRUE(most >= 2 * STORE_FIRST_BYTES && most < 3 * STORE_FIRST_BYTES);
	store_prepare(&s);
	CU_ASSERT_TRUE(s.ready_bytes < most && s.ready_bytes > most / 2);
	for (int i = 0; i < 100; i++)
		store_prepare(&s);
	CU_ASSERT_TRUE(s.ready_bytes < 2 * STORE_FIRST_BYTES);
	store_close(&s);
}

/* A pause that needs more than those before it does not wait for who takes the answers. */
TEST(connection, all_of_a_store_is_lent)
{
	static struct paused p;

	pause_and_ask(&p);
	CU_ASSERT_EQUAL(p.pair.c.out_room, STORE_BYTES);
	memset(p.pair.c.out + STORE_BYTES - 1, 1, 1);
	end_paused(&p);
}

TEST(connection, a_store_in_use_is_left_as_it_is)
{
	struct store s;

	CHECK_OK(store_open(&s));
	s.used_bytes = 2 * STORE_BYTES;
	s.drop_at_ns = 1;
	store_lend(&s);
	store_prepare(&s);
	store_tend(&s, UINT64_MAX);
	CU_ASSERT_EQUAL(s.used_bytes, 2 * STORE_BYTES);
	CU_ASSERT_EQUAL(s.drop_at_ns, 1);
	s.is_lent = false;
	store_tend(&s, UINT64_MAX);
	CU_ASSERT_EQUAL(s.drop_at_ns, 0);
	store_close(&s);
}

/* A store that is full takes no request before it is empty again. */
TEST(connection, a_full_store_takes_nothing)
{
	static struct paused p;

	pause_and_ask(&p);
	p.pair.c.out_room = CONNECTION_ANSWER_BYTES + 100;
	CU_ASSERT_TRUE(connection_receive(&p.pair.c, 0));
	CU_ASSERT_TRUE(connection_has_request(&p.pair.c));
	struct call call = {.core = &p.f->core, .vm = &p.f->vm};
	CU_ASSERT_TRUE(connection_answer(&p.pair.c, &call));
	CU_ASSERT_FALSE(connection_wants_input(&p.pair.c));
	CU_ASSERT_FALSE(connection_has_request(&p.pair.c));
	CU_ASSERT_TRUE(connection_tag(&p.pair.c, UINT_MAX));
	CU_ASSERT_TRUE(connection_send(&p.pair.c, 0));
	CU_ASSERT_TRUE(connection_wants_input(&p.pair.c));
	CU_ASSERT_TRUE(connection_has_request(&p.pair.c));
	end_paused(&p);
}
