/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/net/igmp, igmp6, mcfilter, mcfilter6, anycast6 (net/ipv4/igmp.c, net/ipv6/mcast.c,
 * net/ipv6/anycast.c). Input: attacker-controlled.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/multicast.h"
#include "transcall/kobj/sock.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

/* One file on its way. */
struct listing {
	const struct kernel *k;
	enum multicast_kind kind;
	gva_t net;
	bool begun; /* the first source was shown */
	int32_t index;
	char name[NETDEV_NAME_BYTES]; /* of the group's device */
};
typedef const struct err *group_render_fn(struct listing *l, const struct multicast_group *g,
					  FILE *out);

static const struct err *group_render(struct listing *l, const struct multicast_group *g,
				      group_render_fn *render, FILE *out)
{
	TRY(netdev_index(l->k, g->dev, &l->index));
	TRY(netdev_name(l->k, g->dev, l->name));
	return render(l, g, out);
}

static const struct err *groups_render(struct proc_view *view, const struct proc_node *node,
				       enum multicast_kind kind, group_render_fn *render, FILE *out)
{
	struct listing l = {.k = view->kernel, .kind = kind};
	struct multicast_group g;
	struct multicast_iter it;

	TRY(nettext_net(view, node, &l.net));
	TRY(multicast_iter_init(&it, view->kernel, l.net, kind));
	for (;;) {
		long start = ftell(out);
		const struct err *e = multicast_iter_next(&it, view->kernel, &g);

		if (!e && gva_is_null(g.at))
			return NULL;
		if (!e)
			e = group_render(&l, &g, render, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

/* An IPv4 address as a number: in the order of memory, and of the network. */
static uint32_t word_of(const uint8_t address[static 16])
{
	uint32_t word;

	memcpy(&word, address, sizeof(word));
	return word;
}

/* --- groups ----------------------------------------------------------------------------------- */

static const struct err *igmp_render(struct listing *l, const struct multicast_group *g, FILE *out)
{
	struct multicast_igmp i;
	uint64_t ticks = 0;
	char querier[3] = "V?";

	TRY(multicast_read_igmp(l->k, l->net, g, &i));
	if (i.is_timed)
		TRY(sock_ticks_until(l->k, i.expires, &ticks));
	querier[1] = (char)('0' + i.version);
	if (g->is_first)
		fprintf(out, "%" PRId32 "\t%-10s: %5" PRIu32 " %7s\n", l->index, l->name, i.groups,
			querier);
	fprintf(out, "\t\t\t\t%08" PRIX32 " %5" PRId32 " %d:%08" PRIX64 "\t\t%d\n",
		word_of(g->address), g->users, i.is_timed, ticks, i.is_reporter);
	return NULL;
}

const struct err *net_igmp(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fputs("Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n", out);
	return groups_render(view, node, MULTICAST_IPV4, igmp_render, out);
}

static void head6_print(const struct listing *l, const struct multicast_group *g, FILE *out)
{
	fprintf(out, "%-4" PRId32 " %-15s ", l->index, l->name);
	nettext_hex(g->address, sizeof(g->address), out);
	fprintf(out, " %5" PRId32, g->users);
}

static const struct err *igmp6_render(struct listing *l, const struct multicast_group *g, FILE *out)
{
	struct multicast_mld m;
	uint64_t ticks = 0;

	TRY(multicast_read_mld(l->k, g, &m));
	if (m.flags & MULTICAST_TIMED)
		TRY(sock_ticks_until(l->k, m.expires, &ticks));
	head6_print(l, g, out);
	fprintf(out, " %08" PRIX32 " %" PRIu64 "\n", m.flags, ticks);
	return NULL;
}

const struct err *net_igmp6(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return groups_render(view, node, MULTICAST_IPV6, igmp6_render, out);
}

static const struct err *anycast_render(struct listing *l, const struct multicast_group *g,
					FILE *out)
{
	head6_print(l, g, out);
	fputc('\n', out);
	return NULL;
}

const struct err *net_anycast6(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return groups_render(view, node, MULTICAST_ANYCAST6, anycast_render, out);
}

/* --- sources ---------------------------------------------------------------------------------- */

static void source_print(const struct listing *l, const struct multicast_group *g,
			 const struct multicast_source *s, FILE *out)
{
	fprintf(out, "%3" PRId32 " %6.6s ", l->index, l->name);
	if (l->kind == MULTICAST_IPV4)
		fprintf(out, "0x%08" PRIx32 " 0x%08" PRIx32, ntohl(word_of(g->address)),
			ntohl(word_of(s->address)));
	else {
		nettext_hex(g->address, sizeof(g->address), out);
		fputc(' ', out);
		nettext_hex(s->address, sizeof(s->address), out);
	}
	fprintf(out, " %6" PRIu64 " %6" PRIu64 "\n", s->included, s->excluded);
}

/* igmp_mcf_get_first(): nothing is shown before the first group of a device has sources. */
static const struct err *sources_render(struct listing *l, const struct multicast_group *g,
					FILE *out)
{
	struct multicast_source s;
	struct chain_iter it;

	if (!l->begun && !g->is_first)
		return NULL;
	TRY(multicast_sources_init(&it, l->k, l->kind, g));
	for (;;) {
		TRY(multicast_sources_next(&it, l->k, l->kind, &s));
		if (gva_is_null(s.at))
			return NULL;
		l->begun = true;
		source_print(l, g, &s, out);
	}
}

const struct err *net_mcfilter(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fputs("Idx Device        MCA        SRC    INC    EXC\n", out);
	return groups_render(view, node, MULTICAST_IPV4, sources_render, out);
}

const struct err *net_mcfilter6(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fputs("Idx Device                Multicast Address                   Source Address    "
	      "INC    EXC\n",
	      out);
	return groups_render(view, node, MULTICAST_IPV6, sources_render, out);
}
