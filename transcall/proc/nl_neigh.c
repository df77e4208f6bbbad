/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTM_GETNEIGH (neigh_fill_info() of net/core/neighbour.c). Input: attacker-controlled. */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "transcall/kobj/neigh.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/view.h"

#define HAS_ADDRESS   (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)
#define CLOCK_HZ      100u /* USER_HZ */
#define FLAGS_OF_BYTE 8    /* further ones are an attribute of their own */

static uint32_t clock_since(const struct kernel *k, uint64_t now, uint64_t then)
{
	return (uint32_t)((now - then) * CLOCK_HZ / k->hz);
}

static const struct err *times_put(const struct kernel *k, const struct neigh *n, struct nlmsg *m)
{
	uint64_t now;

	TRY(kread_u64(k, kernel_symbol(k, S_jiffies), &now));
	struct nda_cacheinfo info = {.ndm_confirmed = clock_since(k, now, n->confirmed),
				     .ndm_used = clock_since(k, now, n->used),
				     .ndm_updated = clock_since(k, now, n->updated),
				     .ndm_refcnt = n->references - 1};

	nlmsg_attr_u32(m, NDA_PROBES, n->probes);
	nlmsg_attr(m, NDA_CACHEINFO, &info, sizeof(info));
	return NULL;
}

static const struct err *neigh_put(const struct kernel *k, const struct neigh *n, uint8_t family,
				   struct nlmsg *m, FILE *out)
{
	struct ndmsg body = {.ndm_family = family,
			     .ndm_state = n->state,
			     .ndm_flags = (uint8_t)n->flags,
			     .ndm_type = n->type};
	struct netdev_address a;

	TRY(netdev_index(k, n->dev, &body.ndm_ifindex));
	TRY(netdev_read_address(k, n->dev, &a));
	nlmsg_begin(m, RTM_NEWNEIGH, &body, sizeof(body));
	nlmsg_attr(m, NDA_DST, n->key, family == AF_INET6 ? 16 : 4);
	if (n->state & HAS_ADDRESS)
		nlmsg_attr(m, NDA_LLADDR, n->address, a.len);
	TRY(times_put(k, n, m));
	if (n->protocol)
		nlmsg_attr_u8(m, NDA_PROTOCOL, n->protocol);
	if (n->flags >> FLAGS_OF_BYTE)
		nlmsg_attr_u32(m, NDA_FLAGS_EXT, n->flags >> FLAGS_OF_BYTE);
	return nlmsg_end(m, out);
}

const struct err *nl_neigh(struct proc_view *view, const struct netlink_request *request,
			   uint8_t family, FILE *out, int *ret_errnum)
{
	struct neigh_iter it;
	struct neigh n;
	struct nlmsg m;
	gva_t net;

	*ret_errnum = request->dump ? 0 : EOPNOTSUPP;
	if (!request->dump)
		return NULL;
	TRY(answer_net(view, &net));
	TRY(neigh_iter_init(&it, view->kernel, net, family));
	for (;;) {
		long start = ftell(out);
		const struct err *e = neigh_iter_next(&it, view->kernel, &n);

		if (!e && gva_is_null(n.dev))
			return NULL;
		if (!e)
			e = neigh_put(view->kernel, &n, family, &m, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
