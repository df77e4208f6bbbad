/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdev_parts - counters of network devices that are sums of others, as tables. */
#ifndef TC_KOBJ_NETDEV_PARTS_H
#define TC_KOBJ_NETDEV_PARTS_H

#include "transcall/kobj/netdev_stats.h"

/* A member, and the counter that it is added to. */
struct part {
	enum field_id field;
	enum netdev_counter counter;
};
/* Of a table, the last one has field 0. A member that the kernel lacks does not count there. */

/* Add the members of the structure at @object. Return: NULL; FAULT; RACE; fatal. */
MUST_CHECK const struct err *parts_add(const struct kernel *k, gva_t object,
				       const struct part *parts, struct netdev_stats *s);

/* The same of a per-CPU structure, of all CPUs. @percpu null is RACE. */
MUST_CHECK const struct err *parts_add_percpu(const struct kernel *k, gva_t percpu,
					      const struct part *parts, struct netdev_stats *s);

extern const struct part netdev_tstats_parts[]; /* struct pcpu_sw_netstats */

#endif
