/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/runqueue.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

enum { PRIORITIES = 100 };

static struct fake_guest g;
static struct runqueue_iter it;
static gva_t rq;

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_rq_curr, 8}, {F_rq_cfs_tasks, 16}, {F_rq_rt_queue, 16 * PRIORITIES},
		     {F_rq_dl_root, 8});
	FAKE_MEMBERS(&g, {F_task_struct_fair_node, 16}, {F_task_struct_rt_node, 16},
		     {F_task_struct_rt_group, 8}, {F_task_struct_dl_node, 32},
		     {F_task_struct_dl_is_server, 1});
	FAKE_MEMBERS(&g, {F_rb_node_right, 8}, {F_rb_node_left, 8});
	fake_variable(&g, S___cpu_possible_mask, 1);
	rq = fake_symbol(&g, S_runqueues, FAKE_OBJECT_BYTES);
	fake_list(&g, kfield_at(&g.k, rq, F_rq_cfs_tasks));
	for (unsigned i = 0; i < PRIORITIES; i++)
		fake_list(&g, gva_add(kfield_at(&g.k, rq, F_rq_rt_queue), 16 * i));
	fake_set(&g, rq, F_rq_curr, fake_object(&g).v);
}

static gva_t current(void)
{
	gva_t task;

	CHECK_OK(kfield_ptr(&g.k, rq, F_rq_curr, &task));
	return task;
}

static gva_t fair_add(void)
{
	gva_t task = fake_object(&g);

	fake_list_add(&g, kfield_at(&g.k, rq, F_rq_cfs_tasks),
		      kfield_at(&g.k, task, F_task_struct_fair_node));
	return task;
}

static gva_t rt_add(unsigned priority)
{
	gva_t task = fake_object(&g);

	fake_list_add(&g, gva_add(kfield_at(&g.k, rq, F_rq_rt_queue), 16 * priority),
		      kfield_at(&g.k, task, F_task_struct_rt_node));
	return task;
}

static void expect(gva_t task, bool is_end)
{
	gva_t found;
	bool end;

	CHECK_OK(runqueue_iter_next(&it, &g.k, &found, &end));
	CU_ASSERT_EQUAL(found.v, task.v);
	CU_ASSERT_EQUAL(end, is_end);
}

TEST(runqueue, all_classes_of_a_cpu)
{
	gva_t fair, rt[3], deadline = gva(0);

	set_up();
	fair = fair_add();
	rt[0] = rt_add(0);
	rt[1] = rt_add(99);
	rt[2] = rt_add(99);
	deadline = fake_object(&g);
	fake_set(&g, rq, F_rq_dl_root, kfield_at(&g.k, deadline, F_task_struct_dl_node).v);
	CHECK_OK(runqueue_iter_init(&it, &g.k));
	expect(current(), false);
	expect(fair, false);
	for (unsigned i = 0; i < 3; i++)
		expect(rt[i], false);
	expect(deadline, false);
	expect(gva(0), true);
	expect(gva(0), true);
}

TEST(runqueue, groups_and_servers_are_no_tasks)
{
	gva_t group, server;

	set_up();
	group = rt_add(5);
	fake_set(&g, group, F_task_struct_rt_group, 1);
	server = fake_object(&g);
	fake_set(&g, server, F_task_struct_dl_is_server, 1);
	fake_set(&g, rq, F_rq_dl_root, kfield_at(&g.k, server, F_task_struct_dl_node).v);
	CHECK_OK(runqueue_iter_init(&it, &g.k));
	expect(current(), false);
	expect(gva(0), false);
	expect(gva(0), false);
	expect(gva(0), true);
}

TEST(runqueue, cpus_that_cannot_be_have_none)
{
	set_up();
	fake_u64(&g, gva(g.p.symbols[S___cpu_possible_mask]), 0);
	CHECK_OK(runqueue_iter_init(&it, &g.k));
	expect(gva(0), true);
}

TEST(runqueue, after_what_loops_comes_the_next_class)
{
	gva_t found, link, rt;
	bool end;

	set_up();
	link = kfield_at(&g.k, fair_add(), F_task_struct_fair_node);
	fake_u64(&g, link, link.v);
	rt = rt_add(1);
	CHECK_OK(runqueue_iter_init(&it, &g.k));
	expect(current(), false);
	CHECK_OK(runqueue_iter_next(&it, &g.k, &found, &end));
	CHECK_ERR(runqueue_iter_next(&it, &g.k, &found, &end), ERR_RACE);
	expect(rt, false);
	expect(gva(0), true);
}

TEST(runqueue, what_is_nowhere_is_a_fault)
{
	gva_t found;
	bool end;

	set_up();
	CHECK_OK(runqueue_iter_init(&it, &g.k));
	fake_symbol_at(&g, S_runqueues, gva(8));
	CHECK_ERR(runqueue_iter_next(&it, &g.k, &found, &end), ERR_FAULT);
}
