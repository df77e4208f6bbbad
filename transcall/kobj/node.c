/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory nodes. Input: attacker-controlled. */
#include "transcall/kobj/node.h"

#define N_ONLINE  1 /* enum node_states, include/linux/nodemask.h */
#define WMARK_LOW 1 /* enum zone_watermarks, include/linux/mmzone.h */
#define ZONES_MAX 8 /* MAX_NR_ZONES is 5 */

const struct err *node_online(const struct kernel *k, uint64_t *ret)
{
	gva_t states = kernel_symbol(k, S_node_states);

	return kread_u64(k, gva_add(states, N_ONLINE * k->profile->sizes[SIZE_nodemask_t]), ret);
}

/* Adds to @sum what a zone has. */
typedef const struct err *zone_fn(const struct kernel *k, gva_t zone, unsigned item, uint64_t *sum);

static const struct err *add_zones(const struct kernel *k, gva_t node, zone_fn *add, unsigned item,
				   uint64_t *sum)
{
	uint32_t zone_bytes = k->profile->sizes[SIZE_zone];
	uint32_t count = k->profile->fields[F_pglist_data_node_zones].size_bytes / zone_bytes;
	gva_t zone = kfield_at(k, node, F_pglist_data_node_zones);

	for (uint32_t i = 0; i < count && i < ZONES_MAX; i++) {
		TRY(add(k, zone, item, sum));
		zone = gva_add(zone, zone_bytes);
	}
	return NULL;
}

static const struct err *sum_zones(const struct kernel *k, zone_fn *add, unsigned item,
				   uint64_t *ret)
{
	uint64_t online;

	*ret = 0;
	TRY(node_online(k, &online));
	for (unsigned i = 0; i < NODES_MAX; i++) {
		gva_t node;

		if (!(online >> i & 1))
			continue;
		TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_node_data), 8 * i), &node));
		TRY(add_zones(k, node, add, item, ret));
	}
	return NULL;
}

static const struct err *add_low_watermark(const struct kernel *k, gva_t zone, unsigned item,
					   uint64_t *sum)
{
	gva_t marks = kfield_at(k, zone, F_zone_watermark);
	uint64_t low, boost;

	(void)item;
	TRY(kread_u64(k, gva_add(marks, 8 * WMARK_LOW), &low));
	TRY(kfield_uint(k, zone, F_zone_watermark_boost, &boost));
	*sum += low + boost;
	return NULL;
}

const struct err *node_low_watermarks(const struct kernel *k, uint64_t *ret)
{
	return sum_zones(k, add_low_watermark, 0, ret);
}

static const struct err *add_numa_pending(const struct kernel *k, gva_t zone, unsigned item,
					  uint64_t *sum)
{
	gva_t stats;

	TRY(kfield_ptr(k, zone, F_zone_per_cpu_zonestats, &stats));
	gva_t events = kfield_at(k, stats, F_per_cpu_zonestat_vm_numa_event);
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		uint64_t v;

		TRY(kread_u64(k, gva_add(events, k->percpu_base[cpu] + 8 * item), &v));
		*sum += v;
	}
	return NULL;
}

const struct err *node_numa_pending(const struct kernel *k, unsigned item, uint64_t *ret)
{
	*ret = 0;
	if (!profile_has(k->profile, F_per_cpu_zonestat_vm_numa_event))
		return NULL;
	return sum_zones(k, add_numa_pending, item, ret);
}
