/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTM_GETRULE (fib_nl_fill_rule() of net/core/fib_rules.c). Input: attacker-controlled. */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/fibrule.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/view.h"

#define TABLE_BYTE_MAX 256u
#define DETACHED       (-1)

static void u32_put(struct nlmsg *m, uint16_t type, uint32_t v)
{
	if (v)
		nlmsg_attr_u32(m, type, v);
}

static void selectors_put(struct nlmsg *m, const struct fibrule *r)
{
	if (r->iif[0])
		nlmsg_attr_text(m, FRA_IIFNAME, r->iif);
	if (r->oif[0])
		nlmsg_attr_text(m, FRA_OIFNAME, r->oif);
	u32_put(m, FRA_PRIORITY, r->priority);
	u32_put(m, FRA_FWMARK, r->mark);
	if (r->mark || r->mark_mask)
		nlmsg_attr_u32(m, FRA_FWMASK, r->mark_mask);
	u32_put(m, FRA_GOTO, r->target);
	if (r->tunnel)
		nlmsg_attr_u64(m, FRA_TUN_ID, r->tunnel);
	if (r->l3mdev)
		nlmsg_attr_u8(m, FRA_L3MDEV, r->l3mdev);
	if (r->uids[0] != UINT32_MAX && r->uids[1] != UINT32_MAX)
		nlmsg_attr(m, FRA_UID_RANGE, r->uids, sizeof(r->uids));
	if (r->source_ports[0])
		nlmsg_attr(m, FRA_SPORT_RANGE, r->source_ports, sizeof(r->source_ports));
	if (r->target_ports[0])
		nlmsg_attr(m, FRA_DPORT_RANGE, r->target_ports, sizeof(r->target_ports));
	if (r->ip_protocol)
		nlmsg_attr_u8(m, FRA_IP_PROTO, r->ip_protocol);
}

static uint32_t flags_of(const struct fibrule *r)
{
	return r->flags | (r->iif[0] && r->iif_index == DETACHED ? FIB_RULE_IIF_DETACHED : 0) |
	       (r->oif[0] && r->oif_index == DETACHED ? FIB_RULE_OIF_DETACHED : 0);
}

static const struct err *rule_put(const struct fibrule *r, uint8_t family, struct nlmsg *m,
				  FILE *out)
{
	struct fib_rule_hdr body = {.family = family,
				    .dst_len = r->dst_len,
				    .src_len = r->src_len,
				    .tos = r->tos,
				    .action = r->action,
				    .flags = flags_of(r)};
	size_t len = family == AF_INET6 ? 16 : 4;

	body.table = r->table < TABLE_BYTE_MAX ? (uint8_t)r->table : RT_TABLE_COMPAT;
	nlmsg_begin(m, RTM_NEWRULE, &body, sizeof(body));
	nlmsg_attr_u32(m, FRA_TABLE, r->table);
	nlmsg_attr_u32(m, FRA_SUPPRESS_PREFIXLEN, r->suppress_prefix_len);
	nlmsg_attr_u8(m, FRA_PROTOCOL, r->protocol);
	selectors_put(m, r);
	if (r->suppress_group != UINT32_MAX)
		nlmsg_attr_u32(m, FRA_SUPPRESS_IFGROUP, r->suppress_group);
	if (r->dst_len)
		nlmsg_attr(m, FRA_DST, r->dst, len);
	if (r->src_len)
		nlmsg_attr(m, FRA_SRC, r->src, len);
	return nlmsg_end(m, out);
}

const struct err *nl_rule(struct proc_view *view, const struct netlink_request *request,
			  uint8_t family, FILE *out, int *ret_errnum)
{
	struct list_iter it;
	struct fibrule r;
	struct nlmsg m;
	gva_t net;

	*ret_errnum = request->dump ? 0 : EOPNOTSUPP;
	if (!request->dump)
		return NULL;
	TRY(answer_net(view, &net));
	TRY(fibrule_iter_init(&it, view->kernel, net, family));
	for (;;) {
		long start = ftell(out);
		bool end = false;
		const struct err *e = fibrule_iter_next(&it, view->kernel, family, &r, &end);

		if (!e && end)
			return NULL;
		if (!e)
			e = rule_put(&r, family, &m, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
