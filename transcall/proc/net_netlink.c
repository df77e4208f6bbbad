/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/netlink. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/netlinksock.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

static const struct err *sock_render(struct proc_view *view, const struct sock_head *head,
				     FILE *out)
{
	char pointer[PTRHASH_TEXT_BYTES];
	struct netlinksock n;
	struct ksock s;

	TRY(sock_read(view->kernel, head->at, &s));
	TRY(netlinksock_read(view->kernel, head->at, &n));
	TRY(ptrhash_restricted(view->kernel, head->at, pointer));
	fprintf(out,
		"%s %-3d %-10" PRIu32 " %08" PRIx32 " %-8" PRId32 " %-8" PRId32 " %-5d %-8" PRId32
		" %-8" PRIu32 " %-8" PRIu64 "\n",
		pointer, s.protocol, n.portid, n.groups, s.rmem, s.wmem, n.dumping,
		(int32_t)head->refcnt, s.drops, s.ino);
	return NULL;
}

const struct err *net_netlink(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct netlinksock_iter it;
	struct sock_head head;
	gva_t net;

	fputs("sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    "
	      "Inode\n",
	      out);
	TRY(nettext_net(view, node, &net));
	TRY(netlinksock_iter_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = netlinksock_iter_next(&it, view->kernel, &head);

		if (!e && gva_is_null(head.at))
			return NULL;
		if (!e)
			e = sock_render(view, &head, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
