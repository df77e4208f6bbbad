/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/vmmd/connection.h"

#include <fcntl.h>
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
