/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_tasks.h"
#include "transcall/kobj/task.h"

#include <string.h>

static struct fake_guest g;
static gva_t leader, top;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_tasks_init(&g);
	top = kernel_symbol(&g.k, S_init_pid_ns);
	leader = fake_process(&g, 40, "leader");
}

TEST(task, is_read)
{
	gva_t thread;
	struct task t;

	set_up();
	thread = fake_thread(&g, leader, 41, "thread");
	fake_set(&g, thread, F_task_struct_flags, TASK_FLAG_EXITING);
	fake_set(&g, thread, F_task_struct_mm, FAKE_BASE);
	CHECK_OK(task_read(&g.k, thread, &t));
	CU_ASSERT_EQUAL(t.at.v, thread.v);
	CU_ASSERT_EQUAL(t.pid, 41);
	CU_ASSERT_EQUAL(t.tgid, 40);
	CU_ASSERT_EQUAL(t.flags, TASK_FLAG_EXITING);
	CU_ASSERT_EQUAL(t.mm.v, FAKE_BASE);
}

/* Those that borrow one (kthread_use_mm()) included. */
TEST(task, of_the_kernel_has_no_memory_of_its_own)
{
	struct task t;

	set_up();
	fake_set(&g, leader, F_task_struct_mm, FAKE_BASE);
	fake_set(&g, leader, F_task_struct_flags, TASK_FLAG_KTHREAD);
	CHECK_OK(task_read(&g.k, leader, &t));
	CU_ASSERT_TRUE(gva_is_null(t.mm));
}

TEST(task, that_is_not_mapped_is_a_fault)
{
	struct task t;

	set_up();
	CHECK_ERR(task_read(&g.k, gva(0), &t), ERR_FAULT);
	CHECK_ERR(task_read(&g.k, gva(FAKE_BASE + FAKE_BYTES), &t), ERR_FAULT);
}

TEST(task, name_without_an_end_is_cut)
{
	char name[TASK_NAME_BYTES];
	struct task t;

	set_up();
	fake_write(&g, kfield_at(&g.k, leader, F_task_struct_comm), "0123456789abcdef", 16);
	CHECK_OK(task_read(&g.k, leader, &t));
	CHECK_OK(task_name(&g.k, &t, name));
	CU_ASSERT_STRING_EQUAL(name, "0123456789abcdef");
}

TEST(task, name_of_a_kernel_thread_may_be_longer)
{
	char name[TASK_NAME_BYTES];
	gva_t kthread;
	struct task t;

	set_up();
	fake_field(&g, F_kthread_full_name, 0, 8);
	kthread = fake_alloc(&g, 8, 8);
	fake_set(&g, kthread, F_kthread_full_name, fake_str(&g, "a name of many words").v);
	fake_set(&g, leader, F_task_struct_worker_private, kthread.v);
	fake_set(&g, leader, F_task_struct_flags, TASK_FLAG_KTHREAD);
	CHECK_OK(task_read(&g.k, leader, &t));
	CHECK_OK(task_name(&g.k, &t, name));
	CU_ASSERT_STRING_EQUAL(name, "a name of many words");
	fake_set(&g, leader, F_task_struct_worker_private, 0);
	CHECK_OK(task_name(&g.k, &t, name));
	CU_ASSERT_STRING_EQUAL(name, "leader");
	fake_set(&g, leader, F_task_struct_worker_private, 64);
	CHECK_ERR(task_name(&g.k, &t, name), ERR_FAULT);
}

