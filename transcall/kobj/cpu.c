/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of CPUs and their run queues. Input: attacker-controlled. */
#include "transcall/kobj/cpu.h"

#include <stdio.h>
#include <string.h>

const struct err *cpu_set_at(const struct kernel *k, gva_t at, struct cpu_set *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned i = 0; i * 64 < k->cpu_count; i++) {
		TRY(kread_u64(k, gva_add(at, 8 * i), &ret->bits[i]));
		if (k->cpu_count - i * 64 < 64)
			ret->bits[i] &= (UINT64_C(1) << (k->cpu_count - i * 64)) - 1;
		ret->count += (unsigned)__builtin_popcountll(ret->bits[i]);
	}
	return NULL;
}

const struct err *cpu_set_read(const struct kernel *k, enum cpu_mask which, struct cpu_set *ret)
{
	static const enum symbol_id symbols[] = {
		[CPU_POSSIBLE] = S___cpu_possible_mask,
		[CPU_PRESENT] = S___cpu_present_mask,
		[CPU_ONLINE] = S___cpu_online_mask,
	};

	return cpu_set_at(k, kernel_symbol(k, symbols[which]), ret);
}

const struct err *cpu_set_of(const struct kernel *k, gva_t mask, unsigned index,
			     struct cpu_set *ret)
{
	uint32_t mask_bytes = k->profile->fields[F_task_struct_cpus_mask].size_bytes;
	bool pointer =
		k->profile->fields[F_irq_desc_pending_mask].size_bytes == 8 && mask_bytes > 8;

	mask = gva_add(mask, (uint64_t)index * (pointer ? 8 : mask_bytes));
	if (pointer)
		TRY(kread_ptr(k, mask, &mask));
	return cpu_set_at(k, mask, ret);
}

bool cpu_set_has(const struct cpu_set *set, unsigned cpu)
{
	return cpu < VCPUS_MAX && set->bits[cpu / 64] >> cpu % 64 & 1;
}

void cpu_set_print(const struct cpu_set *set, char *ret, size_t size_bytes)
{
	size_t used = 0;

	ret[0] = 0;
	for (unsigned first = 0; first < VCPUS_MAX; first++) {
		unsigned last = first;
		int n;

		if (!cpu_set_has(set, first))
			continue;
		while (cpu_set_has(set, last + 1))
			last++;
		const char *comma = used ? "," : "";
		if (first == last)
			n = snprintf(ret + used, size_bytes - used, "%s%u", comma, first);
		else
			n = snprintf(ret + used, size_bytes - used, "%s%u-%u", comma, first, last);
		if (n < 0 || (size_t)n >= size_bytes - used)
			return;
		used += (size_t)n;
		first = last;
	}
}

static const struct err *rq_nr_iowait(const struct kernel *k, unsigned cpu, uint32_t *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, kernel_percpu(k, S_runqueues, cpu), F_rq_nr_iowait, &v));
	*ret = (uint32_t)v;
	return NULL;
}

const struct err *cpu_queues_read(const struct kernel *k, struct cpu_queues *ret)
{
	struct cpu_set possible, online;

	*ret = (struct cpu_queues){0};
	TRY(cpu_set_read(k, CPU_POSSIBLE, &possible));
	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		gva_t rq = kernel_percpu(k, S_runqueues, cpu);
		uint64_t running, switches;
		uint32_t iowait;

		if (!cpu_set_has(&possible, cpu))
			continue;
		TRY(kfield_uint(k, rq, F_rq_nr_running, &running));
		TRY(kfield_uint(k, rq, F_rq_nr_switches, &switches));
		TRY(rq_nr_iowait(k, cpu, &iowait));
		ret->switches += switches;
		ret->iowait += iowait;
		if (cpu_set_has(&online, cpu))
			ret->running += (uint32_t)running;
	}
	return NULL;
}
