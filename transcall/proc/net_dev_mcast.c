/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/dev_mcast (net/core/net-procfs.c). Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/multicast.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

static const struct err *device_render(const struct kernel *k, gva_t dev, FILE *out)
{
	char name[NETDEV_NAME_BYTES];
	struct multicast_link link;
	struct netdev_address own;
	struct list_iter it;
	int32_t index;

	TRY(netdev_index(k, dev, &index));
	TRY(netdev_name(k, dev, name));
	TRY(netdev_read_address(k, dev, &own));
	TRY(multicast_links_init(&it, k, dev));
	for (;;) {
		TRY(multicast_links_next(&it, k, &link));
		if (gva_is_null(link.at))
			return NULL;
		fprintf(out, "%-4" PRId32 " %-15s %-5" PRId32 " %-5d ", index, name,
			link.references, link.is_global);
		nettext_hex(link.address, own.len, out);
		fputc('\n', out);
	}
}

const struct err *net_dev_mcast(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct netdev_by_index it;
	gva_t net, dev;

	TRY(nettext_net(view, node, &net));
	TRY(netdev_by_index_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = netdev_by_index_next(&it, view->kernel, &dev);

		if (!e && gva_is_null(dev))
			return NULL;
		if (!e)
			e = device_render(view->kernel, dev, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