TEST(task, state_has_the_letter_of_its_highest_bit)
{
	static const struct {
		uint32_t state, exit_state;
		char letter;
	} cases[] = {
		{0, 0, 'R'},      {1, 0, 'S'},          {2, 0, 'D'},     {4, 0, 'T'},
		{8, 0, 't'},      {0, 0x10, 'X'},       {0, 0x20, 'Z'},  {0x40, 0, 'P'},
		{0x402, 0, 'I'},  {0x102, 0, 'D'},      {0x104, 0, 'T'}, {0x1000, 0, 'D'},
		{0x8000, 0, 'D'}, {0x2002, 0, 'D'},     {0x80, 0, 'R'},  {0, 0x30, 'Z'},
		{0x800, 0, 'R'},  {UINT32_MAX, 0, 'D'},
	};
	const char *text;
	struct task t;

	set_up();
	CHECK_OK(task_read(&g.k, leader, &t));
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_set(&g, leader, F_task_struct_state, cases[i].state);
		fake_set(&g, leader, F_task_struct_exit_state, cases[i].exit_state);
		CHECK_OK(task_state(&g.k, &t, &text));
		CU_ASSERT_EQUAL(*text, cases[i].letter);
	}
}

TEST(task, threads_are_walked_in_order)
{
	struct list_iter it;
	gva_t thread[2], at;
	struct task t;

	set_up();
	thread[0] = fake_thread(&g, leader, 50, "a");
	thread[1] = fake_thread(&g, leader, 41, "b");
	CHECK_OK(task_read(&g.k, thread[1], &t));
	CHECK_OK(task_threads_init(&it, &g.k, &t));
	CHECK_OK(task_threads_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, leader.v);
	for (unsigned i = 0; i < 2; i++) {
		CHECK_OK(task_threads_next(&it, &g.k, &at));
		CU_ASSERT_EQUAL(at.v, thread[i].v);
	}
	CHECK_OK(task_threads_next(&it, &g.k, &at));
	CU_ASSERT_TRUE(gva_is_null(at));
}

TEST(task, parent_is_told_by_its_process)
{
	gva_t child, thread;
	struct task t;
	int32_t ppid;

	set_up();
	thread = fake_thread(&g, leader, 41, "thread");
	child = fake_process(&g, 60, "child");
	fake_set(&g, child, F_task_struct_real_parent, thread.v);
	CHECK_OK(task_read(&g.k, child, &t));
	CHECK_OK(task_ppid(&g.k, &t, top, &ppid));
	CU_ASSERT_EQUAL(ppid, 40);
	/* not seen from a namespace that the parent is not in */
	CHECK_OK(task_ppid(&g.k, &t, fake_pid_ns(&g, top), &ppid));
	CU_ASSERT_EQUAL(ppid, 0);
	/* and unknown of one that was reaped */
	fake_set(&g, child, F_task_struct_thread_pid, 0);
	CHECK_OK(task_ppid(&g.k, &t, top, &ppid));
	CU_ASSERT_EQUAL(ppid, 0);
}

TEST(task, tracer_is_its_parent_while_it_is_traced)
{
	gva_t child, tracer;
	struct task t;
	int32_t pid;

	set_up();
	child = fake_process(&g, 60, "child");
	tracer = fake_thread(&g, leader, 41, "tracer");
	fake_set(&g, child, F_task_struct_parent, tracer.v);
	CHECK_OK(task_read(&g.k, child, &t));
	CHECK_OK(task_tracer(&g.k, &t, top, &pid));
	CU_ASSERT_EQUAL(pid, 0);
	fake_set(&g, child, F_task_struct_ptrace, 1);
	CHECK_OK(task_tracer(&g.k, &t, top, &pid));
	CU_ASSERT_EQUAL(pid, 41);
}

TEST(task, namespace_is_its_innermost)
{
	gva_t inner, pid, ns;

	set_up();
	inner = fake_pid_ns(&g, top);
	pid = fake_pid(&g, (const gva_t[]){top, inner}, (const uint32_t[]){61, 1}, 2);
	fake_pid_attach(&g, pid, leader, 0);
	CHECK_OK(task_pid_ns(&g.k, leader, &ns));
	CU_ASSERT_EQUAL(ns.v, inner.v);
	fake_set(&g, leader, F_task_struct_thread_pid, 0);
	CHECK_ERR(task_pid_ns(&g.k, leader, &ns), ERR_ABSENT);
}
