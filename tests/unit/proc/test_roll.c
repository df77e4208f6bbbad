/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_census.h"
#include "transcall/proc/roll.h"
#include "transcall/proc/system.h"

#define TASK_NEW UINT32_C(0x800)

static struct fake_guest g;
static struct proc_view view;
static struct roll r;
static gva_t init, shell, thread, top;
static bool stale;
static unsigned refreshes;
static gva_t repair_at; /* what the next snapshot holds there */
static uint64_t repair_with;

static bool is_stale(const struct proc_view *v)
{
	(void)v;
	return stale;
}

static const struct err *refresh(struct proc_view *v)
{
	stale = false;
	refreshes++;
	v->epoch++;
	if (!gva_is_null(repair_at))
		fake_u64(&g, repair_at, repair_with);
	return NULL;
}

/* 1 and 20, which has the thread 21. */
static void set_up(void)
{
	fake_guest_init(&g);
	fake_tasks_init(&g);
	fake_census_init(&g);
	top = kernel_symbol(&g.k, S_init_pid_ns);
	fake_census_process(&g, init = fake_process(&g, 1, "init"),
			    kernel_symbol(&g.k, S_init_task));
	fake_census_process(&g, shell = fake_process(&g, 20, "shell"), init);
	fake_census_thread(&g, thread = fake_thread(&g, shell, 21, "helper"), shell);
	view = (struct proc_view){
		.kernel = &g.k, .pid_ns = top, .refresh = refresh, .is_stale = is_stale};
	stale = false;
	refreshes = 0;
	repair_at = gva(0);
}

static void tear_down(void)
{
	roll_deinit(&r);
}

TEST(roll, has_the_numbers_of_all_tasks)
{
	set_up();
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(r.count, 3);
	CU_ASSERT_EQUAL(r.tasks, 3);
	CU_ASSERT_EQUAL(roll_find(&r, 1).v, init.v);
	CU_ASSERT_EQUAL(roll_find(&r, 21).v, thread.v);
	CU_ASSERT_EQUAL(roll_find(&r, 2).v, 0);
	CU_ASSERT_EQUAL(roll_find(&r, 0).v, 0);
	CU_ASSERT_EQUAL(roll_find(&r, UINT32_MAX).v, 0);
	tear_down();
}

TEST(roll, has_who_is_out_of_the_idr)
{
	set_up();
	fake_pid_replace(&g, top, 20, 0);
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(roll_find(&r, 20).v, shell.v);
	tear_down();
}

/* Stock programs would take a process that is only half there for a hidden one. */
TEST(roll, has_who_is_being_made_only_from_when_the_idr_has_it)
{
	set_up();
	fake_set(&g, shell, F_task_struct_state, TASK_NEW);
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(roll_find(&r, 20).v, shell.v);
	view.epoch++;
	fake_pid_replace(&g, top, 20, 0);
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(roll_find(&r, 20).v, 0);
	CU_ASSERT_EQUAL(r.tasks, 2);
	tear_down();
}

TEST(roll, is_taken_once_for_each_snapshot)
{
	set_up();
	CU_ASSERT_FALSE(roll_is_current(&r, &view));
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_TRUE(roll_is_current(&r, &view));
	fake_census_process(&g, fake_process(&g, 30, "later"), init);
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(roll_find(&r, 30).v, 0);
	view.epoch++;
	CU_ASSERT_FALSE(roll_is_current(&r, &view));
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_NOT_EQUAL(roll_find(&r, 30).v, 0);
	tear_down();
}

TEST(roll, numbers_are_the_readers)
{
	gva_t inner, pid, inside;
	uint32_t numbers[] = {50, 7};

	set_up();
	inner = fake_pid_ns(&g, top);
	inside = fake_process(&g, 50, "inside");
	fake_census_process(&g, inside, init);
	pid = fake_pid(&g, (const gva_t[]){top, inner}, numbers, 2);
	fake_pid_attach(&g, pid, inside, 0);
	view.pid_ns = inner;
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(r.count, 1);
	CU_ASSERT_EQUAL(r.tasks, 4);
	CU_ASSERT_EQUAL(roll_find(&r, 7).v, inside.v);
	tear_down();
}

TEST(roll, a_view_that_lies_is_counted_and_the_others_serve)
{
	set_up();
	fake_u64(&g, kfield_at(&g.k, init, F_task_struct_tasks),
		 kfield_at(&g.k, init, F_task_struct_tasks).v);
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(r.count, 3);
	CU_ASSERT_EQUAL(view.unreadable, 1);
	CU_ASSERT_EQUAL(refreshes, 0);
	tear_down();
}

/* The list was cut because another snapshot came: it is whole in that one. */
TEST(roll, is_taken_again_over_a_new_snapshot)
{
	set_up();
	repair_at = kfield_at(&g.k, init, F_task_struct_tasks);
	repair_with = kfield_at(&g.k, shell, F_task_struct_tasks).v;
	fake_u64(&g, repair_at, 0);
	stale = true;
	CHECK_OK(roll_take(&r, &view));
	CU_ASSERT_EQUAL(refreshes, 1);
	CU_ASSERT_EQUAL(view.unreadable, 0);
	CU_ASSERT_EQUAL(r.epoch, 1);
	tear_down();
}

TEST(roll, a_node_is_made_of_a_task_without_a_number)
{
	struct proc_node node;

	set_up();
	fake_pid_replace(&g, top, 20, 0);
	CHECK_ERR(proc_lookup(&view, "/proc/20/comm", &node), ERR_ABSENT);
	CHECK_OK(proc_node_of_task(&view, shell, 20, "comm", &node));
	CU_ASSERT_EQUAL(node.kind, NODE_FILE);
	CU_ASSERT_EQUAL(node.tgid, 20);
	char text[32] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");
	CHECK_OK(proc_render(&view, &node, out));
	fclose(out);
	CU_ASSERT_STRING_EQUAL(text, "shell\n");
	CHECK_OK(proc_node_of_task(&view, shell, 20, "", &node));
	CU_ASSERT_EQUAL(node.kind, NODE_DIR);
	CHECK_ERR(proc_node_of_task(&view, shell, 20, "nothing", &node), ERR_ABSENT);
}
