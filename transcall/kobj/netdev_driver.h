/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdev_driver - counters of network devices whose drivers count in structures of their own. */
#ifndef TC_KOBJ_NETDEV_DRIVER_H
#define TC_KOBJ_NETDEV_DRIVER_H

#include "transcall/kobj/netdev_parts.h"

#define SOURCES_MAX 4

enum where {
	NOWHERE, /* the end of a list */
	PRIVATE, /* members of the driver's private structure */
	TSTATS,  /* the per-CPU structure that struct net_device points to */
	PERCPU,  /* one that the private structure points to */
	QUEUES   /* an array of structures that the private structure points to */
};

struct source {
	enum where where;
	const struct part *parts;
	enum field_id pointer; /* to them; PRIVATE: a member that a profile with them has */
	enum size_id element;  /* QUEUES */
	enum field_id count;   /* QUEUES: of the private structure, or num_rx_queues */
	enum field_id name; /* QUEUES: each one's name starts with @prefix; null: not looked at */
	const char *prefix;
};

struct driver {
	const char *function;
	uint32_t own; /* counters of struct net_device that are taken, as bits */
	struct source sources[SOURCES_MAX];
	enum field_id peer; /* of the private structure: the device at the other end */
	struct source peers[SOURCES_MAX];
};

/* The last one has no function. */
extern const struct driver netdev_drivers[];

/**
 * netdev_driver_read() - what ndo_get_stats64() at @function gives for the device at @dev
 * @ret: in: the counters in struct net_device; out: the driver's
 *
 * The function is told by its symbol, which is the guest's to choose, as its counters are. Where
 * the structures' members lie comes from the profile alone.
 * Return: NULL; ABSENT: a driver that we do not know, or whose structures the profile does not
 * describe; RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *netdev_driver_read(const struct kernel *k, gva_t dev, gva_t function,
						struct netdev_stats *ret);

#endif
