/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters in parts (lib/percpu_counter.c). Input: attacker-controlled. */
#include "transcall/kobj/percpu_counter.h"

#include "transcall/kobj/cpu.h"

const struct err *percpu_counter_sum(const struct kernel *k, gva_t at, uint64_t *ret)
{
	struct cpu_set online;
	uint64_t sum;
	gva_t parts;

	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	TRY(kfield_uint(k, at, F_percpu_counter_count, &sum));
	TRY(kfield_ptr(k, at, F_percpu_counter_counters, &parts));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		uint32_t part;

		if (!cpu_set_has(&online, cpu))
			continue;
		TRY(kread_u32(k, gva_add(parts, k->percpu_base[cpu]), &part));
		sum += (uint64_t)(int64_t)(int32_t)part;
	}
	*ret = (int64_t)sum > 0 ? sum : 0;
	return NULL;
}
