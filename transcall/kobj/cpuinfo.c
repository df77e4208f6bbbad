/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of processors. Input: attacker-controlled. */
#include "transcall/kobj/cpuinfo.h"

#include "transcall/kobj/cpu.h"

#include <string.h>

/* A member and where its value goes. */
struct slot {
	enum field_id id;
	uint32_t *to;
};

static const struct err *slots_read(const struct kernel *k, gva_t at, struct cpuinfo *c)
{
	const struct slot slots[] = {
		{F_cpuinfo_x86_family, &c->family},
		{F_cpuinfo_x86_model, &c->model},
		{F_cpuinfo_x86_stepping, &c->stepping},
		{F_cpuinfo_x86_microcode, &c->microcode},
		{F_cpuinfo_x86_pkg_id, &c->package_id},
		{F_cpuinfo_x86_core_id, &c->core_id},
		{F_cpuinfo_x86_booted_cores, &c->booted_cores},
		{F_cpuinfo_x86_apicid, &c->apic_id},
		{F_cpuinfo_x86_initial_apicid, &c->initial_apic_id},
		{F_cpuinfo_x86_clflush_size, &c->clflush_bytes},
		{F_cpuinfo_x86_power, &c->power},
		{F_cpuinfo_x86_phys_bits, &c->physical_bits},
		{F_cpuinfo_x86_virt_bits, &c->virtual_bits},
		{F_cpuinfo_x86_cpuid_level, (uint32_t *)&c->cpuid_level},
		{F_cpuinfo_x86_cache_size, (uint32_t *)&c->cache_kb},
		{F_cpuinfo_x86_cache_alignment, (uint32_t *)&c->cache_alignment},
		{F_cpuinfo_x86_tlbsize, (uint32_t *)&c->tlb_pages},
	};

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		uint64_t v;

		TRY(kfield_uint(k, at, slots[i].id, &v));
		*slots[i].to = (uint32_t)v;
	}
	return NULL;
}

static const struct err *words_read(const struct kernel *k, gva_t at, enum field_id id,
				    uint32_t *ret, unsigned *ret_count)
{
	uint32_t count = k->profile->fields[id].size_bytes / 4;

	*ret_count = count < CPUINFO_WORDS_MAX ? count : CPUINFO_WORDS_MAX;
	for (unsigned i = 0; i < *ret_count; i++)
		TRY(kread_u32(k, gva_add(kfield_at(k, at, id), 4 * i), &ret[i]));
	return NULL;
}

/* x86_cap_flags[] follows x86_bug_flags[NBUGINTS * 32] (arch/x86/kernel/cpu/capflags.c). */
static unsigned bug_words(const struct kernel *k, unsigned feature_words)
{
	uint64_t bytes =
		k->profile->symbols[S_x86_cap_flags] - k->profile->symbols[S_x86_bug_flags];
	uint64_t words = bytes / (32 * 8);

	return words < feature_words ? (unsigned)words : 0;
}

const struct err *cpuinfo_read(const struct kernel *k, unsigned cpu, struct cpuinfo *ret)
{
	gva_t at = kernel_percpu(k, S_cpu_info, cpu);
	struct cpu_set siblings;

	memset(ret, 0, sizeof(*ret));
	TRY(kfield_str(k, at, F_cpuinfo_x86_vendor_id, ret->vendor, sizeof(ret->vendor)));
	TRY(kfield_str(k, at, F_cpuinfo_x86_model_id, ret->model_name, sizeof(ret->model_name)));
	TRY(slots_read(k, at, ret));
	TRY(kfield_uint(k, at, F_cpuinfo_x86_lpj, &ret->loops_per_jiffy));
	TRY(cpu_set_of(k, kernel_percpu(k, S_cpu_core_map, cpu), 0, &siblings));
	ret->siblings = siblings.count;
	TRY(kread_u32(k, kernel_symbol(k, S_cpu_khz), &ret->khz));
	TRY(words_read(k, at, F_cpuinfo_x86_capability, ret->features, &ret->feature_words));
	ret->bug_words = bug_words(k, ret->feature_words);
	return words_read(k, at, F_cpuinfo_x86_vmx_capability, ret->vmx, &ret->vmx_words);
}

bool cpuinfo_has(const struct cpuinfo *c, unsigned bit)
{
	return bit / 32 < c->feature_words && c->features[bit / 32] >> bit % 32 & 1;
}

const struct err *cpuinfo_flag_name(const struct kernel *k, enum symbol_id table, unsigned index,
				    char ret[static CPUINFO_NAME_BYTES], bool *ret_null)
{
	gva_t at;

	TRY(kread_ptr(k, gva_add(kernel_symbol(k, table), 8 * (uint64_t)index), &at));
	*ret_null = gva_is_null(at);
	ret[0] = 0;
	return *ret_null ? NULL : kread_str(k, at, ret, CPUINFO_NAME_BYTES);
}
