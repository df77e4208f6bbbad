/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/net/rt_cache, rt_acct (net/ipv4/route.c), ipv6_route (net/ipv6/ip6_fib.c), rt6_stats
 * (net/ipv6/route.c). Input: attacker-controlled.
 */
#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/netdev.h"
#include "transcall/kobj/route6.h"
#include "transcall/kobj/rtstat.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define ROUTE_GATEWAY 0x2 /* RTF_GATEWAY */
#define ADDRESS_BYTES 16

/* The cache went in 3.6. */
const struct err *net_rt_cache(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)view, (void)node;
	fprintf(out, "%-127s\n",
		"Iface\tDestination\tGateway \tFlags\t\tRefCnt\tUse\tMetric\tSource\t\tMTU\tWindow"
		"\tIRTT\tTOS\tHHRef\tHHUptod\tSpecDst");
	return NULL;
}

/* Words as memory has them. */
const struct err *net_rt_acct(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint32_t words[RTSTAT_ACCOUNT_WORDS];

	(void)node;
	TRY(rtstat_accounts(view->kernel, words));
	fwrite(words, sizeof(words[0]), RTSTAT_ACCOUNT_WORDS, out);
	return NULL;
}

const struct err *net_rt6_stats(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint32_t columns[RTSTAT6_COLUMNS];
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(rtstat6_read(view->kernel, net, columns));
	for (unsigned i = 0; i < RTSTAT6_COLUMNS; i++)
		fprintf(out, "%s%04" PRIx32, i ? " " : "", columns[i]);
	fputc('\n', out);
	return NULL;
}

static const struct err *source_print(const struct kernel *k, gva_t route, FILE *out)
{
	uint8_t source[ADDRESS_BYTES] = {0};
	uint64_t len = 0;

	if (profile_has(k->profile, F_fib6_info_src)) {
		TRY(kfield_bytes(k, route, F_fib6_info_src, source, sizeof(source)));
		TRY(kfield_uint(k, route, F_fib6_info_src_len, &len));
	}
	nettext_hex(source, sizeof(source), out);
	fprintf(out, " %02x ", (unsigned)len);
	return NULL;
}

static const struct err *route_render(const struct kernel *k, struct route6 *r, FILE *out)
{
	char name[NETDEV_NAME_BYTES] = "";
	gva_t hop = route6_leg(k, r->at), dev;
	struct route_leg leg;
	uint64_t references;
	uint32_t id;

	if (!gva_is_null(r->nexthop))
		TRY(route_nexthop_leg(k, r->nexthop, &id, &hop));
	TRY(route_read_leg(k, hop, &leg));
	TRY(kfield_ptr(k, hop, F_fib_hop_dev, &dev));
	if (!gva_is_null(dev))
		TRY(netdev_name(k, dev, name));
	TRY(kfield_uint(k, r->at, F_fib6_info_ref, &references));
	nettext_hex(r->prefix, sizeof(r->prefix), out);
	fprintf(out, " %02x ", r->prefix_len);
	TRY(source_print(k, r->at, out));
	if (leg.gateway_family)
		r->flags |= ROUTE_GATEWAY;
	else
		memset(leg.gateway, 0, sizeof(leg.gateway));
	nettext_hex(leg.gateway, sizeof(leg.gateway), out);
	fprintf(out, " %08" PRIx32 " %08x %08x %08" PRIx32 " %8s\n", r->metric,
		(unsigned)references, 0, r->flags, name);
	return NULL;
}

const struct err *net_ipv6_route(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct route6_iter it;
	struct route6 r;
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(route6_iter_init(&it, view->kernel, net));
	it.each = true;
	for (;;) {
		long start = ftell(out);
		const struct err *e = route6_iter_next(&it, view->kernel, &r);

		if (!e && gva_is_null(r.at))
			return NULL;
		if (!e)
			e = route_render(view->kernel, &r, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
