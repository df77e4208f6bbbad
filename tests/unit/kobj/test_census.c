/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_census.h"
#include "transcall/kobj/census.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/task.h"

#include <string.h>

#define BIT(view) (1u << CENSUS_##view)
#define TASK_NEW  0x800u
#define EXIT_DEAD 0x10u

static struct fake_guest g;
static struct census c;
static gva_t idle, init, kthreadd, shell, child, thread, top;

/* 1 (init), 2 (kthreadd), 20 (shell, with thread 21), 30, which is the shell's child. */
static void set_up(void)
{
	fake_guest_init(&g);
	fake_tasks_init(&g);
	fake_census_init(&g);
	idle = kernel_symbol(&g.k, S_init_task);
	top = kernel_symbol(&g.k, S_init_pid_ns);
	fake_census_process(&g, init = fake_process(&g, 1, "init"), idle);
	fake_census_process(&g, kthreadd = fake_process(&g, 2, "kthreadd"), idle);
	fake_census_process(&g, shell = fake_process(&g, 20, "shell"), init);
	fake_census_thread(&g, thread = fake_thread(&g, shell, 21, "helper"), shell);
	fake_census_process(&g, child = fake_process(&g, 30, "child"), shell);
}

static void tear_down(void)
{
	census_deinit(&c);
}

static gva_t at(gva_t object, enum field_id id)
{
	return kfield_at(&g.k, object, id);
}

static uint16_t lacks(gva_t task)
{
	const struct census_task *t = census_find(&c, task);

	CU_ASSERT_PTR_NOT_NULL(t);
	return t ? census_lacks(&c, t) : 0xffff;
}

/* Of all tasks, only @task lacks, and only @expected. */
static void only(gva_t task, uint16_t expected)
{
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_EQUAL(c.count, 5);
	for (uint32_t i = 0; i < c.count; i++)
		CU_ASSERT_EQUAL(census_lacks(&c, &c.tasks[i]),
				gva_equal(c.tasks[i].at, task) ? expected : 0);
	CU_ASSERT_TRUE(census_is_whole(&c));
	c.mixed = true;
	CU_ASSERT_FALSE(census_is_whole(&c));
	tear_down();
}

TEST(census, has_each_task_where_it_should_be)
{
	static const uint32_t members[CENSUS_VIEWS] = {
		[CENSUS_IDR] = 5,      [CENSUS_TASKS] = 4,   [CENSUS_THREADS] = 5,
		[CENSUS_CHILDREN] = 4, [CENSUS_PGRP] = 4,    [CENSUS_SESSION] = 4,
		[CENSUS_LISTED] = 4,   [CENSUS_CGROUPS] = 5, [CENSUS_QUEUES] = 0,
		[CENSUS_NAMED] = 2,
	};

	set_up();
	only(gva(0), 0);
	CHECK_OK(census_take(&c, &g.k, false));
	for (unsigned v = 0; v < CENSUS_VIEWS; v++)
		CU_ASSERT_EQUAL(c.walks[v].tasks, members[v]);
	CU_ASSERT_STRING_EQUAL(census_find(&c, thread)->comm, "helper");
	CU_ASSERT_EQUAL(census_find(&c, thread)->tgid, 20);
	CU_ASSERT_PTR_NULL(census_find(&c, idle));
	tear_down();
}

TEST(census, sees_who_is_out_of_the_task_list)
{
	set_up();
	fake_list_del(&g, at(child, F_task_struct_tasks));
	only(child, BIT(TASKS));
}

TEST(census, sees_who_is_out_of_the_idr)
{
	set_up();
	fake_pid_replace(&g, top, 30, 0);
	only(child, BIT(IDR) | BIT(LISTED));
	set_up();
	fake_pid_replace(&g, top, 21, 0);
	only(thread, BIT(IDR));
}

/* /proc finds it by its number and does not list it. */
TEST(census, sees_who_is_left_out_of_the_listing)
{
	gva_t pid;

	set_up();
	CHECK_OK(pid_of_task(&g.k, child, PID_KIND_PID, &pid));
	fake_u64(&g, gva_add(at(pid, F_pid_tasks), 8 * PID_KIND_TGID), 0);
	only(child, BIT(LISTED));
}

TEST(census, sees_who_is_passed_off_as_idle)
{
	set_up();
	fake_set(&g, fake_rq(&g), F_rq_idle, child.v);
	fake_list_del(&g, at(child, F_task_struct_tasks));
	only(child, BIT(TASKS));
}

TEST(census, sees_who_is_in_the_idr_under_another_number)
{
	set_up();
	fake_pid_replace(&g, top, 40, fake_pid_replace(&g, top, 21, 0));
	only(thread, BIT(IDR));
	/* the right one besides a wrong one counts */
	set_up();
	uint64_t pid = fake_pid_replace(&g, top, 21, 0);
	fake_pid_replace(&g, top, 21, pid);
	fake_pid_replace(&g, top, 40, pid);
	only(gva(0), 0);
}

