/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU is asked before a pause. This one has no sound answer to the three questions, so a
 * pause that asks them fails, and stops nothing.
 */
#include "tests/lib/unit.h"
#include "tests/unit/vmmd/fake_qmp.h"
#include "vmm/vmmd/host.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NS_PER_S   UINT64_C(1000000000)
#define STOP_CALLS 2 /* the command, and the registers behind it */

static struct {
	struct fake_qmp *qemu, *guards; /* the same QEMU, by two sockets */
	struct host_config config;
	struct host h;
} at;

/* As if it had just been found running. */
static void know(void)
{
	struct host *h = &at.h;

	h->checked_ns = host_ops.now_ns(h);
	h->checked_others = h->qmp.others;
	h->checked_pauses = h->qmp.stops - h->qmp.resumes;
}

static void set_up(void)
{
	memset(&at, 0, sizeof(at));
	at.qemu = fake_qmp_start(fake_qmp_greeting);
	at.guards = fake_qmp_start(fake_qmp_greeting);
	at.config.guard_qmp_path = at.guards->path;
	host_init(&at.h, &at.config);
	CHECK_OK(qmp_open(&at.h.qmp, at.qemu->path));
	at.h.state_fd = memfd_create("state", MFD_CLOEXEC);
	at.h.state_write_fd = dup(at.h.state_fd);
	know();
}

static void tear_down(void)
{
	host_deinit(&at.h);
	fake_qmp_stop(at.qemu);
	fake_qmp_stop(at.guards);
}

static int pause_vm(void)
{
	return host_ops.pause(&at.h, host_ops.now_ns(&at.h) + 60 * NS_PER_S);
}

static void check_asks(void)
{
	CU_ASSERT_EQUAL(pause_vm(), -RTVMM_EIO);
	CU_ASSERT_EQUAL(at.qemu->stops, 0);
	CU_ASSERT_EQUAL(at.h.checked_ns, 0); /* nor is anything known now */
	tear_down();
}

TEST(host, nothing_is_asked_of_a_vm_that_is_known_to_run)
{
	set_up();
	for (int pauses = 1; pauses <= 2; pauses++) {
		int before = at.qemu->commands;

		CU_ASSERT_EQUAL(pause_vm(), 0);
		CU_ASSERT_TRUE(fake_qmp_await(&at.qemu->commands, before + STOP_CALLS));
		CU_ASSERT_EQUAL(at.qemu->commands, before + STOP_CALLS);
		CU_ASSERT_EQUAL(at.qemu->stops, pauses);
		CU_ASSERT_EQUAL(host_ops.resume(&at.h), 0);
		CU_ASSERT_EQUAL(at.qemu->conts, pauses);
	}
	tear_down();
}

TEST(host, what_was_never_looked_at_is_asked_for)
{
	set_up();
	at.h.checked_ns = 0;
	check_asks();
}

TEST(host, what_was_known_ten_seconds_ago_is_asked_for)
{
	set_up();
	at.h.checked_ns -= 10 * NS_PER_S;
	check_asks();
}

TEST(host, after_an_event_of_another_kind_all_is_asked_for)
{
	set_up();
	CHECK_OK(qmp_execute(&at.h.qmp, "say-other", NULL, NULL));
	check_asks();
}

/* Somebody else has it paused: it is not known to run. */
TEST(host, during_the_pause_of_another_all_is_asked_for)
{
	set_up();
	CHECK_OK(qmp_execute(&at.h.qmp, "say-stop", NULL, NULL));
	check_asks();
}
