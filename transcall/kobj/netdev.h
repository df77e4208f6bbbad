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

/* The one with @index, or, where that is 0, with @name; @ret null: there is none. */
MUST_CHECK const struct err *netdev_find(const struct kernel *k, gva_t net, int32_t index,
					 const char *name, gva_t *ret);

/* IFF_*, as dev_get_flags() tells them. */
MUST_CHECK const struct err *netdev_flags(const struct kernel *k, gva_t dev, uint32_t *ret);

/* Index of the device that it is a port of, and of the one below it; 0: none is known. */
MUST_CHECK const struct err *netdev_master(const struct kernel *k, gva_t dev, int32_t *ret);
MUST_CHECK const struct err *netdev_link(const struct kernel *k, gva_t dev, int32_t *ret);

/* The driver's own structure of a device. */
gva_t netdev_priv(const struct kernel *k, gva_t dev);

/* The other end of a veth of which the profile has the structures; null: it is none, or alone. */
MUST_CHECK const struct err *netdev_peer(const struct kernel *k, gva_t dev, gva_t *ret);

/* peernet2id(): the number that the namespace @net knows @other by; -1: none. */
MUST_CHECK const struct err *netdev_net_id(const struct kernel *k, gva_t net, gva_t other,
					   int32_t *ret);

#define NETDEV_ADDRESS_BYTES 32 /* MAX_ADDR_LEN */
struct netdev_address {
	uint8_t len;
	uint8_t bytes[NETDEV_ADDRESS_BYTES], broadcast[NETDEV_ADDRESS_BYTES];
};
MUST_CHECK const struct err *netdev_read_address(const struct kernel *k, gva_t dev,
						 struct netdev_address *ret);

MUST_CHECK const struct err *netdev_name(const struct kernel *k, gva_t dev,
					 char ret[static NETDEV_NAME_BYTES]);
MUST_CHECK const struct err *netdev_index(const struct kernel *k, gva_t dev, int32_t *ret);

#endif
