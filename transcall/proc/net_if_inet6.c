/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/if_inet6. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/inet6addr.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

static void line_print(const struct inet6addr *a, int32_t index, const char *name, FILE *out)
{
	nettext_hex(a->bytes, sizeof(a->bytes), out);
	fprintf(out, " %02x %02" PRIx32 " %02x %02" PRIx32 " %8s\n", (unsigned)index, a->prefix_len,
		a->scope, a->flags & 0xff, name);
}

const struct err *net_if_inet6(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	char name[NETDEV_NAME_BYTES];
	struct inet6addr_iter it;
	struct inet6addr a;
	int32_t index;
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(inet6addr_iter_init(&it, view->kernel, net));
	for (;;) {
		const struct err *e = inet6addr_iter_next(&it, view->kernel, &a);

		if (!e && gva_is_null(a.dev))
			return NULL;
		if (!e)
			e = netdev_index(view->kernel, a.dev, &index);
		if (!e)
			e = netdev_name(view->kernel, a.dev, name);
		if (!e)
			line_print(&a, index, name, out);
		TRY(view_pass_over(view, e));
	}
}
