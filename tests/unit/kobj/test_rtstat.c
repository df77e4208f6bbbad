/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/rtstat.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

static struct fake_guest g;
static gva_t net, stats;

static void set_up(void)
{
	static const struct {
		enum field_id id;
		uint32_t offset;
	} members[] = {
		{F_rt_cache_stat_in_slow_tot, 0},     {F_rt_cache_stat_in_slow_mc, 4},
		{F_rt_cache_stat_in_no_route, 8},     {F_rt_cache_stat_in_brd, 12},
		{F_rt_cache_stat_in_martian_dst, 16}, {F_rt_cache_stat_in_martian_src, 20},
		{F_rt_cache_stat_out_slow_tot, 24},   {F_rt_cache_stat_out_slow_mc, 28},
		{F_rt6_statistics_nodes, 0},          {F_rt6_statistics_route_nodes, 4},
		{F_rt6_statistics_alloc, 20},         {F_rt6_statistics_entries, 8},
		{F_rt6_statistics_cache, 12},         {F_rt6_statistics_discarded, 16},
	};

	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, 4);
	fake_field(&g, F_dst_ops_entries, 8, 16);
	fake_field(&g, F_percpu_counter_count, 0, 8);
	fake_field(&g, F_percpu_counter_counters, 8, 8);
	fake_field(&g, F_net_rt6_stats, 0, 8);
	fake_field(&g, F_net_ip6_dst_ops, 8, 40);
	fake_variable(&g, S___cpu_online_mask, 1);
	net = fake_alloc(&g, 64, 8);
	stats = fake_alloc(&g, 64, 8);
	fake_set(&g, net, F_net_rt6_stats, stats.v);
	for (unsigned i = 0; i < 6; i++)
		fake_u32(&g, gva_add(stats, 4 * i), i + 1);
	fake_u64(&g, gva_add(net, 16), 41);
	fake_u64(&g, gva_add(net, 24), fake_alloc(&g, 8, 8).v - g.k.percpu_base[0]);
}

TEST(rtstat, of_ipv6_in_the_order_of_the_file)
{
	static const uint32_t want[] = {1, 2, 6, 3, 4, 41, 5};
	uint32_t got[RTSTAT6_COLUMNS];

	set_up();
	CHECK_OK(rtstat6_read(&g.k, net, got));
	for (unsigned i = 0; i < RTSTAT6_COLUMNS; i++)
		CU_ASSERT_EQUAL(got[i], want[i]);
	fake_set(&g, net, F_net_rt6_stats, 4096);
	CHECK_ERR(rtstat6_read(&g.k, net, got), ERR_FAULT);
}

TEST(rtstat, of_ipv4)
{
	gva_t ops, at;
	struct rtstat s;

	set_up();
	at = fake_symbol(&g, S_rt_cache_stat, 64);
	ops = fake_symbol(&g, S_ipv4_dst_ops, 64);
	fake_u64(&g, gva_add(ops, 8), 7);
	fake_u64(&g, gva_add(ops, 16), fake_alloc(&g, 8, 8).v - g.k.percpu_base[0]);
	for (unsigned i = 0; i < 8; i++)
		fake_u32(&g, gva_add(at, 4 * i), i + 1);
	CHECK_OK(rtstat_read(&g.k, 0, &s));
	CU_ASSERT_EQUAL(s.entries, 7);
	CU_ASSERT_EQUAL(s.in[5], 6);
	CU_ASSERT_EQUAL(s.out[1], 8);
}

TEST(rtstat, realms_are_summed_over_cpus)
{
	uint32_t words[RTSTAT_ACCOUNT_WORDS];
	gva_t part[2];

	set_up();
	for (unsigned i = 0; i < 2; i++) {
		part[i] = fake_alloc(&g, sizeof(words), 64);
		fake_u32(&g, gva_add(part[i], sizeof(words) - 4), 5 + i);
		g.k.percpu_base[i] = part[i].v - 4096;
	}
	g.k.cpu_count = 2;
	fake_variable(&g, S_ip_rt_acct, 4096);
	CHECK_OK(rtstat_accounts(&g.k, words));
	CU_ASSERT_EQUAL(words[0], 0);
	CU_ASSERT_EQUAL(words[RTSTAT_ACCOUNT_WORDS - 1], 11);
}
