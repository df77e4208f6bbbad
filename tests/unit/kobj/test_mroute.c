/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/mroute.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

enum { TABLE_DEFAULT = 253 };

static struct fake_guest g;
static struct mroute_iter it;
static struct mroute r;
static gva_t net, table;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_net_mr_tables, 0, 16},      {F_mr_table_list, 0, 16},
	{F_mr_table_id, 16, 4},        {F_mr_table_maxvif, 20, 4},
	{F_mr_table_cache, 24, 16},    {F_mr_table_unresolved, 40, 16},
	{F_mr_table_vifs, 64, 64},     {F_vif_device_dev, 0, 8},
	{F_vif_device_bytes_in, 8, 8}, {F_vif_device_bytes_out, 8, 8},
	{F_vif_device_pkt_in, 8, 8},   {F_vif_device_pkt_out, 8, 8},
	{F_vif_device_flags, 16, 2},   {F_vif_device_local, 20, 4},
	{F_vif_device_remote, 24, 4},  {F_mr_mfc_list, 0, 16},
	{F_mr_mfc_parent, 16, 2},      {F_mr_mfc_pkt, 24, 8},
	{F_mr_mfc_bytes, 24, 8},       {F_mr_mfc_wrong_if, 24, 8},
	{F_mr_mfc_minvif, 32, 4},      {F_mr_mfc_maxvif, 36, 4},
	{F_mr_mfc_ttls, 40, 32},       {F_mfc_cache_group, 72, 4},
	{F_mfc_cache_origin, 76, 4},
};

static void set_up(void)
{
	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	g.p.sizes[SIZE_vif_device] = 32;
	net = fake_alloc(&g, 64, 8);
	table = fake_alloc(&g, 64 + 32 * MROUTE_VIFS, 8);
	fake_list(&g, net);
	fake_list(&g, gva_add(table, 24));
	fake_list(&g, gva_add(table, 40));
	fake_set(&g, table, F_mr_table_id, TABLE_DEFAULT);
	fake_set(&g, table, F_mr_table_maxvif, 1000);
}

static gva_t entry_add(unsigned list_offset, unsigned parent)
{
	gva_t at = fake_alloc(&g, 128, 8);

	fake_set(&g, at, F_mr_mfc_parent, parent);
	fake_set(&g, at, F_mr_mfc_pkt, 9);
	fake_set(&g, at, F_mr_mfc_maxvif, 0xffffffff);
	fake_list_add(&g, gva_add(table, list_offset), at);
	return at;
}

TEST(mroute, the_default_table_or_none)
{
	struct mroute_vif v;

	set_up();
	CHECK_OK(mroute_find(&g.k, net, false, &r));
	CU_ASSERT_TRUE(gva_is_null(r.table));
	fake_list_add(&g, net, table);
	CHECK_OK(mroute_find(&g.k, net, false, &r));
	CU_ASSERT_EQUAL(r.table.v, table.v);
	CU_ASSERT_EQUAL(r.vif_count, MROUTE_VIFS);
	fake_u64(&g, gva_add(table, 64 + 32 * 2), 0x1234);
	CHECK_OK(mroute_vif_read(&g.k, &r, 2, &v));
	CU_ASSERT_EQUAL(v.dev.v, 0x1234);
}

TEST(mroute, routes_that_are_resolved_come_first)
{
	struct mroute_entry e;

	set_up();
	fake_list_add(&g, net, table);
	entry_add(40, 0xffff);
	entry_add(24, 3);
	CHECK_OK(mroute_find(&g.k, net, false, &r));
	CHECK_OK(mroute_iter_init(&it, &g.k, &r));
	CHECK_OK(mroute_iter_next(&it, &g.k, &r, &e));
	CU_ASSERT_EQUAL(e.parent, 3);
	CU_ASSERT_EQUAL(e.packets, 9);
	CU_ASSERT_EQUAL(e.end_vif, MROUTE_VIFS);
	CHECK_OK(mroute_iter_next(&it, &g.k, &r, &e));
	CU_ASSERT_EQUAL(e.parent, -1);
	CU_ASSERT_EQUAL(e.packets, 0);
	CU_ASSERT_TRUE(e.is_unresolved);
	CHECK_OK(mroute_iter_next(&it, &g.k, &r, &e));
	CU_ASSERT_TRUE(gva_is_null(e.at));
}

TEST(mroute, lists_that_loop_are_races)
{
	struct mroute_entry e;
	gva_t at;

	set_up();
	fake_list_add(&g, net, table);
	at = entry_add(24, 3);
	fake_u64(&g, at, at.v);
	CHECK_OK(mroute_find(&g.k, net, false, &r));
	CHECK_OK(mroute_iter_init(&it, &g.k, &r));
	CHECK_OK(mroute_iter_next(&it, &g.k, &r, &e));
	CHECK_ERR(mroute_iter_next(&it, &g.k, &r, &e), ERR_RACE);
	fake_u64(&g, table, table.v);
	fake_set(&g, table, F_mr_table_id, 1);
	CHECK_ERR(mroute_find(&g.k, net, false, &r), ERR_RACE);
}
