/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network devices. Input: attacker-controlled. */
#include "transcall/kobj/netdev.h"

const struct err *netdev_iter_init(struct list_iter *it, const struct kernel *k, gva_t net)
{
	return list_init(it, k, kfield_at(k, net, F_net_dev_base));
}

const struct err *netdev_iter_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node;

	TRY(list_next(it, k, &node));
	*ret = gva_is_null(node) ? node : kfield_container(k, node, F_net_device_list);
	return NULL;
}

const struct err *netdev_name(const struct kernel *k, gva_t dev, char ret[static NETDEV_NAME_BYTES])
{
	return kfield_str(k, dev, F_net_device_name, ret, NETDEV_NAME_BYTES);
}

const struct err *netdev_index(const struct kernel *k, gva_t dev, int32_t *ret)
{
	int64_t index;

	TRY(kfield_int(k, dev, F_net_device_ifindex, &index));
	*ret = (int32_t)index;
	return NULL;
}
