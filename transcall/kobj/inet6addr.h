/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inet6addr - IPv6 addresses of interfaces. */
#ifndef TC_KOBJ_INET6ADDR_H
#define TC_KOBJ_INET6ADDR_H

#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/inetaddr.h"
#include "transcall/kobj/list.h"

/* Walk over the addresses of a network namespace, in the order of /proc/net/if_inet6. */
struct inet6addr_iter {
	struct hashwalk walk;
	gva_t net;
};
MUST_CHECK const struct err *inet6addr_iter_init(struct inet6addr_iter *it, const struct kernel *k,
						 gva_t net);

struct inet6addr {
	uint8_t bytes[16];
	gva_t dev; /* struct net_device */
	uint32_t prefix_len;
	uint16_t scope;
	uint32_t flags;
};
/* @ret->dev null: the end. */
MUST_CHECK const struct err *inet6addr_iter_next(struct inet6addr_iter *it, const struct kernel *k,
						 struct inet6addr *ret);

/* Walk over those of the struct net_device at @dev, in the kernel's order. */
struct inet6addr_more {
	struct inet6addr addr;
	uint8_t peer[16]; /* all zero: none */
	uint32_t priority;
	uint8_t protocol;
	struct inetaddr_times times;
};
MUST_CHECK const struct err *inet6addr_of_dev_init(struct list_iter *it, const struct kernel *k,
						   gva_t dev);
/* @ret->addr.dev null: the end. */
MUST_CHECK const struct err *inet6addr_of_dev_next(struct list_iter *it, const struct kernel *k,
						   struct inet6addr_more *ret);

#endif
