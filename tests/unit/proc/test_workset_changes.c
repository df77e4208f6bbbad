/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes are walked again in a pause. */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_tasks.h"
#include "tests/unit/kobj/fake_user.h"
#include "transcall/proc/workset.h"

#include <string.h>

static struct fake_guest g;
static struct proc_view view;
static struct workset_marks marks;
static gva_t init, shell;

/* What was read. */
static const struct err *(*read_really)(struct memsrc *src, struct memspace space, gva_t at,
					void *ret, size_t len_bytes);
static gva_t reads[4096];
static unsigned read_count;

static const struct err *read_noting(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				     size_t len_bytes)
{
	if (read_count < sizeof(reads) / sizeof(reads[0]))
		reads[read_count++] = at;
	return read_really(src, space, at, ret, len_bytes);
}

static void set_up(void)
{
	fake_guest_init(&g);
	fake_tasks_init(&g);
	fake_user_init(&g);
	init = fake_process(&g, 1, "init");
	shell = fake_process(&g, 20, "shell");
	view = (struct proc_view){.refresh = NULL};
	CHECK_OK(proc_view_init(&view, &g.k, 1));
	marks = (struct workset_marks){0};
	CHECK_OK(workset_mark(&view, &marks));
	read_really = g.src.read;
	g.src.read = read_noting;
}

/* Then its name was read. */
static bool was_walked(gva_t task)
{
	gva_t comm = gva_add(task, g.p.fields[F_task_struct_comm].offset_bytes);

	for (unsigned i = 0; i < read_count; i++)
		if (reads[i].v == comm.v)
			return true;
	return false;
}

static void look(void)
{
	read_count = 0;
	CHECK_OK(workset_walk_changes(&view, WORKSET_NAMES, &marks));
}

TEST(workset_changes, what_is_as_it_was_is_left_alone)
{
	set_up();
	CU_ASSERT_EQUAL(marks.count, 2);
	look();
	CU_ASSERT_FALSE(was_walked(init));
	CU_ASSERT_FALSE(was_walked(shell));
	workset_marks_deinit(&marks);
}

TEST(workset_changes, who_is_new_or_has_executed_a_program_is_walked)
{
	set_up();
	gva_t fresh = fake_process(&g, 21, "fresh");
	look();
	CU_ASSERT_TRUE(was_walked(fresh));
	CU_ASSERT_FALSE(was_walked(shell));
	fake_set(&g, shell, F_task_struct_mm, FAKE_BASE + 64);
	look();
	CU_ASSERT_TRUE(was_walked(shell));
	CU_ASSERT_TRUE(was_walked(fresh));
	CU_ASSERT_FALSE(was_walked(init));
	workset_marks_deinit(&marks);
}

/* Another process may be at the place of one that has ended. */
TEST(workset_changes, a_number_that_was_taken_over_is_walked)
{
	gva_t ns;

	set_up();
	ns = kernel_symbol(&g.k, S_init_pid_ns);
	gva_t other = fake_process(&g, 30, "other");
	(void)fake_pid_replace(&g, ns, 20, 0);
	look();
	CU_ASSERT_TRUE(was_walked(other));
	CU_ASSERT_FALSE(was_walked(shell)); /* gone: nothing to read */
	workset_marks_deinit(&marks);
}

TEST(workset_changes, without_marks_all_is_new)
{
	set_up();
	marks.count = 0;
	look();
	CU_ASSERT_TRUE(was_walked(init));
	CU_ASSERT_TRUE(was_walked(shell));
	workset_marks_deinit(&marks);
}
