/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/route. Input: attacker-controlled. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/route.h>
#include <linux/rtnetlink.h>

#include "transcall/kobj/netdev.h"
#include "transcall/kobj/route.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define LINE_BYTES 160
#define WIDTH      127

/* fib_flag_trans() */
static unsigned route_flags(const struct route *r, uint32_t gateway)
{
	bool rejects = r->type == RTN_UNREACHABLE || r->type == RTN_PROHIBIT;

	return RTF_UP | (rejects ? RTF_REJECT : 0) | (gateway ? RTF_GATEWAY : 0) |
	       (r->prefix_len == 32 ? RTF_HOST : 0);
}

static const struct err *route_render(const struct kernel *k, const struct route *r, FILE *out)
{
	uint32_t mask = r->prefix_len ? UINT32_MAX << (32 - r->prefix_len) : 0;
	char name[NETDEV_NAME_BYTES] = "*", line[LINE_BYTES];
	struct route_hop hop = {.gateway = 0};

	if (!gva_is_null(r->info))
		TRY(route_read_hop(k, r->info, &hop));
	if (!gva_is_null(hop.dev))
		TRY(netdev_name(k, hop.dev, name));
	snprintf(line, sizeof(line),
		 "%s\t%08" PRIX32 "\t%08" PRIX32 "\t%04X\t%d\t%u\t%" PRIu32 "\t%08" PRIX32
		 "\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32,
		 name, htonl(r->prefix), hop.gateway, route_flags(r, hop.gateway), 0, 0,
		 hop.priority, htonl(mask), hop.mtu_advertised, hop.window, hop.rtt);
	fprintf(out, "%-*s\n", WIDTH, line);
	return NULL;
}

const struct err *net_route(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct route_iter it;
	struct route r;
	gva_t net;
	bool end;

	fprintf(out, "%-*s\n", WIDTH,
		"Iface\tDestination\tGateway "
		"\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT");
	TRY(nettext_net(view, node, &net));
	TRY(route_iter_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = route_iter_next(&it, view->kernel, &r, &end);

		if (!e && end)
			return NULL;
		if (!e && r.type != RTN_BROADCAST && r.type != RTN_MULTICAST)
			e = route_render(view->kernel, &r, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
