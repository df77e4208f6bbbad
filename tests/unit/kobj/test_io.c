/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/io.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_tasks.h"

static struct fake_guest g;
static struct task t;
static gva_t leader, thread;

/* A process of two threads. */
static void set_up(void)
{
	static const enum field_id members[] = {F_task_io_accounting_rchar,
						F_task_io_accounting_wchar,
						F_task_io_accounting_syscr,
						F_task_io_accounting_syscw,
						F_task_io_accounting_read_bytes,
						F_task_io_accounting_write_bytes,
						F_task_io_accounting_cancelled_write_bytes};

	fake_guest_init(&g);
	fake_tasks_init(&g);
	for (unsigned i = 0; i < 7; i++)
		fake_field(&g, members[i], 8 * i, 8);
	fake_field(&g, F_task_struct_ioac, 256, 56);
	fake_field(&g, F_signal_struct_ioac, 256, 56);
	leader = fake_process(&g, 7, "a");
	thread = fake_thread(&g, leader, 8, "b");
	CHECK_OK(task_read(&g.k, leader, &t));
}

static void read_set(gva_t task, uint64_t bytes)
{
	fake_set(&g, kfield_at(&g.k, task, F_task_struct_ioac), F_task_io_accounting_read_bytes,
		 bytes);
}

TEST(io, a_process_is_all_its_threads)
{
	struct io_counters c;

	set_up();
	read_set(leader, 10);
	read_set(thread, 300);
	CHECK_OK(io_read_counters(&g.k, &t, false, &c));
	CU_ASSERT_EQUAL(c.read_bytes, 10);
	CHECK_OK(io_read_counters(&g.k, &t, true, &c));
	CU_ASSERT_EQUAL(c.read_bytes, 310);
}

TEST(io, threads_that_loop_are_a_race)
{
	struct io_counters c;
	gva_t link;

	set_up();
	link = kfield_at(&g.k, thread, F_task_struct_thread_node);
	fake_u64(&g, link, link.v);
	CHECK_ERR(io_read_counters(&g.k, &t, true, &c), ERR_RACE);
	t.signal = gva(8);
	CHECK_ERR(io_read_counters(&g.k, &t, true, &c), ERR_FAULT);
}
