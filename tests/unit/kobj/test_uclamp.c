/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/uclamp.h"

#define ELEMENT_BYTES 4

static struct fake_guest g;
static gva_t task, group, system_bounds;

static void bit_field(enum field_id id, uint8_t offset, uint8_t size)
{
	fake_field(&g, id, 0, ELEMENT_BYTES);
	g.p.fields[id].bit_offset = offset;
	g.p.fields[id].bit_size = size;
}

/* Both elements of an array of struct uclamp_se. */
static void bounds_set(gva_t array, uint32_t least, uint32_t most, bool active)
{
	fake_u32(&g, array, least | (uint32_t)active << 14);
	fake_u32(&g, gva_add(array, ELEMENT_BYTES), most | (uint32_t)active << 14);
}

/* A task that asked for 100 to 1024, of a group with 200 to 800, in a system with 1024 and 1024. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_uclamp_req, 8}, {F_task_struct_uclamp, 8},
		     {F_task_struct_sched_task_group, 8});
	FAKE_MEMBERS(&g, {F_task_group_uclamp, 8}, {F_task_group_autogroup, 8});
	bit_field(F_uclamp_se_value, 0, 11);
	bit_field(F_uclamp_se_active, 14, 1);
	g.p.sizes[SIZE_uclamp_se] = ELEMENT_BYTES;
	task = fake_object(&g);
	group = fake_object(&g);
	fake_symbol(&g, S_root_task_group, FAKE_OBJECT_BYTES);
	system_bounds = fake_symbol(&g, S_uclamp_default, 8);
	bounds_set(system_bounds, 1024, 1024, false);
	bounds_set(kfield_at(&g.k, task, F_task_struct_uclamp_req), 100, 1024, false);
	bounds_set(kfield_at(&g.k, group, F_task_group_uclamp), 200, 800, false);
	fake_set(&g, task, F_task_struct_sched_task_group, group.v);
}

static void check(uint32_t least, uint32_t most)
{
	struct uclamp u;

	CHECK_OK(uclamp_read(&g.k, task, &u));
	CU_ASSERT(u.asked[UCLAMP_LEAST] == 100 && u.asked[UCLAMP_MOST] == 1024);
	CU_ASSERT_EQUAL(u.effective[UCLAMP_LEAST], least);
	CU_ASSERT_EQUAL(u.effective[UCLAMP_MOST], most);
}

TEST(uclamp, group_and_system_bound_what_was_asked)
{
	set_up();
	check(200, 800);
	bounds_set(system_bounds, 50, 700, false);
	check(50, 700);
}

TEST(uclamp, the_root_group_and_autogroups_bound_nothing)
{
	set_up();
	fake_set(&g, group, F_task_group_autogroup, group.v);
	check(100, 1024);
	fake_set(&g, task, F_task_struct_sched_task_group,
		 kernel_symbol(&g.k, S_root_task_group).v);
	check(100, 1024);
	g.p.fields[F_task_group_uclamp].size_bytes = 0;
	check(100, 1024);
}

TEST(uclamp, on_a_run_queue_its_bounds_hold)
{
	set_up();
	bounds_set(kfield_at(&g.k, task, F_task_struct_uclamp), 300, 400, true);
	check(300, 400);
}

TEST(uclamp, pointers_to_nowhere_are_faults)
{
	struct uclamp u;

	set_up();
	fake_set(&g, task, F_task_struct_sched_task_group, 8);
	CHECK_ERR(uclamp_read(&g.k, task, &u), ERR_FAULT);
	fake_set(&g, task, F_task_struct_sched_task_group, 0);
	CHECK_ERR(uclamp_read(&g.k, task, &u), ERR_FAULT);
}
