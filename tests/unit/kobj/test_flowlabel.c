/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/flowlabel.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

static struct fake_guest g;
static struct hashwalk it;
static gva_t net, heads;

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_ip6_flowlabel_next, 0, 8},   {F_ip6_flowlabel_label, 8, 4},
	{F_ip6_flowlabel_users, 12, 4}, {F_ip6_flowlabel_dst, 16, 16},
	{F_ip6_flowlabel_opt, 32, 8},   {F_ip6_flowlabel_linger, 40, 8},
	{F_ip6_flowlabel_share, 48, 1}, {F_ip6_flowlabel_pid, 56, 8},
	{F_ip6_flowlabel_uid, 56, 4},   {F_ip6_flowlabel_expires, 64, 8},
	{F_ip6_flowlabel_net, 72, 8},   {F_ipv6_txoptions_nflen, 0, 2},
};

static void set_up(void)
{
	fake_guest_init(&g);
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(&g, members[i].id, members[i].offset, members[i].size);
	heads = fake_symbol(&g, S_fl_ht, 256 * 8);
	net = fake_alloc(&g, 64, 8);
}

static gva_t label_add(unsigned bucket, uint32_t label, unsigned share, gva_t in)
{
	gva_t at = fake_alloc(&g, 128, 8);

	fake_set(&g, at, F_ip6_flowlabel_label, label);
	fake_set(&g, at, F_ip6_flowlabel_share, share);
	fake_set(&g, at, F_ip6_flowlabel_pid, 0x1111);
	fake_set(&g, at, F_ip6_flowlabel_net, in.v);
	fake_u64(&g, gva_add(heads, 8 * bucket), at.v);
	return at;
}

TEST(flowlabel, those_of_a_namespace)
{
	struct flowlabel l;

	set_up();
	label_add(1, 5, FLOWLABEL_USER, net);
	label_add(2, 6, FLOWLABEL_USER, fake_alloc(&g, 64, 8));
	label_add(255, 7, FLOWLABEL_PROCESS, net);
	CHECK_OK(flowlabel_init(&it, &g.k));
	CHECK_OK(flowlabel_next(&it, &g.k, net, &l));
	CU_ASSERT_EQUAL(l.label, 5);
	CU_ASSERT_EQUAL(l.uid, 0x1111);
	CU_ASSERT_TRUE(gva_is_null(l.pid));
	CHECK_OK(flowlabel_next(&it, &g.k, net, &l));
	CU_ASSERT_EQUAL(l.label, 7);
	CU_ASSERT_EQUAL(l.pid.v, 0x1111);
	CHECK_OK(flowlabel_next(&it, &g.k, net, &l));
	CU_ASSERT_TRUE(gva_is_null(l.at));
}

TEST(flowlabel, chains_that_loop_are_races)
{
	struct flowlabel l;
	gva_t at;

	set_up();
	at = label_add(1, 5, FLOWLABEL_USER, net);
	fake_set(&g, at, F_ip6_flowlabel_next, at.v);
	CHECK_OK(flowlabel_init(&it, &g.k));
	CHECK_OK(flowlabel_next(&it, &g.k, net, &l));
	CHECK_ERR(flowlabel_next(&it, &g.k, net, &l), ERR_RACE);
	fake_set(&g, at, F_ip6_flowlabel_next, 0);
	fake_set(&g, at, F_ip6_flowlabel_opt, 4096);
	CHECK_OK(flowlabel_init(&it, &g.k));
	CHECK_ERR(flowlabel_next(&it, &g.k, net, &l), ERR_FAULT);
}
