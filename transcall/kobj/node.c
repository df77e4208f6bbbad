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

static const struct err *add_zones(const struct kernel *k, gva_t node, uint64_t *sum)
{
	uint32_t zone_bytes = k->profile->sizes[SIZE_zone];
	uint32_t count = k->profile->fields[F_pglist_data_node_zones].size_bytes / zone_bytes;
	gva_t zone = kfield_at(k, node, F_pglist_data_node_zones);

	for (uint32_t i = 0; i < count && i < ZONES_MAX; i++) {
		uint64_t low, boost;
		gva_t marks = kfield_at(k, zone, F_zone_watermark);

		TRY(kread_u64(k, gva_add(marks, 8 * WMARK_LOW), &low));
		TRY(kfield_uint(k, zone, F_zone_watermark_boost, &boost));
		*sum += low + boost;
		zone = gva_add(zone, zone_bytes);
	}
	return NULL;
}

const struct err *node_low_watermarks(const struct kernel *k, uint64_t *ret)
{
	uint64_t online;

	*ret = 0;
	TRY(node_online(k, &online));
	for (unsigned i = 0; i < NODES_MAX; i++) {
		gva_t node;

		if (!(online >> i & 1))
			continue;
		TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_node_data), 8 * i), &node));
		TRY(add_zones(k, node, ret));
	}
	return NULL;
}
