/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/ip6_flowlabel (net/ipv6/ip6_flowlabel.c). Input: attacker-controlled. */
#include <arpa/inet.h>
#include <inttypes.h>

#include "transcall/kobj/flowlabel.h"
#include "transcall/kobj/pid.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

/* A number of whom it belongs to, in the reader's namespaces. */
static const struct err *owner_number(struct proc_view *view, const struct flowlabel *l,
				      int32_t *ret)
{
	uint32_t uid;

	*ret = 0;
	if (l->share == FLOWLABEL_PROCESS)
		return pid_number(view->kernel, l->pid, view->pid_ns, ret);
	if (l->share != FLOWLABEL_USER)
		return NULL;
	TRY(reader_uid(view, l->uid, &uid));
	*ret = (int32_t)uid;
	return NULL;
}

static const struct err *label_render(struct proc_view *view, const struct flowlabel *l, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t now;
	int32_t owner;

	TRY(owner_number(view, l, &owner));
	TRY(kread_u64(k, kernel_symbol(k, S_jiffies), &now));
	fprintf(out, "%05" PRIX32 " %-1d %-6" PRId32 " %-6" PRId32 " %-6" PRIu64 " %-8" PRId64 " ",
		ntohl(l->label), l->share, owner, l->users, l->linger / k->hz,
		(int64_t)(l->expires - now) / (int64_t)k->hz);
	nettext_hex(l->destination, sizeof(l->destination), out);
	fprintf(out, " %-4u\n", l->option_bytes);
	return NULL;
}

const struct err *net_ip6_flowlabel(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct flowlabel l;
	struct hashwalk it;
	gva_t net;

	fputs("Label S Owner  Users  Linger Expires  Dst                              Opt\n", out);
	TRY(nettext_net(view, node, &net));
	TRY(flowlabel_init(&it, view->kernel));
	for (;;) {
		long start = ftell(out);
		const struct err *e = flowlabel_next(&it, view->kernel, net, &l);

		if (!e && gva_is_null(l.at))
			return NULL;
		if (!e)
			e = label_render(view, &l, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
