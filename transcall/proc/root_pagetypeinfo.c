/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/pagetypeinfo (pagetypeinfo_show(), mm/vmstat.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/list.h"
#include "transcall/kobj/node.h"
#include "transcall/kobj/pageblock.h"

#define ORDERS_MAX 16     /* NR_PAGE_ORDERS is 11 */
#define FREE_MAX   100000 /* the kernel counts no further either */
#define NAME_BYTES 16
#define LIST_BYTES 16 /* a list_head */

struct type_look {
	const struct kernel *k;
	unsigned number; /* the node's */
	gva_t node;
	unsigned orders, types;
	FILE *out;
};

static const struct err *zone_name(const struct kernel *k, gva_t zone, char ret[static NAME_BYTES])
{
	gva_t at;

	TRY(kfield_ptr(k, zone, F_zone_name, &at));
	return kread_str(k, at, ret, NAME_BYTES);
}

static const struct err *type_name(const struct kernel *k, unsigned type,
				   char ret[static NAME_BYTES])
{
	gva_t at;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_migratetype_names), 8 * (uint64_t)type), &at));
	return kread_str(k, at, ret, NAME_BYTES);
}

static const struct err *free_print(const struct type_look *t, gva_t head)
{
	struct list_iter it;
	unsigned count = 0;
	gva_t link;

	TRY(list_init(&it, t->k, head));
	while (count < FREE_MAX) {
		TRY(list_next(&it, t->k, &link));
		if (gva_is_null(link))
			break;
		count++;
	}
	fprintf(t->out, "%s%6u ", count == FREE_MAX ? ">" : "", count);
	return NULL;
}

static const struct err *type_print(const struct type_look *t, gva_t zone, unsigned type)
{
	gva_t area = kfield_at(t->k, zone, F_zone_free_area);
	char zone_text[NAME_BYTES], type_text[NAME_BYTES];

	TRY(zone_name(t->k, zone, zone_text));
	TRY(type_name(t->k, type, type_text));
	fprintf(t->out, "Node %4u, zone %8s, type %12s ", t->number, zone_text, type_text);
	for (unsigned order = 0; order < t->orders; order++) {
		gva_t lists = kfield_at(t->k, area, F_free_area_free_list);

		TRY(free_print(t, gva_add(lists, LIST_BYTES * (uint64_t)type)));
		area = gva_add(area, t->k->profile->sizes[SIZE_free_area]);
	}
	fputc('\n', t->out);
	return NULL;
}

typedef const struct err *zone_print_fn(const struct type_look *t, gva_t zone, unsigned index);

static const struct err *zone_free_print(const struct type_look *t, gva_t zone, unsigned index)
{
	(void)index;
	for (unsigned type = 0; type < t->types; type++)
		TRY(type_print(t, zone, type));
	return NULL;
}

static const struct err *zone_blocks_print(const struct type_look *t, gva_t zone, unsigned index)
{
	struct pageblock_counts counts;
	char name[NAME_BYTES];

	TRY(zone_name(t->k, zone, name));
	TRY(pageblock_count(t->k, zone, t->number, index, &counts));
	fprintf(t->out, "Node %u, zone %8s ", t->number, name);
	for (unsigned type = 0; type < t->types; type++)
		fprintf(t->out, "%12" PRIu64 " ", counts.of_type[type]);
	fputc('\n', t->out);
	return NULL;
}

/* Of zones that have memory. */
static const struct err *zones_print(const struct type_look *t, zone_print_fn *print)
{
	uint64_t present;
	gva_t zone;

	for (unsigned i = 0; !gva_is_null(zone = node_zone(t->k, t->node, i)); i++) {
		TRY(kfield_uint(t->k, zone, F_zone_present_pages, &present));
		if (present)
			TRY(print(t, zone, i));
	}
	return NULL;
}

static const struct err *node_print(const struct type_look *t)
{
	char name[NAME_BYTES];

	fprintf(t->out, "Page block order: %d\nPages per block:  %u\n\n", PAGEBLOCK_ORDER,
		PAGEBLOCK_PAGES);
	fprintf(t->out, "%-43s ", "Free pages count per migrate type at order");
	for (unsigned order = 0; order < t->orders; order++)
		fprintf(t->out, "%6u ", order);
	fputc('\n', t->out);
	TRY(zones_print(t, zone_free_print));
	fprintf(t->out, "\n%-23s", "Number of blocks type ");
	for (unsigned type = 0; type < t->types; type++) {
		TRY(type_name(t->k, type, name));
		fprintf(t->out, "%12s ", name);
	}
	fputc('\n', t->out);
	return zones_print(t, zone_blocks_print);
}

/* Is there memory in the node at all? */
static const struct err *node_has_memory(const struct kernel *k, gva_t node, bool *ret)
{
	uint64_t present = 0;
	gva_t zone;

	for (unsigned i = 0; !present && !gva_is_null(zone = node_zone(k, node, i)); i++)
		TRY(kfield_uint(k, zone, F_zone_present_pages, &present));
	*ret = present != 0;
	return NULL;
}

const struct err *root_pagetypeinfo(struct proc_view *view, const struct proc_node *file, FILE *out)
{
	const struct profile *p = view->kernel->profile;
	uint32_t orders = p->fields[F_zone_free_area].size_bytes / p->sizes[SIZE_free_area];
	uint32_t types = p->fields[F_free_area_free_list].size_bytes / LIST_BYTES;
	struct type_look t = {.k = view->kernel, .out = out};
	bool has_memory;

	(void)file;
	t.orders = orders < ORDERS_MAX ? orders : ORDERS_MAX;
	t.types = types < PAGEBLOCK_TYPES_MAX ? types : PAGEBLOCK_TYPES_MAX;
	for (;; t.number++) {
		TRY(node_next(t.k, &t.number, &t.node));
		if (gva_is_null(t.node))
			return NULL;
		TRY(node_has_memory(t.k, t.node, &has_memory));
		if (has_memory)
			TRY(node_print(&t));
	}
}
