/* SPDX-License-Identifier: GPL-2.0-or-later */
/* multicast - the groups that network devices have joined, and IPv6's anycast addresses. */
#ifndef TC_KOBJ_MULTICAST_H
#define TC_KOBJ_MULTICAST_H

#include "transcall/kobj/chain.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/netdev.h"

enum multicast_kind { MULTICAST_IPV4, MULTICAST_IPV6, MULTICAST_ANYCAST6 };

struct multicast_group {
	gva_t at;            /* struct ip_mc_list, ifmcaddr6, ifacaddr6; null: the end of a walk */
	gva_t dev;           /* struct net_device */
	gva_t owner;         /* its struct in_device or inet6_dev */
	bool is_first;       /* of its device */
	uint8_t address[16]; /* IPv4: the first four bytes */
	int32_t users;
};

/* Walk over those of a network namespace, in the order of /proc/net. */
struct multicast_iter {
	enum multicast_kind kind;
	struct list_iter devices;
	struct chain_iter groups;
	gva_t dev, owner;
	bool is_first;
};
MUST_CHECK const struct err *multicast_iter_init(struct multicast_iter *it, const struct kernel *k,
						 gva_t net, enum multicast_kind kind);
MUST_CHECK const struct err *multicast_iter_next(struct multicast_iter *it, const struct kernel *k,
						 struct multicast_group *ret);

/* Walk over the sources that sockets want, or do not want, to hear of a group. */
struct multicast_source {
	gva_t at; /* null: the end */
	uint8_t address[16];
	uint64_t included, excluded; /* sockets */
};
/* @kind: not MULTICAST_ANYCAST6 */
MUST_CHECK const struct err *multicast_sources_init(struct chain_iter *it, const struct kernel *k,
						    enum multicast_kind kind,
						    const struct multicast_group *group);
MUST_CHECK const struct err *multicast_sources_next(struct chain_iter *it, const struct kernel *k,
						    enum multicast_kind kind,
						    struct multicast_source *ret);

/* What is known of IPv4 groups alone. */
struct multicast_igmp {
	uint32_t groups;  /* of the device */
	unsigned version; /* of IGMP, that is spoken there: 1 to 3 */
	bool is_timed;    /* a report is due at @expires (jiffies) */
	uint64_t expires;
	bool is_reporter;
};
MUST_CHECK const struct err *multicast_read_igmp(const struct kernel *k, gva_t net,
						 const struct multicast_group *group,
						 struct multicast_igmp *ret);

/* What is known of IPv6 groups alone. */
struct multicast_mld {
	uint32_t flags;   /* MAF_* (include/net/if_inet6.h) */
	uint64_t expires; /* as above, where the flags have MULTICAST_TIMED */
};
#define MULTICAST_TIMED 1u /* MAF_TIMER_RUNNING */
MUST_CHECK const struct err *multicast_read_mld(const struct kernel *k,
						const struct multicast_group *group,
						struct multicast_mld *ret);

/* Walk over the link addresses that the device @dev listens to besides its own. */
struct multicast_link {
	gva_t at; /* null: the end */
	int32_t references;
	bool is_global;
	uint8_t address[NETDEV_ADDRESS_BYTES];
};
MUST_CHECK const struct err *multicast_links_init(struct list_iter *it, const struct kernel *k,
						  gva_t dev);
MUST_CHECK const struct err *multicast_links_next(struct list_iter *it, const struct kernel *k,
						  struct multicast_link *ret);

#endif
