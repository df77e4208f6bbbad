/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/cred.h"

static struct fake_guest g;
static gva_t all_ids; /* a user namespace that maps each id to itself */

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_cred_uid, 4}, {F_cred_gid, 4}, {F_cred_suid, 4}, {F_cred_sgid, 4},
		     {F_cred_euid, 4}, {F_cred_egid, 4}, {F_cred_fsuid, 4}, {F_cred_fsgid, 4},
		     {F_cred_cap_inheritable, 8}, {F_cred_cap_permitted, 8},
		     {F_cred_cap_effective, 8}, {F_cred_cap_bset, 8}, {F_cred_cap_ambient, 8},
		     {F_cred_user_ns, 8}, {F_cred_group_info, 8});
	FAKE_MEMBERS(&g, {F_group_info_ngroups, 4}, {F_group_info_gid, 4});
	FAKE_MEMBERS(&g, {F_user_namespace_uid_map_nr_extents, 4},
		     {F_user_namespace_uid_map_extent, 60}, {F_user_namespace_uid_map_forward, 8});
	FAKE_MEMBERS(&g, {F_task_struct_real_cred, 8});
	fake_variable(&g, S_overflowuid, 65534);
	all_ids = fake_object(&g);
	fake_set(&g, all_ids, F_user_namespace_uid_map_nr_extents, 1);
	fake_u32(&g, gva_add(kfield_at(&g.k, all_ids, F_user_namespace_uid_map_extent), 8),
		 UINT32_MAX);
}

static void put_extent(gva_t at, uint32_t first, uint32_t lower, uint32_t count)
{
	fake_u32(&g, at, first);
	fake_u32(&g, gva_add(at, 4), lower);
	fake_u32(&g, gva_add(at, 8), count);
}

/* A namespace where 0 stands for 100000, and 1000 for 5. */
static gva_t mapped_ns(void)
{
	gva_t ns = fake_alloc(&g, 512, 64);
	gva_t at = kfield_at(&g.k, ns, F_user_namespace_uid_map_extent);

	fake_set(&g, ns, F_user_namespace_uid_map_nr_extents, 2);
	put_extent(at, 0, 100000, 1000);
	put_extent(gva_add(at, 12), 1000, 5, 1);
	return ns;
}

static uint32_t shown(gva_t ns, uint32_t kuid)
{
	uint32_t uid = 0;

	CHECK_OK(cred_uid_in(&g.k, ns, kuid, &uid));
	return uid;
}

TEST(cred, ids_are_mapped_up_and_down)
{
	uint32_t kuid;

	set_up();
	gva_t ns = mapped_ns();
	CU_ASSERT_EQUAL(shown(ns, 100000), 0);
	CU_ASSERT_EQUAL(shown(ns, 100999), 999);
	CU_ASSERT_EQUAL(shown(ns, 5), 1000);
	CU_ASSERT_EQUAL(shown(ns, 101000), 65534); /* not mapped: the overflow id */
	CU_ASSERT_EQUAL(shown(ns, 0), 65534);
	CU_ASSERT_EQUAL(shown(all_ids, 0), 0);
	CU_ASSERT_EQUAL(shown(all_ids, 4000000000u), 4000000000u);
	CHECK_OK(cred_kuid_of(&g.k, ns, 0, &kuid));
	CU_ASSERT_EQUAL(kuid, 100000);
	CHECK_OK(cred_kuid_of(&g.k, ns, 2000, &kuid));
	CU_ASSERT_EQUAL(kuid, UINT32_MAX);
}

TEST(cred, more_than_five_extents_lie_elsewhere)
{
	set_up();
	gva_t ns = mapped_ns(), table = fake_alloc(&g, 12 * 6, 8);
	for (uint32_t i = 0; i < 6; i++)
		put_extent(gva_add(table, 12 * (uint64_t)i), i, 1000 * (i + 1), 1);
	fake_set(&g, ns, F_user_namespace_uid_map_nr_extents, 6);
	fake_set(&g, ns, F_user_namespace_uid_map_forward, table.v);
	CU_ASSERT_EQUAL(shown(ns, 6000), 5);
	CU_ASSERT_EQUAL(shown(ns, 6001), 65534);
}

TEST(cred, impossible_counts_are_a_race)
{
	uint32_t v;

	set_up();
	gva_t ns = mapped_ns(), groups = fake_alloc(&g, 64, 8);
	fake_set(&g, ns, F_user_namespace_uid_map_nr_extents, ID_EXTENTS_MAX + 1);
	CHECK_ERR(cred_uid_in(&g.k, ns, 0, &v), ERR_RACE);
	fake_set(&g, groups, F_group_info_ngroups, CRED_GROUPS_MAX + 1);
	CHECK_ERR(cred_group_count(&g.k, groups, &v), ERR_RACE);
}

TEST(cred, of_a_task_is_read_whole)
{
	struct cred c;
	uint32_t euid, egid;

	set_up();
	gva_t task = fake_object(&g), at = fake_object(&g);
	fake_set(&g, task, F_task_struct_real_cred, at.v);
	fake_set(&g, at, F_cred_uid, 1);
	fake_set(&g, at, F_cred_euid, 2);
	fake_set(&g, at, F_cred_suid, 3);
	fake_set(&g, at, F_cred_fsuid, 4);
	fake_set(&g, at, F_cred_egid, 6);
	fake_set(&g, at, F_cred_cap_effective, UINT64_C(0x1ffffffffff));
	CHECK_OK(cred_read(&g.k, task, &c));
	CU_ASSERT(c.uid == 1 && c.euid == 2 && c.suid == 3 && c.fsuid == 4 && c.egid == 6);
	CU_ASSERT_EQUAL(c.cap_effective, UINT64_C(0x1ffffffffff));
	CHECK_OK(cred_read_effective(&g.k, task, &euid, &egid));
	CU_ASSERT(euid == 2 && egid == 6);
}
