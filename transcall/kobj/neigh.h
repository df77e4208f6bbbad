/* SPDX-License-Identifier: GPL-2.0-or-later */
/* neigh - neighbours: link addresses of hosts, by ARP and by neighbour discovery. */
#ifndef TC_KOBJ_NEIGH_H
#define TC_KOBJ_NEIGH_H

#include "transcall/kobj/hashwalk.h"

#define NEIGH_ADDRESS_BYTES 32 /* MAX_ADDR_LEN */

struct neigh {
	gva_t dev;       /* struct net_device; null: the end of a walk */
	uint8_t key[16]; /* the host's address */
	uint8_t address[NEIGH_ADDRESS_BYTES];
	uint8_t state, type, protocol; /* NUD_*, RTN_*, RTPROT_* */
	uint32_t flags, probes;        /* flags: NTF_* */
	uint32_t references;
	uint64_t used, confirmed, updated; /* jiffies */
};

/* Walk over the neighbours of a network namespace and address family, in the kernel's order. */
struct neigh_iter {
	struct hashwalk walk;
	gva_t net;
	unsigned key_len;
};
MUST_CHECK const struct err *neigh_iter_init(struct neigh_iter *it, const struct kernel *k,
					     gva_t net, uint16_t family);
MUST_CHECK const struct err *neigh_iter_next(struct neigh_iter *it, const struct kernel *k,
					     struct neigh *ret);

/* Counts of one CPU, in the order of /proc/net/stat/arp_cache; entries: of the whole table. */
#define NEIGH_STATS 12
struct neigh_stats {
	uint32_t entries;
	uint64_t v[NEIGH_STATS];
};
MUST_CHECK const struct err *neigh_read_stats(const struct kernel *k, uint16_t family, unsigned cpu,
					      struct neigh_stats *ret);

#endif
