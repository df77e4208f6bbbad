/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters that are sums. Input: attacker-controlled. */
#include "transcall/kobj/netdev_parts.h"

const struct part netdev_tstats_parts[] = {
	{F_sw_netstats_rx_packets, RX_PACKETS},
	{F_sw_netstats_rx_bytes, RX_BYTES},
	{F_sw_netstats_tx_packets, TX_PACKETS},
	{F_sw_netstats_tx_bytes, TX_BYTES},
	{0},
};

const struct err *parts_add(const struct kernel *k, gva_t object, const struct part *parts,
			    struct netdev_stats *s)
{
	uint64_t value;

	for (; parts->field; parts++) {
		if (!profile_has(k->profile, parts->field))
			continue;
		TRY(kfield_uint(k, object, parts->field, &value));
		s->v[parts->counter] += value;
	}
	return NULL;
}

const struct err *parts_add_percpu(const struct kernel *k, gva_t percpu, const struct part *parts,
				   struct netdev_stats *s)
{
	if (gva_is_null(percpu))
		return ERR(ERR_RACE, "a network device without its counters");
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++)
		TRY(parts_add(k, gva_add(percpu, k->percpu_base[cpu]), parts, s));
	return NULL;
}
