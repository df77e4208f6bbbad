/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/trap/control.h"

TEST(control, messages_and_descriptors_arrive)
{
	int pair[2], pipes[2];
	struct control sent = control_of(CONTROL_TREE), got;
	bool open;
	char c = 0;

	CHECK_OK(control_pair(pair));
	CU_ASSERT_EQUAL(pipe(pipes), 0);
	sent.value = 42;
	strcpy(sent.text, "why");
	sent.fds[WORLD_ROOT] = pipes[0];
	sent.fds[WORLD_FILTER] = pipes[1];
	CHECK_OK(control_send(pair[1], &sent));
	CHECK_OK(control_receive(pair[0], &got, &open));
	CU_ASSERT_TRUE_FATAL(open);
	CU_ASSERT_EQUAL(got.kind, CONTROL_TREE);
	CU_ASSERT_EQUAL(got.value, 42);
	CU_ASSERT_STRING_EQUAL(got.text, "why");
	CU_ASSERT_TRUE(fcntl(got.fds[WORLD_ROOT], F_GETFD) & FD_CLOEXEC);
	CU_ASSERT_EQUAL(got.fds[WORLD_PROCFS], -1);
	CU_ASSERT_EQUAL(write(got.fds[WORLD_FILTER], "x", 1), 1);
	CU_ASSERT_EQUAL(read(pipes[0], &c, 1), 1);
	CU_ASSERT_EQUAL(c, 'x');
	for (int i = 0; i < 2; i++) {
		close(pipes[i]);
		close(pair[i]);
	}
	close(got.fds[WORLD_ROOT]);
	close(got.fds[WORLD_FILTER]);
}

TEST(control, without_descriptors_there_are_none)
{
	int pair[2];
	struct control sent = control_of(CONTROL_EXITED), got;
	bool open;

	CHECK_OK(control_pair(pair));
	CHECK_OK(control_send(pair[1], &sent));
	CHECK_OK(control_receive(pair[0], &got, &open));
	CU_ASSERT_EQUAL(got.fds[0], -1);
	CU_ASSERT_EQUAL(got.fds[1], -1);
	close(pair[1]);
	CHECK_OK(control_receive(pair[0], &got, &open));
	CU_ASSERT_FALSE(open);
	CHECK_ERR(control_send(pair[0], &sent), ERR_SYSTEM);
	close(pair[0]);
}

TEST(control, a_cut_message_is_an_error)
{
	int pair[2];
	struct control got;
	bool open;

	CHECK_OK(control_pair(pair));
	CU_ASSERT_EQUAL(write(pair[1], "abc", 3), 3);
	CHECK_ERR(control_receive(pair[0], &got, &open), ERR_SYSTEM);
	close(pair[0]);
	close(pair[1]);
}
