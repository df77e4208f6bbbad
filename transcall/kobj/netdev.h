/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdev - network devices. */
#ifndef TC_KOBJ_NETDEV_H
#define TC_KOBJ_NETDEV_H

#include "transcall/kobj/list.h"

#define NETDEV_NAME_BYTES 17 /* IFNAMSIZ, and a NUL */

/* Walk over the devices of a network namespace, in the order of /proc/net/dev. */
MUST_CHECK const struct err *netdev_iter_init(struct list_iter *it, const struct kernel *k,
					      gva_t net);
/* @ret: a struct net_device; null at the end. */
MUST_CHECK const struct err *netdev_iter_next(struct list_iter *it, const struct kernel *k,
					      gva_t *ret);

MUST_CHECK const struct err *netdev_name(const struct kernel *k, gva_t dev,
					 char ret[static NETDEV_NAME_BYTES]);
MUST_CHECK const struct err *netdev_index(const struct kernel *k, gva_t dev, int32_t *ret);

#endif
