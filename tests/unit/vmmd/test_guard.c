/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/vmmd/fake_qmp.h"
#include "vmm/vmmd/guard.h"
#include "vmm/vmmd/guard_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000ull

static uint64_t in_ms(uint64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec + ms * MS;
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

TEST(guard, resumes_at_the_deadline)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	struct guard g;

	guard_init(&g, f->path);
	CHECK_OK(guard_ensure(&g));
	CHECK_OK(guard_arm(&g, in_ms(100)));
	sleep_ms(40);
	CU_ASSERT_EQUAL(f->conts, 0);
	CU_ASSERT_TRUE(fake_qmp_await(&f->conts, 1));
	CHECK_OK(guard_disarm(&g));
	guard_close(&g);
	CU_ASSERT_EQUAL(f->conts, 1);
	fake_qmp_stop(f);
}

TEST(guard, disarmed_leaves_the_vm_alone)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	struct guard g;

	guard_init(&g, f->path);
	CHECK_OK(guard_ensure(&g));
	CHECK_OK(guard_arm(&g, in_ms(60)));
	CHECK_OK(guard_disarm(&g));
	sleep_ms(120);
	guard_close(&g);
	CU_ASSERT_EQUAL(f->conts, 0);
	fake_qmp_stop(f);
}

/* vmmd's end of the socket closes when it dies, however it dies. */
TEST(guard, resumes_when_vmmd_dies)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	pid_t vmmd = fork();

	if (vmmd == 0) {
		struct guard g;

		guard_init(&g, f->path);
		if (guard_ensure(&g) || guard_arm(&g, in_ms(60000)))
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	waitpid(vmmd, NULL, 0);
	CU_ASSERT_TRUE(fake_qmp_await(&f->conts, 1));
	fake_qmp_stop(f);
}

TEST(guard, dead_one_is_replaced)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	struct guard g;
	pid_t first;

	guard_init(&g, f->path);
	CHECK_OK(guard_ensure(&g));
	first = g.pid;
	CHECK_OK(guard_ensure(&g));
	CU_ASSERT_EQUAL(g.pid, first);
	kill(first, SIGKILL);
	sleep_ms(50);
	CHECK_OK(guard_ensure(&g));
	CU_ASSERT_NOT_EQUAL(g.pid, first);
	CU_ASSERT_EQUAL(g.replaced, 1);
	CHECK_OK(guard_arm(&g, in_ms(60)));
	CU_ASSERT_TRUE(fake_qmp_await(&f->conts, 1));
	kill(g.pid, SIGKILL);
	sleep_ms(50);
	CHECK_ERR(guard_arm(&g, in_ms(60)), ERR_PEER); /* no pause without a guard */
	guard_close(&g);
	fake_qmp_stop(f);
}

TEST(guard, refused_resume_is_tried_again)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	struct guard g;

	guard_init(&g, f->path);
	f->refuse_cont = true;
	CHECK_OK(guard_ensure(&g));
	CHECK_OK(guard_arm(&g, in_ms(10)));
	CU_ASSERT_TRUE(fake_qmp_await(&f->conts, 3));
	f->refuse_cont = false;
	CHECK_OK(guard_disarm(&g));
	guard_close(&g);
	fake_qmp_stop(f);
}

TEST(guard, needs_a_connection_of_its_own)
{
	struct guard g;

	guard_init(&g, "/nonexistent/qmp");
	CHECK_ERR(guard_ensure(&g), ERR_PEER);
	CHECK_ERR(guard_arm(&g, in_ms(10)), ERR_PEER);
	guard_close(&g);
}