TEST(census, sees_who_is_out_of_other_views)
{
	static const uint16_t links[] = {BIT(THREADS), BIT(CHILDREN), BIT(CGROUPS)};
	static const enum field_id nodes[] = {F_task_struct_thread_node, F_task_struct_sibling,
					      F_task_struct_cg_list};

	for (size_t i = 0; i < 3; i++) {
		set_up();
		fake_list_del(&g, at(child, nodes[i]));
		only(child, links[i]);
	}
	/* the head of init's process group goes on behind it */
	set_up();
	gva_t pid;
	CHECK_OK(pid_of_task(&g.k, child, PID_KIND_PGID, &pid));
	fake_u64(&g, gva_add(at(pid, F_pid_tasks), 8 * PID_KIND_PGID),
		 gva_add(at(shell, F_task_struct_pid_links), 16 * PID_KIND_PGID).v);
	only(child, BIT(PGRP));
}

/* Nothing but the shell's list of children knows it. */
TEST(census, finds_who_is_in_a_single_view)
{
	set_up();
	fake_list_del(&g, at(child, F_task_struct_tasks));
	fake_list_del(&g, at(child, F_task_struct_cg_list));
	fake_pid_replace(&g, top, 30, 0);
	only(child, BIT(TASKS) | BIT(CGROUPS) | BIT(IDR) | BIT(LISTED));
}

TEST(census, finds_who_is_only_named_by_others)
{
	gva_t mm, hidden;

	set_up();
	mm = fake_alloc(&g, 64, 64);
	hidden = fake_process(&g, 50, "hidden");
	fake_list(&g, at(hidden, F_task_struct_children));
	fake_pid_replace(&g, top, 50, 0);
	fake_set(&g, mm, F_mm_struct_owner, hidden.v);
	fake_set(&g, child, F_task_struct_mm, mm.v);
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_EQUAL(c.count, 6);
	CU_ASSERT(lacks(hidden) & BIT(IDR));
	CU_ASSERT(lacks(hidden) & BIT(TASKS));
	tear_down();
}

TEST(census, exiting_tasks_have_left_their_control_group)
{
	set_up();
	fake_list_del(&g, at(child, F_task_struct_cg_list));
	fake_set(&g, child, F_task_struct_flags, TASK_FLAG_EXITING);
	only(gva(0), 0);
	/* and nothing else */
	fake_list_del(&g, at(child, F_task_struct_tasks));
	only(child, BIT(TASKS));
}

TEST(census, knows_who_is_on_its_way_in_or_out)
{
	set_up();
	fake_set(&g, child, F_task_struct_state, TASK_NEW);
	fake_set(&g, shell, F_task_struct_exit_state, EXIT_DEAD);
	fake_set(&g, kthreadd, F_task_struct_exit_state, 0x20); /* a zombie stays for long */
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_TRUE(census_is_moving(census_find(&c, child)));
	CU_ASSERT_TRUE(census_is_moving(census_find(&c, shell)));
	CU_ASSERT_FALSE(census_is_moving(census_find(&c, kthreadd)));
	tear_down();
}

/* --- lists that lie ------------------------------------------------------------------------- */

static void is_cut(enum census_view view)
{
	CHECK_ERR(census_take(&c, &g.k, false), ERR_RACE);
	CHECK_OK(census_take(&c, &g.k, true));
	for (unsigned v = 0; v < CENSUS_VIEWS; v++)
		CU_ASSERT_EQUAL(*c.walks[v].cut != 0, v == view);
	CU_ASSERT_FALSE(census_is_whole(&c));
	CU_ASSERT_EQUAL(c.count, 5);
	for (uint32_t i = 0; i < c.count; i++) /* the others agree; this one says nothing */
		CU_ASSERT_EQUAL(census_lacks(&c, &c.tasks[i]), 0);
	tear_down();
}

TEST(census, a_list_that_loops_is_cut_and_the_others_go_on)
{
	static const enum field_id nodes[] = {F_task_struct_tasks, F_task_struct_sibling,
					      F_task_struct_thread_node, F_task_struct_cg_list};
	static const enum census_view views[] = {CENSUS_TASKS, CENSUS_CHILDREN, CENSUS_THREADS,
						 CENSUS_CGROUPS};

	for (size_t i = 0; i < 4; i++) {
		set_up();
		fake_u64(&g, at(shell, nodes[i]), at(shell, nodes[i]).v);
		is_cut(views[i]);
	}
}

TEST(census, a_group_that_loops_is_cut)
{
	gva_t link;

	set_up();
	link = gva_add(at(shell, F_task_struct_pid_links), 16 * PID_KIND_SID);
	fake_u64(&g, link, link.v);
	is_cut(CENSUS_SESSION);
}

TEST(census, a_list_into_nothing_is_cut)
{
	set_up();
	fake_u64(&g, at(shell, F_task_struct_tasks), FAKE_BASE + FAKE_BYTES);
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_NOT_EQUAL(*c.walks[CENSUS_TASKS].cut, 0);
	CU_ASSERT_EQUAL(lacks(child), 0);
	CU_ASSERT_EQUAL(c.count, 5);
	tear_down();
}

TEST(census, sets_of_control_groups_that_are_too_few_are_seen)
{
	set_up();
	fake_u32(&g, kernel_symbol(&g.k, S_css_set_count), 2);
	is_cut(CENSUS_CGROUPS);
}

