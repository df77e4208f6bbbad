/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests to a running remotetransd, below sessions. */
#include "remotetrans/client/handshake.h"
#include "remotetrans/client/link.h"
#include "remotetrans/client/session.h"
#include "tests/lib/unit.h"
#include "tests/unit/server/world.h"

#include <string.h>

static struct world world;

static const struct err *count_vm(void *context, const struct msg_vm *vm)
{
	unsigned *seen = context;

	CU_ASSERT_STRING_NOT_EQUAL(vm->name, "bobs");
	CU_ASSERT_EQUAL(vm->flags & WIRE_VM_TAGGED, strcmp(vm->name, "image") ? WIRE_VM_TAGGED : 0);
	++*seen;
	return NULL;
}

TEST(requests, list_shows_what_is_allowed)
{
	unsigned seen = 0;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(link_list(&l, count_vm, &seen));
	CU_ASSERT_EQUAL(seen, 3);
	link_deinit(&l);
	world_stop(&world);
}

TEST(requests, requests_without_a_vm_are_refused)
{
	struct msg_info m = {{0}};
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(frame_send_info(&l.stream, 1, &m, stream_after_ms(1000)));
	check_says(link_receive(&l, 1, 1u << MSG_DONE, stream_after_ms(2000), &f), ERR_PEER,
		   "no VM is open");
	CU_ASSERT_EQUAL(l.refusal, WIRE_ERROR_BAD_REQUEST);
	link_deinit(&l);
	world_stop(&world);
}

TEST(requests, another_version_is_refused)
{
	const struct msg_hello m = {.version = WIRE_VERSION + 1};
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(frame_send_hello(&l.stream, 1, &m, stream_after_ms(1000)));
	check_says(link_receive(&l, 1, 1u << MSG_DONE, stream_after_ms(2000), &f), ERR_PEER,
		   "another version");
	CU_ASSERT_EQUAL(l.refusal, WIRE_ERROR_VERSION);
	link_deinit(&l);
	world_stop(&world);
}

TEST(requests, one_vm_per_connection)
{
	struct handshake h;
	struct msg_open m = {.vm = "tagged"};
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(handshake_init(&h));
	memcpy(m.request, h.request, sizeof(m.request));
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(frame_send_open(&l.stream, 1, &m, stream_after_ms(1000)));
	CHECK_OK(link_receive(&l, 1, 1u << MSG_OPEN_REPLY, stream_after_ms(2000), &f));
	CHECK_OK(frame_send_open(&l.stream, 2, &m, stream_after_ms(1000)));
	check_says(link_receive(&l, 2, 1u << MSG_OPEN_REPLY, stream_after_ms(2000), &f), ERR_PEER,
		   "second OPEN");
	handshake_deinit(&h);
	link_deinit(&l);
	world_stop(&world);
}

TEST(requests, garbage_ends_the_connection_only)
{
	static const uint8_t garbage[] = {0xff, 0xff, 0xff, 0xff, 1, 0, 1, 0};
	struct session *s;
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(stream_write(&l.stream, garbage, sizeof(garbage), stream_after_ms(1000)));
	CHECK_ERR(link_receive(&l, 1, 1u << MSG_DONE, stream_after_ms(2000), &f), ERR_PEER);
	link_deinit(&l);
	CHECK_OK(session_open(&t, NULL, 0, &s)); /* others are served on */
	session_close(s);
	world_stop(&world);
}
