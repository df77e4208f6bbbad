/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/fibrule.h"

#include <string.h>
#include <sys/socket.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

static struct fake_guest g;
static struct list_iter it;
static gva_t net, ops;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_net_rules_ops, 8, 16);
	FAKE_MEMBERS(&g, {F_fib_rules_ops_list, 16}, {F_fib_rules_ops_rules, 16},
		     {F_fib_rules_ops_family, 4});
	FAKE_MEMBERS(&g, {F_fib_rule_list, 16}, {F_fib_rule_iifindex, 4}, {F_fib_rule_oifindex, 4},
		     {F_fib_rule_mark, 4}, {F_fib_rule_mark_mask, 4}, {F_fib_rule_flags, 4},
		     {F_fib_rule_table, 4}, {F_fib_rule_target, 4}, {F_fib_rule_pref, 4},
		     {F_fib_rule_suppress_ifgroup, 4}, {F_fib_rule_suppress_prefixlen, 4},
		     {F_fib_rule_action, 1}, {F_fib_rule_l3mdev, 1}, {F_fib_rule_proto, 1},
		     {F_fib_rule_ip_proto, 1}, {F_fib_rule_tun_id, 8}, {F_fib_rule_uid_range, 8},
		     {F_fib_rule_sport_range, 4}, {F_fib_rule_dport_range, 4},
		     {F_fib_rule_iifname, 16}, {F_fib_rule_oifname, 16}, {F_fib4_rule_dst_len, 1},
		     {F_fib4_rule_src_len, 1}, {F_fib4_rule_tos, 1}, {F_fib4_rule_dst, 4},
		     {F_fib4_rule_src, 4}, {F_fib6_rule_dst_len, 4}, {F_fib6_rule_src_len, 4},
		     {F_fib6_rule_tos, 1}, {F_fib6_rule_dst, 16}, {F_fib6_rule_src, 16});
	net = fake_object(&g);
	ops = fake_object(&g);
	fake_list(&g, kfield_at(&g.k, net, F_net_rules_ops));
	fake_list(&g, kfield_at(&g.k, ops, F_fib_rules_ops_rules));
	fake_set(&g, ops, F_fib_rules_ops_family, AF_INET);
	fake_list_add(&g, kfield_at(&g.k, net, F_net_rules_ops),
		      kfield_at(&g.k, ops, F_fib_rules_ops_list));
}

static gva_t rule_add(uint32_t priority)
{
	gva_t rule = fake_object(&g);

	fake_set(&g, rule, F_fib_rule_pref, priority);
	fake_list_add(&g, kfield_at(&g.k, ops, F_fib_rules_ops_rules),
		      kfield_at(&g.k, rule, F_fib_rule_list));
	return rule;
}

TEST(fibrule, rules_of_a_family_come_in_their_order)
{
	struct fibrule r;
	gva_t rule;
	bool end;

	set_up();
	rule = rule_add(10);
	fake_set(&g, rule, F_fib4_rule_dst_len, 8);
	fake_write(&g, kfield_at(&g.k, rule, F_fib4_rule_dst), "\x0a\0\0\0", 4);
	fake_write(&g, kfield_at(&g.k, rule, F_fib_rule_iifname), "0123456789abcdefXX", 18);
	rule_add(32766);
	CHECK_OK(fibrule_iter_init(&it, &g.k, net, AF_INET));
	CHECK_OK(fibrule_iter_next(&it, &g.k, AF_INET, &r, &end));
	CU_ASSERT(!end && r.priority == 10 && r.dst_len == 8 && r.dst[0] == 10);
	CU_ASSERT_STRING_EQUAL(r.iif, "0123456789abcdef");
	CHECK_OK(fibrule_iter_next(&it, &g.k, AF_INET, &r, &end));
	CU_ASSERT(!end && r.priority == 32766 && r.dst_len == 0);
	CHECK_OK(fibrule_iter_next(&it, &g.k, AF_INET, &r, &end));
	CU_ASSERT_TRUE(end);
}

TEST(fibrule, a_family_without_rules_has_none)
{
	struct fibrule r;
	bool end;

	set_up();
	rule_add(10);
	CHECK_OK(fibrule_iter_init(&it, &g.k, net, AF_INET6));
	CHECK_OK(fibrule_iter_next(&it, &g.k, AF_INET6, &r, &end));
	CU_ASSERT_TRUE(end);
}

TEST(fibrule, lists_that_loop_are_races)
{
	struct fibrule r;
	gva_t link;
	bool end;

	set_up();
	link = kfield_at(&g.k, rule_add(10), F_fib_rule_list);
	fake_u64(&g, link, link.v);
	CHECK_OK(fibrule_iter_init(&it, &g.k, net, AF_INET));
	CHECK_OK(fibrule_iter_next(&it, &g.k, AF_INET, &r, &end));
	CHECK_ERR(fibrule_iter_next(&it, &g.k, AF_INET, &r, &end), ERR_RACE);
	link = kfield_at(&g.k, ops, F_fib_rules_ops_list);
	fake_u64(&g, link, link.v);
	CHECK_ERR(fibrule_iter_init(&it, &g.k, net, AF_INET6), ERR_RACE);
	fake_u64(&g, kfield_at(&g.k, net, F_net_rules_ops), 8);
	CHECK_ERR(fibrule_iter_init(&it, &g.k, net, AF_INET), ERR_FAULT);
}
