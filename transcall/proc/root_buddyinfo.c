/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/buddyinfo (frag_show(), mm/vmstat.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/node.h"

#define ZONES_MAX  8
#define ORDERS_MAX 16
#define NAME_BYTES 16

static const struct err *zone_print(const struct kernel *k, unsigned node, gva_t zone, FILE *out)
{
	uint32_t area_bytes = k->profile->sizes[SIZE_free_area];
	uint32_t orders = k->profile->fields[F_zone_free_area].size_bytes / area_bytes;
	gva_t area = kfield_at(k, zone, F_zone_free_area), at;
	uint64_t present, free;
	char name[NAME_BYTES];

	TRY(kfield_uint(k, zone, F_zone_present_pages, &present));
	if (!present)
		return NULL;
	TRY(kfield_ptr(k, zone, F_zone_name, &at));
	TRY(kread_str(k, at, name, sizeof(name)));
	fprintf(out, "Node %u, zone %8s ", node, name);
	for (uint32_t order = 0; order < orders && order < ORDERS_MAX; order++) {
		TRY(kfield_uint(k, area, F_free_area_nr_free, &free));
		fprintf(out, "%6" PRIu64 " ", free);
		area = gva_add(area, area_bytes);
	}
	fputc('\n', out);
	return NULL;
}

static const struct err *node_print(const struct kernel *k, unsigned node, FILE *out)
{
	uint32_t zone_bytes = k->profile->sizes[SIZE_zone];
	uint32_t count = k->profile->fields[F_pglist_data_node_zones].size_bytes / zone_bytes;
	gva_t at;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_node_data), 8 * (uint64_t)node), &at));
	at = kfield_at(k, at, F_pglist_data_node_zones);
	for (uint32_t i = 0; i < count && i < ZONES_MAX; i++)
		TRY(zone_print(k, node, gva_add(at, (uint64_t)i * zone_bytes), out));
	return NULL;
}

const struct err *root_buddyinfo(struct proc_view *view, const struct proc_node *file, FILE *out)
{
	uint64_t online;

	(void)file;
	TRY(node_online(view->kernel, &online));
	for (unsigned node = 0; node < NODES_MAX; node++)
		if (online >> node & 1)
			TRY(node_print(view->kernel, node, out));
	return NULL;
}
