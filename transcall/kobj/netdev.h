/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdev - network devices. */
#ifndef TC_KOBJ_NETDEV_H
#define TC_KOBJ_NETDEV_H

#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/list.h"

#define NETDEV_NAME_BYTES 17 /* IFNAMSIZ, and a NUL */

/* Walk over the devices of a network namespace, in the order in which they came into it. */
MUST_CHECK const struct err *netdev_iter_init(struct list_iter *it, const struct kernel *k,
					      gva_t net);
/* @ret: a struct net_device; null at the end. */
MUST_CHECK const struct err *netdev_iter_next(struct list_iter *it, const struct kernel *k,
					      gva_t *ret);

/* Walk over them in the order of /proc/net/dev: by index, or by the hash of it. */
struct netdev_by_index {
	bool is_array;
	uint64_t head, next_index; /* of the array */
	struct hashwalk walk;      /* before 6.6 */
};
MUST_CHECK const struct err *netdev_by_index_init(struct netdev_by_index *it,
						  const struct kernel *k, gva_t net);
/* @ret: a struct net_device; null at the end. */
MUST_CHECK const struct err *netdev_by_index_next(struct netdev_by_index *it,
						  const struct kernel *k, gva_t *ret);

MUST_CHECK const struct err *netdev_name(const struct kernel *k, gva_t dev,
					 char ret[static NETDEV_NAME_BYTES]);
MUST_CHECK const struct err *netdev_index(const struct kernel *k, gva_t dev, int32_t *ret);

#endif
