/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/buddyinfo (frag_show(), mm/vmstat.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/node.h"

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

const struct err *root_buddyinfo(struct proc_view *view, const struct proc_node *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t node, zone;

	(void)file;
	for (unsigned number = 0;; number++) {
		TRY(node_next(k, &number, &node));
		if (gva_is_null(node))
			return NULL;
		for (unsigned i = 0; !gva_is_null(zone = node_zone(k, node, i)); i++)
			TRY(zone_print(k, number, zone, out));
	}
}
