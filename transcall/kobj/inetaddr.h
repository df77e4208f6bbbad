/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inetaddr - IPv4 addresses of interfaces, and how long an address of either family still lives. */
#ifndef TC_KOBJ_INETADDR_H
#define TC_KOBJ_INETADDR_H

#include "transcall/kobj/kernel.h"

#define INETADDR_LABEL_BYTES 17 /* IFNAMSIZ, and a NUL */
#define INETADDR_FOREVER     UINT32_MAX

struct inetaddr_times {
	uint32_t preferred, valid; /* seconds from @updated on, or INETADDR_FOREVER */
	uint64_t created, updated; /* jiffies */
};

/* The times as they are now: @t->preferred and @t->valid from now on. */
MUST_CHECK const struct err *inetaddr_times_left(const struct kernel *k, struct inetaddr_times *t);

struct inetaddr {
	uint32_t local, address, broadcast; /* in network order, as memory has them */
	uint32_t priority, flags;
	uint8_t prefix_len, scope, protocol;
	char label[INETADDR_LABEL_BYTES];
	struct inetaddr_times times;
};

/* Walk over the addresses of the struct net_device at @dev, in the kernel's order. */
struct inetaddr_iter {
	gva_t next;
	unsigned steps;
};
MUST_CHECK const struct err *inetaddr_iter_init(struct inetaddr_iter *it, const struct kernel *k,
						gva_t dev);
MUST_CHECK const struct err *inetaddr_iter_next(struct inetaddr_iter *it, const struct kernel *k,
						struct inetaddr *ret, bool *ret_end);

#endif