TEST(census, an_unreadable_task_is_counted_and_the_walk_goes_on)
{
	uint32_t number = 25;
	gva_t pid;

	set_up();
	pid = fake_pid(&g, &top, &number, 1);
	fake_u64(&g, at(pid, F_pid_tasks), FAKE_BASE + FAKE_BYTES + 4096);
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_EQUAL(c.walks[CENSUS_IDR].unreadable, 1);
	CU_ASSERT_EQUAL(c.walks[CENSUS_IDR].tasks, 5);
	CU_ASSERT_FALSE(census_is_whole(&c));
	tear_down();
}

/* A list that leads into another one never comes back to its head. */
TEST(census, crossed_lists_end)
{
	set_up();
	fake_u64(&g, at(child, F_task_struct_children), at(shell, F_task_struct_sibling).v);
	CHECK_OK(census_take(&c, &g.k, true));
	CU_ASSERT_NOT_EQUAL(*c.walks[CENSUS_CHILDREN].cut, 0);
	CU_ASSERT_EQUAL(lacks(shell), 0);
	CU_ASSERT_EQUAL(lacks(child), 0);
	tear_down();
}

TEST(census, the_table_grows)
{
	static const char name[] = "one of many";
	gva_t last = gva(0);

	set_up();
	for (uint32_t i = 0; i < 700; i++) {
		last = fake_process(&g, 100 + i, name);
		fake_census_process(&g, last, kthreadd);
	}
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_EQUAL(c.count, 705);
	CU_ASSERT_EQUAL(lacks(last), 0);
	for (uint32_t i = 0; i < c.count; i++)
		CU_ASSERT_PTR_EQUAL(census_find(&c, c.tasks[i].at), &c.tasks[i]);
	tear_down();
}

/* --- run queues and sets of control groups ---------------------------------------------------- */

static bool queued(gva_t task)
{
	const struct census_task *t = census_find(&c, task);

	return t && t->views & BIT(QUEUES);
}

TEST(census, run_queues_have_who_is_queued_and_who_runs)
{
	set_up();
	fake_set(&g, fake_rq(&g), F_rq_curr, init.v);
	fake_queue_fair(&g, shell);
	fake_queue_rt(&g, thread, 0);
	fake_queue_rt(&g, kthreadd, 3);
	fake_queue_deadline(&g, child, false);
	only(gva(0), 0);
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_EQUAL(c.walks[CENSUS_QUEUES].tasks, 5);
	tear_down();
}

TEST(census, a_hidden_task_that_is_queued_is_found)
{
	gva_t hidden;

	set_up();
	hidden = fake_process(&g, 60, "hidden");
	fake_list(&g, at(hidden, F_task_struct_children));
	fake_pid_replace(&g, top, 60, 0);
	fake_queue_fair(&g, hidden);
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_TRUE(queued(hidden));
	CU_ASSERT(lacks(hidden) & BIT(IDR));
	tear_down();
}

TEST(census, groups_and_servers_on_a_queue_are_no_tasks)
{
	gva_t server, group;

	set_up();
	server = fake_alloc(&g, 512, 64);
	group = fake_alloc(&g, 512, 64);
	fake_queue_deadline(&g, server, true);
	fake_queue_deadline(&g, child, false);
	fake_set(&g, group, F_task_struct_rt_group, 1);
	fake_queue_rt(&g, group, 1);
	fake_queue_rt(&g, shell, 1);
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_EQUAL(c.count, 5);
	CU_ASSERT_TRUE(queued(child));
	CU_ASSERT_TRUE(queued(shell));
	tear_down();
}

TEST(census, a_queue_that_loops_is_cut)
{
	gva_t node;

	set_up();
	fake_queue_fair(&g, shell);
	node = at(shell, F_task_struct_fair_node);
	fake_u64(&g, node, node.v);
	is_cut(CENSUS_QUEUES);
	set_up();
	fake_queue_deadline(&g, shell, false);
	node = at(shell, F_task_struct_dl_node);
	fake_set(&g, node, F_rb_node_left, node.v);
	is_cut(CENSUS_QUEUES);
}

TEST(census, tasks_that_move_between_control_groups_or_die_are_in_them)
{
	gva_t other;

	set_up();
	other = fake_css_set(&g, 127);
	fake_list_del(&g, at(child, F_task_struct_cg_list));
	fake_list_add(&g, at(other, F_css_set_mg_tasks), at(child, F_task_struct_cg_list));
	fake_list_del(&g, at(shell, F_task_struct_cg_list));
	fake_list_add(&g, at(other, F_css_set_dying_tasks), at(shell, F_task_struct_cg_list));
	only(gva(0), 0);
}

TEST(census, a_kernel_without_control_groups_lacks_the_view)
{
	set_up();
	fake_field(&g, F_task_struct_cg_list, 0, 0);
	only(gva(0), 0);
	CHECK_OK(census_take(&c, &g.k, false));
	CU_ASSERT_TRUE(c.walks[CENSUS_CGROUPS].absent);
	tear_down();
}
