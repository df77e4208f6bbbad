/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/net/ip_mr_vif, ip_mr_cache, ip6_mr_vif, ip6_mr_cache (net/ipv4/ipmr.c,
 * net/ipv6/ip6mr.c). Input: attacker-controlled.
 */
#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/mroute.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define TTL_NEVER 255

static const struct err *table_find(struct proc_view *view, const struct proc_node *node,
				    bool is_ipv6, struct mroute *ret)
{
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(mroute_find(view->kernel, net, is_ipv6, ret));
	if (gva_is_null(ret->table))
		return ERR(ERR_ABSENT, "the guest has no table of multicast routes");
	return NULL;
}

/* --- interfaces ------------------------------------------------------------------------------- */

static const struct err *vif_render(const struct kernel *k, const struct mroute *r, uint32_t i,
				    FILE *out)
{
	char name[NETDEV_NAME_BYTES];
	struct mroute_vif v;

	TRY(mroute_vif_read(k, r, i, &v));
	if (gva_is_null(v.dev))
		return NULL;
	TRY(netdev_name(k, v.dev, name));
	fprintf(out, "%2" PRIu32 " %-10s %8" PRIu64 " %7" PRIu64 "  %8" PRIu64 " %7" PRIu64 " %05X",
		i, name, v.bytes_in, v.packets_in, v.bytes_out, v.packets_out, v.flags);
	if (!r->is_ipv6)
		fprintf(out, " %08" PRIX32 " %08" PRIX32, v.local, v.remote);
	fputc('\n', out);
	return NULL;
}

static const struct err *vifs_render(struct proc_view *view, const struct proc_node *node,
				     bool is_ipv6, FILE *out)
{
	struct mroute r;

	TRY(table_find(view, node, is_ipv6, &r));
	fprintf(out, "Interface      BytesIn  PktsIn  BytesOut PktsOut Flags%s\n",
		is_ipv6 ? "" : " Local    Remote");
	for (uint32_t i = 0; i < r.vif_count; i++) {
		long start = ftell(out);

		TRY(view_pass_line(view, out, start, vif_render(view->kernel, &r, i, out)));
	}
	return NULL;
}

const struct err *net_ip_mr_vif(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return vifs_render(view, node, false, out);
}

const struct err *net_ip6_mr_vif(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return vifs_render(view, node, true, out);
}

/* --- routes ----------------------------------------------------------------------------------- */

/* As a number of the host's order, or as %pI6. */
static void address_print(const uint8_t bytes[static 16], bool is_ipv6, FILE *out)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	if (!is_ipv6) {
		fprintf(out, "%08" PRIX32 " ", word);
		return;
	}
	for (unsigned i = 0; i < 16; i += 2)
		fprintf(out, "%02x%02x%c", bytes[i], bytes[i + 1], i < 14 ? ':' : ' ');
}

static const struct err *entry_render(const struct kernel *k, const struct mroute *r,
				      const struct mroute_entry *e, FILE *out)
{
	struct mroute_vif v;

	address_print(e->group, r->is_ipv6, out);
	address_print(e->origin, r->is_ipv6, out);
	fprintf(out, "%-3d %8" PRIu64 " %8" PRIu64 " %8" PRIu64, e->parent, e->packets, e->bytes,
		e->wrong);
	for (uint32_t i = e->first_vif; i < e->end_vif; i++) {
		TRY(mroute_vif_read(k, r, i, &v));
		if (!gva_is_null(v.dev) && e->ttls[i] < TTL_NEVER)
			fprintf(out, " %2" PRIu32 ":%-3d", i, e->ttls[i]);
	}
	fputc('\n', out);
	return NULL;
}

static const struct err *entries_render(struct proc_view *view, const struct proc_node *node,
					bool is_ipv6, FILE *out)
{
	struct mroute_entry entry;
	struct mroute_iter it;
	struct mroute r;

	TRY(table_find(view, node, is_ipv6, &r));
	TRY(mroute_iter_init(&it, view->kernel, &r));
	for (;;) {
		long start = ftell(out);
		const struct err *e = mroute_iter_next(&it, view->kernel, &r, &entry);

		if (!e && gva_is_null(entry.at))
			return NULL;
		if (!e)
			e = entry_render(view->kernel, &r, &entry, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

const struct err *net_ip_mr_cache(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fputs("Group    Origin   Iif     Pkts    Bytes    Wrong Oifs\n", out);
	return entries_render(view, node, false, out);
}

const struct err *net_ip6_mr_cache(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fputs("Group                            Origin                           Iif      Pkts  "
	      "Bytes     Wrong  Oifs\n",
	      out);
	return entries_render(view, node, true, out);
}
