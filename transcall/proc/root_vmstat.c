/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/vmstat (mm/vmstat.c): the counters' names are those of the guest's own table. Input:
 * attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/meminfo.h"
#include "transcall/kobj/node.h"

#define PERCENT 100

/* Prints one counter after the other, each with the next name. */
struct printer {
	const struct kernel *k;
	FILE *out;
	unsigned next;
};

static const struct err *print_counter(struct printer *p, uint64_t value)
{
	char name[VMSTAT_NAME_BYTES];

	TRY(vmstat_name(p->k, p->next++, name));
	fprintf(p->out, "%s %" PRIu64 "\n", name, value);
	return NULL;
}

static const struct err *print_numa(struct printer *p)
{
	const struct enumerator *items = &p->k->profile->enumerators[E_NR_VM_NUMA_ITEMS];

	if (gva_is_null(kernel_symbol(p->k, S_vm_numa_event)))
		return NULL;
	for (unsigned i = 0; i < items->value && i < VMSTAT_ITEMS_MAX; i++) {
		uint64_t v, pending;

		TRY(kread_u64(p->k, gva_add(kernel_symbol(p->k, S_vm_numa_event), 8 * i), &v));
		TRY(node_numa_pending(p->k, i, &pending));
		TRY(print_counter(p, v + pending));
	}
	return NULL;
}

/* A limit in bytes, or a ratio of @memory in pages (domain_dirty_limits()). */
static const struct err *dirty_limit(const struct kernel *k, enum symbol_id bytes,
				     enum symbol_id ratio, uint64_t memory, uint64_t *ret)
{
	uint64_t limit_bytes;
	uint32_t percent;

	TRY(kread_u64(k, kernel_symbol(k, bytes), &limit_bytes));
	TRY(kread_u32(k, kernel_symbol(k, ratio), &percent));
	if (limit_bytes)
		*ret = (limit_bytes + FRAME_BYTES - 1) / FRAME_BYTES;
	else
		*ret = percent * (uint64_t)FRAME_BYTES / PERCENT * memory / FRAME_BYTES;
	return NULL;
}

static const struct err *memmap_pages(const struct kernel *k, enum symbol_id id, uint64_t *ret)
{
	gva_t at = kernel_symbol(k, id);

	*ret = 0;
	return gva_is_null(at) ? NULL : kread_u64(k, at, ret);
}

/* Dirty thresholds, and since 6.11 the pages that struct pages take. */
static const struct err *print_limits(struct printer *p, const struct vmstat *stat)
{
	int64_t count = p->k->profile->enumerators[E_NR_VM_STAT_ITEMS].value;
	uint64_t memory, values[4];

	TRY(meminfo_dirtyable(p->k, stat, &memory));
	memory++; /* never 0 */
	TRY(dirty_limit(p->k, S_vm_dirty_bytes, S_vm_dirty_ratio, memory, &values[0]));
	TRY(dirty_limit(p->k, S_dirty_background_bytes, S_dirty_background_ratio, memory,
			&values[1]));
	if (values[1] >= values[0])
		values[1] = values[0] / 2;
	TRY(memmap_pages(p->k, S_nr_memmap_pages, &values[2]));
	TRY(memmap_pages(p->k, S_nr_memmap_boot_pages, &values[3]));
	if (count < 0 || count > 4)
		return ERR(ERR_PROFILE, "%lld limits in vmstat", (long long)count);
	for (unsigned i = 0; i < count; i++)
		TRY(print_counter(p, values[i]));
	return NULL;
}

static const struct err *print_events(struct printer *p)
{
	uint64_t events[VMSTAT_ITEMS_MAX];
	unsigned count;

	TRY(vmstat_events(p->k, events, &count));
	for (unsigned i = 0; i < count; i++) {
		/* sectors are shown in kB */
		bool sectors = i == p->k->profile->enumerators[E_PGPGIN].value ||
			       i == p->k->profile->enumerators[E_PGPGOUT].value;

		TRY(print_counter(p, sectors ? events[i] / 2 : events[i]));
	}
	return NULL;
}

const struct err *root_vmstat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct printer p = {.k = view->kernel, .out = out};
	struct vmstat stat;

	(void)node;
	TRY(vmstat_read(p.k, &stat));
	for (unsigned i = 0; i < stat.zone_count; i++)
		TRY(print_counter(&p, stat.zone[i]));
	TRY(print_numa(&p));
	for (unsigned i = 0; i < stat.node_count; i++)
		TRY(print_counter(&p, vmstat_node_shown(p.k, i, stat.node[i])));
	TRY(print_limits(&p, &stat));
	TRY(print_events(&p));
	fputs("nr_unstable 0\n", out);
	return NULL;
}
