/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "tests/unit/kobj/fake_tasks.h"
#include "transcall/proc/owner.h"
#include "transcall/proc/view.h"

#define NOT_DUMPABLE 2 /* SUID_DUMP_ROOT */
#define DUMPABLE     1
#define KUID         1000 /* of root in the reader's namespace */

static struct fake_guest g;
static struct proc_view view;
static gva_t task, mm, first, readers, inner;

static gva_t user_ns(gva_t parent)
{
	gva_t ns = fake_object(&g);

	fake_set(&g, ns, F_user_namespace_parent, parent.v);
	return ns;
}

static void map_from(gva_t at, uint32_t lower, uint32_t count)
{
	fake_u32(&g, gva_add(at, 4), lower);
	fake_u32(&g, gva_add(at, 8), count);
}

/* Ids from 0 on are @lower and so on. */
static void map_ids(gva_t ns, uint32_t lower, uint32_t count)
{
	fake_set(&g, ns, F_user_namespace_uid_map_nr_extents, 1);
	map_from(kfield_at(&g.k, ns, F_user_namespace_uid_map_extent), lower, count);
	fake_set(&g, ns, F_user_namespace_gid_map_nr_extents, 1);
	map_from(kfield_at(&g.k, ns, F_user_namespace_gid_map_extent), lower, count);
}

static void move(gva_t to)
{
	gva_t cred;

	CHECK_OK(kfield_ptr(&g.k, task, F_task_struct_real_cred, &cred));
	fake_set(&g, cred, F_cred_user_ns, to.v);
}

/* A reader that is root of a namespace below the first, and a process there, as after exec. */
static void set_up(void)
{
	fake_guest_init(&g);
	fake_tasks_init(&g);
	fake_field(&g, F_mm_struct_flags, 0, 8);
	fake_field(&g, F_mm_struct_user_ns, 8, 8);
	fake_field(&g, F_cred_euid, 8, 4);
	fake_field(&g, F_cred_egid, 12, 4);
	FAKE_MEMBERS(&g, {F_user_namespace_parent, 8}, {F_user_namespace_uid_map_nr_extents, 4},
		     {F_user_namespace_uid_map_extent, 60}, {F_user_namespace_uid_map_forward, 8},
		     {F_user_namespace_gid_map_nr_extents, 4},
		     {F_user_namespace_gid_map_extent, 60}, {F_user_namespace_gid_map_forward, 8});
	first = user_ns(gva(0));
	map_ids(first, 0, UINT32_MAX);
	fake_symbol_at(&g, S_init_user_ns, first);
	readers = user_ns(first);
	map_ids(readers, KUID, 100);
	inner = user_ns(readers);
	task = fake_process(&g, 7, "process");
	move(readers);
	mm = fake_object(&g);
	fake_set(&g, task, F_task_struct_mm, mm.v);
	fake_set(&g, mm, F_mm_struct_flags, DUMPABLE);
	fake_set(&g, mm, F_mm_struct_user_ns, first.v);
	view = (struct proc_view){.kernel = &g.k, .reader = task, .user_ns = readers};
}

static bool may(void)
{
	bool allowed = false;

	CHECK_OK(view_may_access(&view, task, &allowed));
	return allowed;
}

TEST(view, root_looks_into_its_own_namespace_and_those_below)
{
	set_up();
	CU_ASSERT_TRUE(may());
	move(inner);
	CU_ASSERT_TRUE(may());
	move(first);
	CU_ASSERT_FALSE(may());
	view.user_ns = first;
	CU_ASSERT_TRUE(may());
}

TEST(view, not_into_what_others_started_and_may_not_be_looked_into)
{
	const struct err *e;

	set_up();
	fake_set(&g, mm, F_mm_struct_flags, NOT_DUMPABLE);
	CU_ASSERT_FALSE(may());
	e = view_require_access(&view, task, EPERM);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->kind, ERR_ABSENT);
	CU_ASSERT_EQUAL(e->errnum, EPERM);
	fake_set(&g, mm, F_mm_struct_user_ns, inner.v);
	CU_ASSERT_TRUE(may());
	CHECK_OK(view_require_access(&view, task, EPERM));
	fake_set(&g, mm, F_mm_struct_user_ns, first.v);
	view.user_ns = first;
	CU_ASSERT_TRUE(may());
}

