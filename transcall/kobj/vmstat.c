/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters of memory management (mm/vmstat.c). Input: attacker-controlled. */
#include "transcall/kobj/vmstat.h"

#include "transcall/kobj/cpu.h"

#define HUGE_PAGES 512 /* HPAGE_PMD_NR */

static const struct err *item_count(const struct kernel *k, enum enumerator_id id, unsigned *ret)
{
	int64_t count = k->profile->enumerators[id].value;

	if (count < 0 || count > VMSTAT_ITEMS_MAX)
		return ERR(ERR_PROFILE, "%lld counters of one kind", (long long)count);
	*ret = (unsigned)count;
	return NULL;
}

static const struct err *read_counters(const struct kernel *k, enum symbol_id id, unsigned count,
				       uint64_t *ret)
{
	gva_t at = kernel_symbol(k, id);

	for (unsigned i = 0; i < count; i++) {
		TRY(kread_u64(k, gva_add(at, 8 * i), &ret[i]));
		if ((int64_t)ret[i] < 0)
			ret[i] = 0;
	}
	return NULL;
}

const struct err *vmstat_read(const struct kernel *k, struct vmstat *ret)
{
	TRY(item_count(k, E_NR_VM_ZONE_STAT_ITEMS, &ret->zone_count));
	TRY(item_count(k, E_NR_VM_NODE_STAT_ITEMS, &ret->node_count));
	TRY(read_counters(k, S_vm_zone_stat, ret->zone_count, ret->zone));
	return read_counters(k, S_vm_node_stat, ret->node_count, ret->node);
}

static uint64_t pick(const uint64_t *counters, unsigned count, const struct enumerator *item)
{
	if (!item->present || item->value < 0 || item->value >= count)
		return 0;
	return counters[item->value];
}

uint64_t vmstat_zone(const struct vmstat *v, const struct kernel *k, enum enumerator_id item)
{
	return pick(v->zone, v->zone_count, &k->profile->enumerators[item]);
}

uint64_t vmstat_node(const struct vmstat *v, const struct kernel *k, enum enumerator_id item)
{
	return pick(v->node, v->node_count, &k->profile->enumerators[item]);
}

const struct err *vmstat_name(const struct kernel *k, unsigned index,
			      char ret[static VMSTAT_NAME_BYTES])
{
	gva_t at;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_vmstat_text), 8 * (uint64_t)index), &at));
	return kread_str(k, at, ret, VMSTAT_NAME_BYTES);
}

/* vmstat_item_print_in_thp() */
uint64_t vmstat_node_shown(const struct kernel *k, unsigned item, uint64_t value)
{
	static const enum enumerator_id items[] = {E_NR_ANON_THPS, E_NR_FILE_THPS, E_NR_SHMEM_THPS,
						   E_NR_SHMEM_PMDMAPPED, E_NR_FILE_PMDMAPPED};

	if (!k->profile->enumerators[E_NR_SWAPCACHE].present)
		return value;
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		const struct enumerator *e = &k->profile->enumerators[items[i]];

		if (e->present && e->value == item)
			return value / HUGE_PAGES;
	}
	return value;
}

const struct err *vmstat_events(const struct kernel *k, uint64_t ret[static VMSTAT_ITEMS_MAX],
				unsigned *ret_count)
{
	struct cpu_set online;

	TRY(item_count(k, E_NR_VM_EVENT_ITEMS, ret_count));
	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	for (unsigned i = 0; i < *ret_count; i++)
		ret[i] = 0;
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		gva_t at = kernel_percpu(k, S_vm_event_states, cpu);

		for (unsigned i = 0; cpu_set_has(&online, cpu) && i < *ret_count; i++) {
			uint64_t v;

			TRY(kread_u64(k, gva_add(at, 8 * i), &v));
			ret[i] += v;
		}
	}
	return NULL;
}
