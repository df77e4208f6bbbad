/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdev_stats - what a network device has received and sent. */
#ifndef TC_KOBJ_NETDEV_STATS_H
#define TC_KOBJ_NETDEV_STATS_H

#include "transcall/kobj/kernel.h"

/* In the order of struct rtnl_link_stats64, whose first are those of struct net_device_stats. */
enum netdev_counter {
	RX_PACKETS,
	TX_PACKETS,
	RX_BYTES,
	TX_BYTES,
	RX_ERRORS,
	TX_ERRORS,
	RX_DROPPED,
	TX_DROPPED,
	MULTICAST,
	COLLISIONS,
	RX_LENGTH_ERRORS,
	RX_OVER_ERRORS,
	RX_CRC_ERRORS,
	RX_FRAME_ERRORS,
	RX_FIFO_ERRORS,
	RX_MISSED_ERRORS,
	TX_ABORTED_ERRORS,
	TX_CARRIER_ERRORS,
	TX_FIFO_ERRORS,
	TX_HEARTBEAT_ERRORS,
	TX_WINDOW_ERRORS,
	RX_COMPRESSED,
	TX_COMPRESSED,
	NETDEV_OWN, /* the last of that structure was before */
	RX_NOHANDLER = NETDEV_OWN,
	RX_OTHERHOST_DROPPED,
	NETDEV_COUNTERS
};

struct netdev_stats {
	uint64_t v[NETDEV_COUNTERS];
};

/**
 * netdev_stats_read() - dev_get_stats() of the struct net_device at @dev
 *
 * Return: NULL; ABSENT: its driver counts in a way that we do not know (netdev_driver.c), or the
 * profile does not describe its structures; RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *netdev_stats_read(const struct kernel *k, gva_t dev,
					       struct netdev_stats *ret);

#endif