TEST(view, what_exec_left_to_the_task_counts_where_it_is_there)
{
	gva_t state;

	set_up();
	fake_field(&g, F_task_struct_exec_state, 184, 8);
	fake_field(&g, F_task_exec_state_dumpable, 0, 4);
	fake_field(&g, F_task_exec_state_user_ns, 8, 8);
	state = fake_object(&g);
	fake_set(&g, task, F_task_struct_exec_state, state.v);
	fake_set(&g, state, F_task_exec_state_dumpable, NOT_DUMPABLE);
	fake_set(&g, state, F_task_exec_state_user_ns, first.v);
	CU_ASSERT_FALSE(may());
	fake_set(&g, state, F_task_exec_state_dumpable, DUMPABLE);
	CU_ASSERT_TRUE(may());
}

TEST(view, of_a_dead_process_as_it_was)
{
	set_up();
	fake_set(&g, task, F_task_struct_mm, 0);
	CU_ASSERT_TRUE(may());
	fake_field(&g, F_task_struct_user_dumpable, 184, 4);
	CU_ASSERT_FALSE(may());
	fake_set(&g, task, F_task_struct_user_dumpable, 1);
	CU_ASSERT_TRUE(may());
}

TEST(view, namespaces_in_a_circle_are_a_race)
{
	bool allowed;

	set_up();
	fake_set(&g, inner, F_user_namespace_parent, inner.v);
	move(inner);
	CHECK_ERR(view_may_access(&view, task, &allowed), ERR_RACE);
	move(readers);
	fake_set(&g, mm, F_mm_struct_flags, NOT_DUMPABLE);
	fake_set(&g, mm, F_mm_struct_user_ns, inner.v);
	CHECK_ERR(view_may_access(&view, task, &allowed), ERR_RACE);
	fake_set(&g, mm, F_mm_struct_user_ns, FAKE_BASE + FAKE_BYTES);
	CHECK_ERR(view_may_access(&view, task, &allowed), ERR_FAULT);
}

static struct proc_node node_of(const char *path)
{
	struct proc_node node = {0};

	view.pid_ns = kernel_symbol(&g.k, S_init_pid_ns);
	CHECK_OK(proc_lookup(&view, path, &node));
	return node;
}

TEST(view, what_only_the_owner_may_read_is_for_owners_that_are_known)
{
	struct proc_node fd, status;
	gva_t cred;

	set_up();
	fd = node_of("/proc/7/fd");
	status = node_of("/proc/7/status");
	CHECK_ERR(proc_owner_permit(&view, &fd, S_IROTH), ERR_ABSENT);
	CHECK_OK(proc_owner_permit(&view, &status, S_IROTH));
	CHECK_OK(kfield_ptr(&g.k, task, F_task_struct_real_cred, &cred));
	fake_set(&g, cred, F_cred_euid, KUID);
	CHECK_ERR(proc_owner_permit(&view, &fd, S_IROTH), ERR_ABSENT);
	fake_set(&g, cred, F_cred_egid, KUID + 99);
	CHECK_OK(proc_owner_permit(&view, &fd, S_IROTH));
	fake_set(&g, mm, F_mm_struct_flags, NOT_DUMPABLE); /* its owner is the first root */
	CHECK_ERR(proc_owner_permit(&view, &fd, S_IROTH), ERR_ABSENT);
	view.user_ns = first;
	CHECK_OK(proc_owner_permit(&view, &fd, S_IROTH));
}

TEST(view, links_of_a_process_tell_nothing_to_who_may_not_look)
{
	struct proc_node cwd;
	char text[64];
	struct stat st;
	const struct err *e;

	set_up();
	cwd = node_of("/proc/7/cwd");
	fake_set(&g, mm, F_mm_struct_flags, NOT_DUMPABLE);
	e = proc_readlink(&view, &cwd, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->errnum, EACCES);
	e = proc_stat_target(&view, &cwd, &st);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	CU_ASSERT_EQUAL(e->errnum, EACCES);
}
