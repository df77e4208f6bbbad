/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routing rules. Input: attacker-controlled. */
#include "transcall/kobj/fibrule.h"

#include <string.h>
#include <sys/socket.h>

/* Members that go over as they are. */
struct row {
	enum field_id field;
	uint16_t offset, len;
};
#define ROW(field_, member_)                                                                       \
	{                                                                                          \
		F_##field_, offsetof(struct fibrule, member_),                                     \
			sizeof(((struct fibrule *)NULL)->member_)                                  \
	}

static const struct row common_rows[] = {
	ROW(fib_rule_iifindex, iif_index),
	ROW(fib_rule_oifindex, oif_index),
	ROW(fib_rule_mark, mark),
	ROW(fib_rule_mark_mask, mark_mask),
	ROW(fib_rule_flags, flags),
	ROW(fib_rule_table, table),
	ROW(fib_rule_target, target),
	ROW(fib_rule_pref, priority),
	ROW(fib_rule_suppress_ifgroup, suppress_group),
	ROW(fib_rule_suppress_prefixlen, suppress_prefix_len),
	ROW(fib_rule_action, action),
	ROW(fib_rule_l3mdev, l3mdev),
	ROW(fib_rule_proto, protocol),
	ROW(fib_rule_ip_proto, ip_protocol),
	ROW(fib_rule_tun_id, tunnel),
	ROW(fib_rule_uid_range, uids),
	ROW(fib_rule_sport_range, source_ports),
	ROW(fib_rule_dport_range, target_ports),
	{0},
};
static const struct row inet_rows[] = {
	ROW(fib4_rule_dst_len, dst_len),
	ROW(fib4_rule_src_len, src_len),
	ROW(fib4_rule_tos, tos),
	{F_fib4_rule_dst, offsetof(struct fibrule, dst), 4},
	{F_fib4_rule_src, offsetof(struct fibrule, src), 4},
	{0},
};
static const struct row inet6_rows[] = {
	{F_fib6_rule_dst_len, offsetof(struct fibrule, dst_len), 1},
	{F_fib6_rule_src_len, offsetof(struct fibrule, src_len), 1},
	ROW(fib6_rule_tos, tos),
	ROW(fib6_rule_dst, dst),
	ROW(fib6_rule_src, src),
	{0},
};

static const struct err *rows_read(const struct kernel *k, gva_t at, const struct row *row,
				   struct fibrule *ret)
{
	for (; row->len; row++)
		TRY(kfield_bytes(k, at, row->field, (uint8_t *)ret + row->offset, row->len));
	return NULL;
}

/* lookup_rules_ops(); without rules of that family, an empty list. */
const struct err *fibrule_iter_init(struct list_iter *it, const struct kernel *k, gva_t net,
				    uint16_t family)
{
	struct list_iter ops;
	uint64_t found;
	gva_t node;

	*it = (struct list_iter){.steps = 0};
	TRY(list_init(&ops, k, kfield_at(k, net, F_net_rules_ops)));
	for (;;) {
		TRY(list_next(&ops, k, &node));
		if (gva_is_null(node))
			return NULL;
		gva_t at = kfield_container(k, node, F_fib_rules_ops_list);
		TRY(kfield_uint(k, at, F_fib_rules_ops_family, &found));
		if (found == family)
			return list_init(it, k, kfield_at(k, at, F_fib_rules_ops_rules));
	}
}

const struct err *fibrule_iter_next(struct list_iter *it, const struct kernel *k, uint16_t family,
				    struct fibrule *ret, bool *ret_end)
{
	gva_t node;

	memset(ret, 0, sizeof(*ret));
	TRY(list_next(it, k, &node));
	*ret_end = gva_is_null(node);
	if (*ret_end)
		return NULL;
	gva_t at = kfield_container(k, node, F_fib_rule_list);
	TRY(rows_read(k, at, common_rows, ret));
	TRY(kfield_str(k, at, F_fib_rule_iifname, ret->iif, sizeof(ret->iif)));
	TRY(kfield_str(k, at, F_fib_rule_oifname, ret->oif, sizeof(ret->oif)));
	return rows_read(k, at, family == AF_INET6 ? inet6_rows : inet_rows, ret);
}
