/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/zoneinfo (zoneinfo_show_print(), mm/vmstat.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/node.h"
#include "transcall/kobj/vmstat.h"

#define NAME_BYTES   16
#define RESERVES_MAX 8  /* MAX_NR_ZONES is 5 */
#define HOPELESS     16 /* MAX_RECLAIM_RETRIES, mm/internal.h */
#define WMARKS       4  /* enum zone_watermarks: min, low, high, and since 5.18 promo */
#define WMARK_PROMO  3

struct zone_look {
	const struct kernel *k;
	gva_t node, zone;
	struct cpu_set online;
	FILE *out;
};

static const struct err *field_print(const struct zone_look *z, const char *label, enum field_id id)
{
	uint64_t value = 0;

	if (profile_has(z->k->profile, id))
		TRY(kfield_uint(z->k, z->zone, id, &value));
	fprintf(z->out, "\n%s%" PRIu64, label, value);
	return NULL;
}

/* Counter @item of an array of atomic_long_t: never negative. */
static const struct err *counter_read(const struct kernel *k, gva_t object, enum field_id array,
				      unsigned item, uint64_t *ret)
{
	if (8 * item >= k->profile->fields[array].size_bytes)
		return ERR(ERR_PROFILE, "more counters than a zone or a node has");
	TRY(kread_u64(k, gva_add(kfield_at(k, object, array), 8 * item), ret));
	if ((int64_t)*ret < 0)
		*ret = 0;
	return NULL;
}

static const struct err *counter_print(const struct zone_look *z, unsigned name_index,
				       uint64_t value)
{
	char name[VMSTAT_NAME_BYTES];

	TRY(vmstat_name(z->k, name_index, name));
	fprintf(z->out, "\n      %-12s %" PRIu64, name, value);
	return NULL;
}

static unsigned item_count(const struct kernel *k, enum enumerator_id id)
{
	int64_t count = k->profile->enumerators[id].value;

	return count < 0 || count > VMSTAT_ITEMS_MAX ? 0 : (unsigned)count;
}

static unsigned numa_items(const struct kernel *k)
{
	return gva_is_null(kernel_symbol(k, S_vm_numa_event)) ? 0
							      : item_count(k, E_NR_VM_NUMA_ITEMS);
}

static const struct err *node_stats_print(const struct zone_look *z)
{
	unsigned first = item_count(z->k, E_NR_VM_ZONE_STAT_ITEMS) + numa_items(z->k);
	uint64_t v;

	fputs("\n  per-node stats", z->out);
	for (unsigned i = 0; i < item_count(z->k, E_NR_VM_NODE_STAT_ITEMS); i++) {
		TRY(counter_read(z->k, z->node, F_pglist_data_vm_stat, i, &v));
		TRY(counter_print(z, first + i, vmstat_node_shown(z->k, i, v)));
	}
	return NULL;
}

/* The marks as they are used: with the boost; "promo" is shown since 6.12. */
static const struct err *marks_print(const struct zone_look *z)
{
	static const char *const labels[WMARKS] = {"        min      ", "        low      ",
						   "        high     ", "        promo    "};
	gva_t marks = kfield_at(z->k, z->zone, F_zone_watermark);
	bool promo = profile_has(z->k->profile, F_zone_nr_free_highatomic);
	uint64_t boost, mark;

	TRY(kfield_uint(z->k, z->zone, F_zone_watermark_boost, &boost));
	for (unsigned i = 0; i < (promo ? WMARKS : WMARK_PROMO); i++) {
		TRY(kread_u64(z->k, gva_add(marks, 8 * i), &mark));
		fprintf(z->out, "\n%s%" PRIu64, labels[i], mark + boost);
	}
	return NULL;
}

/* "boost" and "cma" are shown since per-CPU statistics left the page sets (5.14), about. */
static const struct err *pages_print(const struct zone_look *z)
{
	bool newer = profile_has(z->k->profile, F_zone_per_cpu_zonestats);
	unsigned free = (unsigned)z->k->profile->enumerators[E_NR_FREE_PAGES].value;
	uint64_t v;

	TRY(counter_read(z->k, z->zone, F_zone_vm_stat, free, &v));
	fprintf(z->out, "\n  pages free     %" PRIu64, v);
	if (newer)
		TRY(field_print(z, "        boost    ", F_zone_watermark_boost));
	TRY(marks_print(z));
	TRY(field_print(z, "        spanned  ", F_zone_spanned_pages));
	TRY(field_print(z, "        present  ", F_zone_present_pages));
	TRY(field_print(z, "        managed  ", F_zone_managed_pages));
	return newer ? field_print(z, "        cma      ", F_zone_cma_pages) : NULL;
}

static const struct err *protection_print(const struct zone_look *z)
{
	uint32_t count = z->k->profile->fields[F_zone_lowmem_reserve].size_bytes / 8;
	gva_t at = kfield_at(z->k, z->zone, F_zone_lowmem_reserve);
	uint64_t v;

	for (unsigned i = 0; i < count && i < RESERVES_MAX; i++) {
		TRY(kread_u64(z->k, gva_add(at, 8 * i), &v));
		fprintf(z->out, "%s%" PRId64, i ? ", " : "\n        protection: (", (int64_t)v);
	}
	fputc(')', z->out);
	return NULL;
}

/* What the zone has, and what CPUs have not handed in yet: until 5.13, 16 bits each. */
static const struct err *numa_event(const struct zone_look *z, unsigned item, uint64_t *ret)
{
	bool wide = z->k->profile->fields[F_zonestat_numa].size_bytes >= 8 * numa_items(z->k);
	uint16_t narrow;
	uint64_t v;
	gva_t stats;

	TRY(counter_read(z->k, z->zone, F_zone_vm_numa_event, item, ret));
	TRY(kfield_ptr(z->k, z->zone, F_zone_zonestats, &stats));
	stats = kfield_at(z->k, stats, F_zonestat_numa);
	for (unsigned cpu = 0; cpu < z->k->cpu_count; cpu++) {
		gva_t at = gva_add(stats, z->k->percpu_base[cpu]);

		if (!cpu_set_has(&z->online, cpu))
			continue;
		if (wide) {
			TRY(kread_u64(z->k, gva_add(at, 8 * item), &v));
			*ret += v;
		} else {
			TRY(kread_u16(z->k, gva_add(at, 2 * item), &narrow));
			*ret += narrow;
		}
	}
	return NULL;
}

static const struct err *counters_print(const struct zone_look *z)
{
	unsigned count = item_count(z->k, E_NR_VM_ZONE_STAT_ITEMS);
	uint64_t v;

	for (unsigned i = 0; i < count; i++) {
		TRY(counter_read(z->k, z->zone, F_zone_vm_stat, i, &v));
		TRY(counter_print(z, i, v));
	}
	for (unsigned i = 0; i < numa_items(z->k); i++) {
		TRY(numa_event(z, i, &v));
		TRY(counter_print(z, count + i, v));
	}
	return NULL;
}

/* zone.trylock_free_pages came (6.15) when these lines did, about. */
static bool shows_highatomic(const struct kernel *k)
{
	return profile_has(k->profile, F_zone_trylock_free_pages);
}

static const struct err *pageset_print(const struct zone_look *z, unsigned cpu)
{
	static const struct {
		const char *label;
		enum field_id id;
	} lines[] = {{"count:", F_pageset_count},
		     {"high:", F_pageset_high},
		     {"batch:", F_pageset_batch},
		     {"high_min:", F_pageset_high_min},
		     {"high_max:", F_pageset_high_max}};
	unsigned count = shows_highatomic(z->k) ? 5 : 3;
	int width = shows_highatomic(z->k) ? -9 : -6;
	gva_t set, stats;
	int64_t v;

	TRY(kfield_ptr(z->k, z->zone, F_zone_pageset, &set));
	TRY(kfield_ptr(z->k, z->zone, F_zone_zonestats, &stats));
	set = gva_add(set, z->k->percpu_base[cpu]);
	stats = gva_add(stats, z->k->percpu_base[cpu]);
	fprintf(z->out, "\n    cpu: %u", cpu);
	for (unsigned i = 0; i < count; i++) {
		TRY(kfield_int(z->k, set, lines[i].id, &v));
		fprintf(z->out, "\n              %*s %" PRId64, width, lines[i].label, v);
	}
	TRY(kfield_int(z->k, stats, F_zonestat_threshold, &v));
	fprintf(z->out, "\n  vm stats threshold: %" PRId64, v);
	return NULL;
}

static const struct err *pagesets_print(const struct zone_look *z)
{
	fputs("\n  pagesets", z->out);
	for (unsigned cpu = 0; cpu < z->k->cpu_count; cpu++)
		if (cpu_set_has(&z->online, cpu))
			TRY(pageset_print(z, cpu));
	return NULL;
}

static const struct err *end_print(const struct zone_look *z)
{
	int64_t failures;

	TRY(kfield_int(z->k, z->node, F_pglist_data_kswapd_failures, &failures));
	fprintf(z->out, "\n  node_unreclaimable:  %d", failures >= HOPELESS);
	TRY(field_print(z, "  start_pfn:           ", F_zone_zone_start_pfn));
	if (shows_highatomic(z->k)) {
		TRY(field_print(z, "  reserved_highatomic: ", F_zone_nr_reserved_highatomic));
		TRY(field_print(z, "  free_highatomic:     ", F_zone_nr_free_highatomic));
	}
	fputc('\n', z->out);
	return NULL;
}

/* Of an empty zone only the first part; what is the node's, with the first that is not empty. */
static const struct err *zone_print(const struct zone_look *z, unsigned number, bool *node_shown)
{
	char name[NAME_BYTES];
	uint64_t present;
	gva_t at;

	TRY(kfield_ptr(z->k, z->zone, F_zone_name, &at));
	TRY(kread_str(z->k, at, name, sizeof(name)));
	TRY(kfield_uint(z->k, z->zone, F_zone_present_pages, &present));
	fprintf(z->out, "Node %u, zone %8s", number, name);
	if (present && !*node_shown) {
		*node_shown = true;
		TRY(node_stats_print(z));
	}
	TRY(pages_print(z));
	TRY(protection_print(z));
	if (!present) {
		fputc('\n', z->out);
		return NULL;
	}
	TRY(counters_print(z));
	TRY(pagesets_print(z));
	return end_print(z);
}

const struct err *root_zoneinfo(struct proc_view *view, const struct proc_node *file, FILE *out)
{
	struct zone_look z = {.k = view->kernel, .out = out};

	(void)file;
	TRY(cpu_set_read(z.k, CPU_ONLINE, &z.online));
	for (unsigned number = 0;; number++) {
		bool node_shown = false;

		TRY(node_next(z.k, &number, &z.node));
		if (gva_is_null(z.node))
			return NULL;
		for (unsigned i = 0; !gva_is_null(z.zone = node_zone(z.k, z.node, i)); i++)
			TRY(zone_print(&z, number, &node_shown));
	}
}
