/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/arp. Input: attacker-controlled. */
#include <arpa/inet.h>
#include <linux/if_arp.h>
#include <linux/neighbour.h>

#include "transcall/kobj/neigh.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define HAS_ADDRESS (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)

/* arp_state_to_flags() */
static unsigned flags_of(uint8_t state)
{
	if (state & NUD_PERMANENT)
		return ATF_PERM | ATF_COM;
	return state & HAS_ADDRESS ? ATF_COM : 0;
}

/* arp_format_neigh_entry() */
static const struct err *neigh_render(const struct kernel *k, const struct neigh *n, FILE *out)
{
	char text[3 * NEIGH_ADDRESS_BYTES + 1] = "", key[INET_ADDRSTRLEN], name[NETDEV_NAME_BYTES];
	struct netdev_address a;
	uint64_t type;

	TRY(netdev_read_address(k, n->dev, &a));
	TRY(netdev_name(k, n->dev, name));
	TRY(kfield_uint(k, n->dev, F_net_device_type, &type));
	for (unsigned i = 0; i < a.len; i++)
		snprintf(text + 3 * i - (i > 0), 4, i > 0 ? ":%02x" : "%02x", n->address[i]);
	inet_ntop(AF_INET, n->key, key, sizeof(key));
	fprintf(out, "%-16s 0x%-10x0x%-10x%-17s     *        %s\n", key, (unsigned)type,
		flags_of(n->state), text, name);
	return NULL;
}

/* Who is never asked for is not shown; nor are the proxies. */
const struct err *net_arp(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct neigh_iter it;
	struct neigh n;
	gva_t net;

	fputs("IP address       HW type     Flags       HW address            Mask     Device\n",
	      out);
	TRY(nettext_net(view, node, &net));
	TRY(neigh_iter_init(&it, view->kernel, net, AF_INET));
	for (;;) {
		long start = ftell(out);
		const struct err *e = neigh_iter_next(&it, view->kernel, &n);

		if (!e && gva_is_null(n.dev))
			return NULL;
		if (!e && n.state & (uint8_t)~NUD_NOARP)
			e = neigh_render(view->kernel, &n, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
