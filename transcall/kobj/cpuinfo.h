/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpuinfo - what the guest's kernel knows of the kind of its processors. */
#ifndef TC_KOBJ_CPUINFO_H
#define TC_KOBJ_CPUINFO_H

#include "transcall/kobj/kernel.h"

#define CPUINFO_WORDS_MAX  64 /* of feature bits */
#define CPUINFO_NAME_BYTES 64

/* struct cpuinfo_x86 of one CPU. */
struct cpuinfo {
	char vendor[CPUINFO_NAME_BYTES], model_name[CPUINFO_NAME_BYTES];
	uint32_t family, model, stepping, microcode, package_id, core_id, booted_cores;
	uint32_t siblings; /* CPUs of the package */
	uint32_t apic_id, initial_apic_id, clflush_bytes, power;
	int32_t cpuid_level, cache_kb, cache_alignment, tlb_pages;
	uint32_t physical_bits, virtual_bits, khz;
	uint64_t loops_per_jiffy;
	unsigned feature_words, vmx_words;
	unsigned bug_words; /* the last ones of feature_words: NBUGINTS */
	uint32_t features[CPUINFO_WORDS_MAX], vmx[CPUINFO_WORDS_MAX];
};
MUST_CHECK const struct err *cpuinfo_read(const struct kernel *k, unsigned cpu,
					  struct cpuinfo *ret);

/* Is feature @bit (X86_FEATURE_*) set? */
bool cpuinfo_has(const struct cpuinfo *c, unsigned bit);

/**
 * cpuinfo_flag_name() - entry @index of the table of names at symbol @table
 * @ret: out: "" where the entry has no name; *@ret_null where there is no entry
 */
MUST_CHECK const struct err *cpuinfo_flag_name(const struct kernel *k, enum symbol_id table,
					       unsigned index, char ret[static CPUINFO_NAME_BYTES],
					       bool *ret_null);

#endif
