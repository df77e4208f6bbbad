/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/numafault.h"

static struct fake_guest g;
static gva_t task, group;

/* A task of group 42 that has counted 1 and 2 on node 0, 3 and 4 on node 1; its group 10 times. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_numa_group, 8}, {F_task_struct_numa_faults, 8});
	FAKE_MEMBERS(&g, {F_numa_group_gid, 4}, {F_numa_group_faults, 8});
	task = fake_object(&g);
	group = fake_object(&g);
	gva_t own = fake_alloc(&g, 32, 8), all = kfield_at(&g.k, group, F_numa_group_faults);
	for (uint64_t i = 0; i < 4; i++) {
		fake_u64(&g, gva_add(own, 8 * i), i + 1);
		fake_u64(&g, gva_add(all, 8 * i), 10 * (i + 1));
	}
	fake_set(&g, task, F_task_struct_numa_faults, own.v);
	fake_set(&g, task, F_task_struct_numa_group, group.v);
	fake_set(&g, group, F_numa_group_gid, 42);
}

TEST(numafault, each_node_has_a_pair)
{
	struct numafault f;

	set_up();
	CHECK_OK(numafault_read(&g.k, task, 1, &f));
	CU_ASSERT(f.task_shared == 3 && f.task_private == 4);
	CU_ASSERT(f.group_shared == 30 && f.group_private == 40);
}

TEST(numafault, nothing_was_counted_before_the_first_scan)
{
	struct numafault f;
	int64_t id;

	set_up();
	fake_set(&g, task, F_task_struct_numa_faults, 0);
	fake_set(&g, task, F_task_struct_numa_group, 0);
	CHECK_OK(numafault_read(&g.k, task, 0, &f));
	CU_ASSERT(f.task_shared == 0 && f.task_private == 0);
	CU_ASSERT(f.group_shared == 0 && f.group_private == 0);
	CHECK_OK(numafault_group_id(&g.k, task, &id));
	CU_ASSERT_EQUAL(id, 0);
}

TEST(numafault, a_kernel_that_does_not_balance_has_no_groups)
{
	int64_t id;

	set_up();
	CHECK_OK(numafault_group_id(&g.k, task, &id));
	CU_ASSERT_EQUAL(id, 42);
	g.p.fields[F_task_struct_numa_group].size_bytes = 0;
	CHECK_OK(numafault_group_id(&g.k, task, &id));
	CU_ASSERT_EQUAL(id, 0);
}

TEST(numafault, a_cpu_is_of_a_node)
{
	gva_t variable;
	int32_t node;

	set_up();
	variable = fake_symbol(&g, S_numa_node, 4);
	fake_u32(&g, variable, 3);
	CHECK_OK(numafault_cpu_node(&g.k, 0, &node));
	CU_ASSERT_EQUAL(node, 3);
	CHECK_ERR(numafault_cpu_node(&g.k, 1, &node), ERR_RACE);
	CHECK_ERR(numafault_cpu_node(&g.k, UINT32_MAX, &node), ERR_RACE);
}

TEST(numafault, pointers_to_nowhere_are_faults)
{
	struct numafault f;
	int64_t id;

	set_up();
	fake_set(&g, task, F_task_struct_numa_group, 8);
	CHECK_ERR(numafault_read(&g.k, task, 0, &f), ERR_FAULT);
	CHECK_ERR(numafault_group_id(&g.k, task, &id), ERR_FAULT);
	fake_set(&g, task, F_task_struct_numa_faults, UINT64_MAX - 7);
	CHECK_ERR(numafault_read(&g.k, task, NODES_MAX - 1, &f), ERR_FAULT);
}
