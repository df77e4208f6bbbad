/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/cpuinfo (arch/x86/kernel/cpu/proc.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/cpuinfo.h"

#define FEATURE_TSC 4            /* X86_FEATURE_TSC, arch/x86/include/asm/cpufeatures.h */
#define FEATURE_VMX (4 * 32 + 5) /* X86_FEATURE_VMX */
#define POWER_FLAGS 32

static void print_kind(FILE *out, unsigned cpu, const struct cpuinfo *c)
{
	fprintf(out, "processor\t: %u\n", cpu);
	fprintf(out, "vendor_id\t: %s\n", c->vendor[0] ? c->vendor : "unknown");
	fprintf(out, "cpu family\t: %u\nmodel\t\t: %u\n", c->family, c->model);
	fprintf(out, "model name\t: %s\n", c->model_name[0] ? c->model_name : "unknown");
	if (c->stepping || c->cpuid_level >= 0)
		fprintf(out, "stepping\t: %u\n", c->stepping);
	else
		fputs("stepping\t: unknown\n", out);
	if (c->microcode)
		fprintf(out, "microcode\t: 0x%x\n", c->microcode);
	/* What APERF and MPERF would say is not in memory; virtual machines have neither. */
	if (cpuinfo_has(c, FEATURE_TSC))
		fprintf(out, "cpu MHz\t\t: %u.%03u\n", c->khz / 1000, c->khz % 1000);
	if (c->cache_kb)
		fprintf(out, "cache size\t: %u KB\n", (uint32_t)c->cache_kb);
}

static void print_place(FILE *out, const struct cpuinfo *c)
{
	fprintf(out, "physical id\t: %u\nsiblings\t: %u\n", c->package_id, c->siblings);
	fprintf(out, "core id\t\t: %u\ncpu cores\t: %u\n", c->core_id, c->booted_cores);
	fprintf(out, "apicid\t\t: %u\ninitial apicid\t: %u\n", c->apic_id, c->initial_apic_id);
	fprintf(out, "fpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: %d\nwp\t\t: yes\n",
		c->cpuid_level);
}

/* Names of the set bits of words [first, end), from a table that starts with word @first. */
static const struct err *print_bits(const struct kernel *k, const uint32_t *words, unsigned first,
				    unsigned end, enum symbol_id table, FILE *out)
{
	for (unsigned i = first * 32; i < end * 32; i++) {
		char name[CPUINFO_NAME_BYTES];
		bool unnamed;

		if (!(words[i / 32] >> i % 32 & 1))
			continue;
		TRY(cpuinfo_flag_name(k, table, i - first * 32, name, &unnamed));
		if (!unnamed)
			fprintf(out, " %s", name);
	}
	return NULL;
}

static const struct err *print_flags(const struct kernel *k, const struct cpuinfo *c, FILE *out)
{
	unsigned bugs = c->feature_words - c->bug_words;

	fputs("flags\t\t:", out);
	TRY(print_bits(k, c->features, 0, bugs, S_x86_cap_flags, out));
	if (cpuinfo_has(c, FEATURE_VMX) && c->vmx_words && c->vmx[0]) {
		fputs("\nvmx flags\t:", out);
		TRY(print_bits(k, c->vmx, 0, c->vmx_words, S_x86_vmx_flags, out));
	}
	fputs("\nbugs\t\t:", out);
	return print_bits(k, c->features, bugs, c->feature_words, S_x86_bug_flags, out);
}

static const struct err *print_power(const struct kernel *k, const struct cpuinfo *c, FILE *out)
{
	fputs("power management:", out);
	for (unsigned i = 0; i < POWER_FLAGS; i++) {
		char name[CPUINFO_NAME_BYTES];
		bool unnamed;

		if (!(c->power >> i & 1))
			continue;
		TRY(cpuinfo_flag_name(k, S_x86_power_flags, i, name, &unnamed));
		if (unnamed)
			fprintf(out, " [%u]", i);
		else
			fprintf(out, "%s%s", name[0] ? " " : "", name);
	}
	fputs("\n\n", out);
	return NULL;
}

static const struct err *print_cpu(const struct kernel *k, unsigned cpu, FILE *out)
{
	struct cpuinfo c;

	TRY(cpuinfo_read(k, cpu, &c));
	print_kind(out, cpu, &c);
	print_place(out, &c);
	TRY(print_flags(k, &c, out));
	fprintf(out, "\nbogomips\t: %" PRIu64 ".%02" PRIu64 "\n",
		c.loops_per_jiffy / (500000 / k->hz), c.loops_per_jiffy / (5000 / k->hz) % 100);
	if (c.tlb_pages > 0)
		fprintf(out, "TLB size\t: %d 4K pages\n", c.tlb_pages);
	fprintf(out, "clflush size\t: %u\ncache_alignment\t: %d\n", c.clflush_bytes,
		c.cache_alignment);
	fprintf(out, "address sizes\t: %u bits physical, %u bits virtual\n", c.physical_bits,
		c.virtual_bits);
	return print_power(k, &c, out);
}

const struct err *root_cpuinfo(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct cpu_set online;

	(void)node;
	if (k->hz > 5000)
		return ERR(ERR_FAULT, "%u ticks a second", k->hz);
	TRY(cpu_set_read(k, CPU_ONLINE, &online));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++)
		if (cpu_set_has(&online, cpu))
			TRY(print_cpu(k, cpu, out));
	return NULL;
}
