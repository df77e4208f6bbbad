/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/cssset.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

static struct fake_guest g;
static struct cssset_iter it;
static gva_t table;

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_css_set_hlist, 16}, {F_css_set_tasks, 16}, {F_css_set_mg_tasks, 16},
		     {F_css_set_dying_tasks, 16});
	fake_field(&g, F_task_struct_cg_list, 32, 16);
	table = fake_symbol(&g, S_css_set_table, 128 * 8);
	fake_variable(&g, S_css_set_count, 0);
}

static void count_set(uint32_t count)
{
	fake_u32(&g, gva(g.p.symbols[S_css_set_count]), count);
}

static gva_t set_add(unsigned bucket)
{
	gva_t set = fake_object(&g);

	fake_list(&g, kfield_at(&g.k, set, F_css_set_tasks));
	fake_list(&g, kfield_at(&g.k, set, F_css_set_mg_tasks));
	fake_list(&g, kfield_at(&g.k, set, F_css_set_dying_tasks));
	fake_u64(&g, gva_add(table, 8 * bucket), kfield_at(&g.k, set, F_css_set_hlist).v);
	return set;
}

static gva_t task_add(gva_t set, enum field_id list)
{
	gva_t task = fake_object(&g);

	fake_list_add(&g, kfield_at(&g.k, set, list), kfield_at(&g.k, task, F_task_struct_cg_list));
	return task;
}

static void expect(gva_t task)
{
	gva_t found;

	CHECK_OK(cssset_iter_next(&it, &g.k, &found));
	CU_ASSERT_EQUAL(found.v, task.v);
}

TEST(cssset, tasks_of_all_lists_of_all_sets)
{
	gva_t set, tasks[4];

	set_up();
	set = set_add(3);
	tasks[0] = task_add(set, F_css_set_tasks);
	tasks[1] = task_add(set, F_css_set_dying_tasks);
	set_add(7);
	set = set_add(127);
	tasks[2] = task_add(set, F_css_set_mg_tasks);
	tasks[3] = task_add(set, F_css_set_mg_tasks);
	count_set(3);
	CHECK_OK(cssset_iter_init(&it, &g.k));
	for (unsigned i = 0; i < 4; i++)
		expect(tasks[i]);
	expect(gva(0));
}

TEST(cssset, older_kernels_have_two_lists)
{
	gva_t set, task;

	set_up();
	g.p.fields[F_css_set_dying_tasks] = (struct field){0};
	set = set_add(3);
	task = task_add(set, F_css_set_mg_tasks);
	count_set(1);
	CHECK_OK(cssset_iter_init(&it, &g.k));
	expect(task);
	expect(gva(0));
}

TEST(cssset, another_count_than_the_kernels_is_a_race)
{
	gva_t found;

	set_up();
	set_add(3);
	count_set(2);
	CHECK_OK(cssset_iter_init(&it, &g.k));
	CHECK_ERR(cssset_iter_next(&it, &g.k, &found), ERR_RACE);
}

TEST(cssset, what_loops_is_a_race_and_the_rest_is_still_found)
{
	gva_t found, set, link, task;

	set_up();
	link = kfield_at(&g.k, task_add(set_add(3), F_css_set_tasks), F_task_struct_cg_list);
	fake_u64(&g, link, link.v);
	set = set_add(4);
	task = task_add(set, F_css_set_tasks);
	count_set(2);
	CHECK_OK(cssset_iter_init(&it, &g.k));
	CHECK_OK(cssset_iter_next(&it, &g.k, &found));
	CHECK_ERR(cssset_iter_next(&it, &g.k, &found), ERR_RACE);
	expect(task);
	expect(gva(0));

	link = kfield_at(&g.k, set, F_css_set_hlist); /* a chain of sets without an end */
	fake_u64(&g, link, link.v);
	CHECK_OK(cssset_iter_init(&it, &g.k));
	CHECK_OK(cssset_iter_next(&it, &g.k, &found));
	CHECK_ERR(cssset_iter_next(&it, &g.k, &found), ERR_RACE);
	expect(task);
	CHECK_ERR(cssset_iter_next(&it, &g.k, &found), ERR_RACE);
}

TEST(cssset, a_set_that_is_nowhere_is_a_fault)
{
	gva_t found;

	set_up();
	fake_u64(&g, gva_add(table, 8 * 5), 64);
	CHECK_OK(cssset_iter_init(&it, &g.k));
	CHECK_ERR(cssset_iter_next(&it, &g.k, &found), ERR_FAULT);
	expect(gva(0));
}
