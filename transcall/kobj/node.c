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

const struct err *node_next(const struct kernel *k, unsigned *number, gva_t *ret)
{
	uint64_t online;

	*ret = (gva_t){0};
	TRY(node_online(k, &online));
	while (*number < NODES_MAX && !(online >> *number & 1))
		(*number)++;
	if (*number >= NODES_MAX)
		return NULL;
	return kread_ptr(k, gva_add(kernel_symbol(k, S_node_data), 8 * (uint64_t)*number), ret);
}

gva_t node_zone(const struct kernel *k, gva_t node, unsigned index)
{
	uint32_t zone_bytes = k->profile->sizes[SIZE_zone];
	uint32_t count = k->profile->fields[F_pglist_data_node_zones].size_bytes / zone_bytes;

	if (index >= count || index >= ZONES_MAX)
		return (gva_t){0};
	return gva_add(kfield_at(k, node, F_pglist_data_node_zones), (uint64_t)index * zone_bytes);
}

/* Adds to @sum what a zone has. */
typedef const struct err *zone_fn(const struct kernel *k, gva_t zone, unsigned item, uint64_t *sum);

static const struct err *sum_zones(const struct kernel *k, zone_fn *add, unsigned item,
				   uint64_t *ret)
{
	gva_t node, zone;

	*ret = 0;
	for (unsigned number = 0;; number++) {
		TRY(node_next(k, &number, &node));
		if (gva_is_null(node))
			return NULL;
		for (unsigned i = 0; !gva_is_null(zone = node_zone(k, node, i)); i++)
			TRY(add(k, zone, item, ret));
	}
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
