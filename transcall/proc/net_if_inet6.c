/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/if_inet6. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/inet6addr.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"

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
		TRY(inet6addr_iter_next(&it, view->kernel, &a));
		if (gva_is_null(a.dev))
			return NULL;
		TRY(netdev_index(view->kernel, a.dev, &index));
		TRY(netdev_name(view->kernel, a.dev, name));
		for (unsigned i = 0; i < sizeof(a.bytes); i++)
			fprintf(out, "%02x", a.bytes[i]);
		fprintf(out, " %02x %02" PRIx32 " %02x %02" PRIx32 " %8s\n", (unsigned)index,
			a.prefix_len, a.scope, a.flags & 0xff, name);
	}
}
