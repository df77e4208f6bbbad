/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/neigh.h"

#include <sys/socket.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

static struct fake_guest g;
static struct neigh_iter it;
static gva_t net, hash, heads;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_neigh_table_nht, 8, 8},        {F_neigh_hash_table_buckets, 0, 8},
	{F_neigh_hash_table_shift, 8, 4}, {F_neighbour_hash, 0, 8},
	{F_neighbour_nud_state, 8, 1},    {F_neighbour_type, 9, 1},
	{F_neighbour_protocol, 10, 1},    {F_neighbour_flags, 12, 4},
	{F_neighbour_probes, 16, 4},      {F_neighbour_refcnt, 20, 4},
	{F_neighbour_used, 24, 8},        {F_neighbour_confirmed, 32, 8},
	{F_neighbour_updated, 40, 8},     {F_neighbour_ha, 48, 32},
	{F_neighbour_dev, 80, 8},         {F_neighbour_key, 88, 0},
	{F_net_device_net, 0, 8},
};

static void set_up(void)
{
	gva_t table;

	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	net = fake_alloc(&g, 64, 8);
	table = fake_symbol(&g, S_arp_tbl, 64);
	hash = fake_alloc(&g, 64, 8);
	heads = fake_alloc(&g, 8 * 8, 8);
	fake_set(&g, table, F_neigh_table_nht, hash.v);
	fake_set(&g, hash, F_neigh_hash_table_buckets, heads.v);
	fake_set(&g, hash, F_neigh_hash_table_shift, 3);
}

static gva_t neigh_add(unsigned bucket, uint8_t last, gva_t in)
{
	gva_t n = fake_alloc(&g, 128, 8), dev = fake_alloc(&g, 64, 8);
	uint8_t key[4] = {10, 0, 0, last};

	fake_set(&g, dev, F_net_device_net, in.v);
	fake_set(&g, n, F_neighbour_dev, dev.v);
	fake_set(&g, n, F_neighbour_nud_state, 2);
	fake_write(&g, gva_add(n, 88), key, sizeof(key));
	fake_u64(&g, gva_add(heads, 8 * bucket), n.v);
	return n;
}

TEST(neigh, lists_those_of_a_namespace)
{
	struct neigh n;

	set_up();
	neigh_add(1, 7, net);
	neigh_add(4, 8, fake_alloc(&g, 64, 8));
	neigh_add(7, 9, net);
	CHECK_OK(neigh_iter_init(&it, &g.k, net, AF_INET));
	CHECK_OK(neigh_iter_next(&it, &g.k, &n));
	CU_ASSERT_EQUAL(n.key[3], 7);
	CU_ASSERT_EQUAL(n.state, 2);
	CHECK_OK(neigh_iter_next(&it, &g.k, &n));
	CU_ASSERT_EQUAL(n.key[3], 9);
	CHECK_OK(neigh_iter_next(&it, &g.k, &n));
	CU_ASSERT_TRUE(gva_is_null(n.dev));
}

TEST(neigh, chains_and_tables_without_end_are_races)
{
	struct neigh n;
	gva_t at;

	set_up();
	at = neigh_add(1, 7, net);
	fake_u64(&g, at, at.v);
	CHECK_OK(neigh_iter_init(&it, &g.k, net, AF_INET));
	CHECK_OK(neigh_iter_next(&it, &g.k, &n));
	CHECK_ERR(neigh_iter_next(&it, &g.k, &n), ERR_RACE);
	fake_set(&g, hash, F_neigh_hash_table_shift, 60);
	CHECK_ERR(neigh_iter_init(&it, &g.k, net, AF_INET), ERR_RACE);
}

TEST(neigh, counts_of_a_cpu_in_the_order_of_the_file)
{
	static const enum field_id ids[] = {F_neigh_statistics_allocs,
					    F_neigh_statistics_destroys,
					    F_neigh_statistics_hash_grows,
					    F_neigh_statistics_lookups,
					    F_neigh_statistics_hits,
					    F_neigh_statistics_res_failed,
					    F_neigh_statistics_rcv_probes_mcast,
					    F_neigh_statistics_rcv_probes_ucast,
					    F_neigh_statistics_periodic_gc_runs,
					    F_neigh_statistics_forced_gc_runs,
					    F_neigh_statistics_unres_discards,
					    F_neigh_statistics_table_fulls};
	gva_t table, part[2];
	struct neigh_stats s;

	set_up();
	table = kernel_symbol(&g.k, S_arp_tbl);
	fake_field(&g, F_neigh_table_entries, 16, 4);
	fake_field(&g, F_neigh_table_stats, 24, 8);
	for (unsigned i = 0; i < NEIGH_STATS; i++)
		fake_field(&g, ids[i], 8 * i, 8);
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		part[cpu] = fake_alloc(&g, 128, 8);
		g.k.percpu_base[cpu] = part[cpu].v - 4096;
	}
	fake_set(&g, table, F_neigh_table_entries, 3);
	fake_set(&g, table, F_neigh_table_stats, 4096);
	fake_u64(&g, gva_add(part[1], 8 * 11), 12);
	CHECK_OK(neigh_read_stats(&g.k, AF_INET, 1, &s));
	CU_ASSERT_EQUAL(s.entries, 3);
	CU_ASSERT_EQUAL(s.v[0], 0);
	CU_ASSERT_EQUAL(s.v[11], 12);
}
