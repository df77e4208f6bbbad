/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RTM_GETROUTE, of all routes (fib_dump_info() of net/ipv4, rt6_fill_node() of net/ipv6). Input:
 * attacker-controlled.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/route6.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/view.h"

#define TABLE_BYTE_MAX   256u
#define EXPIRES          0x00400000u /* RTF_EXPIRES (include/uapi/linux/ipv6_route.h) */
#define PREFERENCE_SHIFT 27          /* IPV6_EXTRACT_PREF() */
#define CLOCK_HZ         100u        /* USER_HZ */
#define LEG_FLAGS        (RTNH_F_DEAD | RTNH_F_ONLINK | RTNH_F_LINKDOWN | RTNH_F_OFFLOAD | RTNH_F_TRAP)
#define CC_ALGORITHM     (RTAX_CC_ALGO - 1)

struct dump {
	struct proc_view *view;
	const struct kernel *k;
	struct nlmsg m;
	struct rtmsg body;
};

/* --- parts of both families ------------------------------------------------------------------ */

static void table_set(struct rtmsg *body, uint32_t table)
{
	body->rtm_table = table < TABLE_BYTE_MAX ? (uint8_t)table : RT_TABLE_COMPAT;
}

static unsigned address_len(uint16_t family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

/* rtnetlink_put_metrics(); a congestion control is a hash there, whose name is not looked for. */
static void metrics_put(struct dump *d, const struct route_metrics *metrics)
{
	size_t nest = 0;

	for (unsigned i = 0; i < ROUTE_METRICS; i++) {
		if (!metrics->v[i] || i == CC_ALGORITHM)
			continue;
		if (!nest)
			nest = nlmsg_nest(&d->m, RTA_METRICS);
		nlmsg_attr_u32(&d->m, (uint16_t)(i + 1), metrics->v[i]);
	}
	if (nest)
		nlmsg_nest_end(&d->m, nest);
}

/* A gateway of the other family is RTA_VIA. */
static void gateway_put(struct dump *d, const struct route_leg *leg)
{
	struct {
		uint16_t family;
		uint8_t address[16];
	} via = {.family = leg->gateway_family};
	unsigned len = address_len(leg->gateway_family);

	if (!leg->gateway_family)
		return;
	if (leg->gateway_family == d->body.rtm_family) {
		nlmsg_attr(&d->m, RTA_GATEWAY, leg->gateway, len);
		return;
	}
	memcpy(via.address, leg->gateway, len);
	nlmsg_attr(&d->m, RTA_VIA, &via, sizeof(via.family) + len);
}

/* The route's only hop. */
static const struct err *leg_put(struct dump *d, gva_t at, uint32_t *flags)
{
	struct route_leg leg;

	TRY(route_read_leg(d->k, at, &leg));
	gateway_put(d, &leg);
	if (leg.ifindex)
		nlmsg_attr_u32(&d->m, RTA_OIF, (uint32_t)leg.ifindex);
	*flags |= leg.flags & LEG_FLAGS;
	return NULL;
}

/* One of several: a struct rtnexthop, which is shaped like an attribute but for its third word. */
static const struct err *multi_leg_put(struct dump *d, gva_t at)
{
	struct route_leg leg;
	struct rtnexthop hop;
	size_t start = d->m.len;
	uint8_t rest[sizeof(hop) - sizeof(struct nlattr)];

	TRY(route_read_leg(d->k, at, &leg));
	memcpy(rest, &leg.ifindex, sizeof(rest));
	nlmsg_attr(&d->m, (uint16_t)((leg.flags & LEG_FLAGS) | (leg.weight - 1) << 8), rest,
		   sizeof(rest));
	gateway_put(d, &leg);
	nlmsg_nest_end(&d->m, start);
	return NULL;
}

static const struct err *nexthop_put(struct dump *d, gva_t nexthop, uint32_t *flags)
{
	uint32_t id;
	gva_t leg;

	TRY(route_nexthop_leg(d->k, nexthop, &id, &leg));
	nlmsg_attr_u32(&d->m, RTA_NH_ID, id);
	return leg_put(d, leg, flags);
}

/* The flags are known last. */
static const struct err *message_end(struct dump *d, uint32_t flags, FILE *out)
{
	d->body.rtm_flags = flags;
	memcpy(d->m.bytes + NLMSG_HDRLEN, &d->body, sizeof(d->body));
	return nlmsg_end(&d->m, out);
}

/* --- IPv4 ------------------------------------------------------------------------------------- */

static const struct err *legs_put(struct dump *d, gva_t at, const struct route_info *info,
				  uint32_t *flags)
{
	size_t nest;

	if (!gva_is_null(info->nexthop))
		return nexthop_put(d, info->nexthop, flags);
	if (info->hops == 1)
		return leg_put(d, route_leg_at(d->k, at, 0), flags);
	if (info->hops == 0)
		return NULL;
	nest = nlmsg_nest(&d->m, RTA_MULTIPATH);
	for (uint32_t i = 0; i < info->hops; i++)
		TRY(multi_leg_put(d, route_leg_at(d->k, at, i)));
	nlmsg_nest_end(&d->m, nest);
	return NULL;
}

static const struct err *route_put(struct dump *d, const struct route *r, uint32_t table, FILE *out)
{
	uint32_t prefix = htonl(r->prefix), flags;
	struct route_info info;

	if (gva_is_null(r->info))
		return NULL;
	TRY(route_read_info(d->k, r->info, &info));
	d->body = (struct rtmsg){.rtm_family = AF_INET,
				 .rtm_dst_len = (uint8_t)r->prefix_len,
				 .rtm_tos = (uint8_t)r->tos,
				 .rtm_type = (uint8_t)r->type,
				 .rtm_protocol = info.protocol,
				 .rtm_scope = info.scope};
	table_set(&d->body, table);
	flags = info.flags;
	nlmsg_begin(&d->m, RTM_NEWROUTE, &d->body, sizeof(d->body));
	nlmsg_attr_u32(&d->m, RTA_TABLE, table);
	if (r->prefix_len)
		nlmsg_attr_u32(&d->m, RTA_DST, prefix);
	if (info.priority)
		nlmsg_attr_u32(&d->m, RTA_PRIORITY, info.priority);
	metrics_put(d, &info.metrics);
	if (info.source)
		nlmsg_attr_u32(&d->m, RTA_PREFSRC, info.source);
	TRY(legs_put(d, r->info, &info, &flags));
	return message_end(d, flags, out);
}

static const struct err *table_dump(struct dump *d, gva_t table, uint32_t id, FILE *out)
{
	struct route_iter it;
	struct route r;
	bool end;

	TRY(route_iter_init_table(&it, d->k, table, id));
	for (;;) {
		long start = ftell(out);
		const struct err *e = route_iter_next(&it, d->k, &r, &end);

		if (!e && end)
			return NULL;
		if (!e)
			e = route_put(d, &r, id, out);
		TRY(view_pass_line(d->view, out, start, e));
	}
}

static const struct err *inet_dump(struct dump *d, gva_t net, FILE *out)
{
	struct hashwalk it;
	uint32_t id;
	gva_t table;

	TRY(route_tables_init(&it, d->k, net));
	for (;;) {
		const struct err *e = route_tables_next(&it, d->k, &table, &id);

		if (!e && gva_is_null(table))
			return NULL;
		if (!e)
			e = table_dump(d, table, id, out);
		TRY(view_pass_over(d->view, e));
	}
}

/* --- IPv6 ------------------------------------------------------------------------------------- */

static const struct err *legs6_put(struct dump *d, const struct route6 *r, uint32_t *flags)
{
	gva_t at = r->at;
	size_t nest;

	if (!gva_is_null(r->nexthop))
		return nexthop_put(d, r->nexthop, flags);
	if (r->siblings == 0)
		return leg_put(d, route6_leg(d->k, at), flags);
	nest = nlmsg_nest(&d->m, RTA_MULTIPATH);
	for (uint32_t i = 0; i <= r->siblings && i < ROUTE_HOPS_MAX && !gva_is_null(at); i++) {
		TRY(multi_leg_put(d, route6_leg(d->k, at)));
		TRY(route6_sibling(d->k, at, &at));
	}
	nlmsg_nest_end(&d->m, nest);
	return NULL;
}

static const struct err *times_put(struct dump *d, const struct route6 *r)
{
	struct rta_cacheinfo info = {.rta_clntref = 0};
	uint64_t now;

	TRY(kread_u64(d->k, kernel_symbol(d->k, S_jiffies), &now));
	if (r->flags & EXPIRES)
		info.rta_expires = (int32_t)((int64_t)(r->expires - now) * CLOCK_HZ / d->k->hz);
	nlmsg_attr(&d->m, RTA_CACHEINFO, &info, sizeof(info));
	return NULL;
}

static const struct err *route6_put(struct dump *d, const struct route6 *r, FILE *out)
{
	uint32_t flags = 0;

	d->body = (struct rtmsg){.rtm_family = AF_INET6,
				 .rtm_dst_len = r->prefix_len,
				 .rtm_type = r->type,
				 .rtm_protocol = r->protocol,
				 .rtm_scope = RT_SCOPE_UNIVERSE};
	table_set(&d->body, r->table);
	nlmsg_begin(&d->m, RTM_NEWROUTE, &d->body, sizeof(d->body));
	nlmsg_attr_u32(&d->m, RTA_TABLE, r->table);
	if (r->prefix_len)
		nlmsg_attr(&d->m, RTA_DST, r->prefix, sizeof(r->prefix));
	if (r->source_len)
		nlmsg_attr(&d->m, RTA_PREFSRC, r->source, sizeof(r->source));
	metrics_put(d, &r->metrics);
	nlmsg_attr_u32(&d->m, RTA_PRIORITY, r->metric);
	TRY(legs6_put(d, r, &flags));
	TRY(times_put(d, r));
	nlmsg_attr_u8(&d->m, RTA_PREF, r->flags >> PREFERENCE_SHIFT & 3);
	return message_end(d, flags, out);
}

static const struct err *inet6_dump(struct dump *d, gva_t net, FILE *out)
{
	struct route6_iter it;
	struct route6 r;

	TRY(route6_iter_init(&it, d->k, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = route6_iter_next(&it, d->k, &r);

		if (!e && gva_is_null(r.at))
			return NULL;
		if (!e)
			e = route6_put(d, &r, out);
		TRY(view_pass_line(d->view, out, start, e));
	}
}

/* Which route a packet would take is not told: that is a computation of the guest's kernel. */
const struct err *nl_route(struct proc_view *view, const struct netlink_request *request,
			   uint8_t family, FILE *out, int *ret_errnum)
{
	struct dump d = {.view = view, .k = view->kernel};
	gva_t net;

	*ret_errnum = request->dump ? 0 : EOPNOTSUPP;
	if (!request->dump)
		return NULL;
	TRY(answer_net(view, &net));
	return family == AF_INET6 ? inet6_dump(&d, net, out) : inet_dump(&d, net, out);
}
