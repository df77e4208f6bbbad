/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flags of mapped areas. Input: attacker-controlled. */
#include "transcall/proc/vmflags.h"

#include <string.h>

#include "transcall/kobj/cpuinfo.h"

#define FLAG_BITS     64u
#define PKEY_SHIFT    32 /* VM_PKEY_SHIFT */
#define PKEY_MASK     15u
#define FEATURE_OSPKE (16 * 32 + 4) /* arch/x86/include/asm/cpufeatures.h */

static const struct {
	unsigned bit;
	const char *name, *kernels;
} rows[] = {
#define VMFLAG(bit_, name_, kernels_) {bit_, name_, kernels_},
#include "transcall/proc/vmflags.def"
#undef VMFLAG
};

/* No member tells of a flag that is a macro: its neighbours in time do. */
static char kernel_letter(const struct profile *p)
{
	if (p->enumerators[E_VMA_MAYBE_GUARD_BIT].present)
		return 'd';
	if (p->has_symbol[S_huge_shmem_orders_always])
		return 'c';
	return profile_has(p, F_mm_struct_mm_mt) ? 'b' : 'a';
}

static const char *name_of(unsigned bit, char kernel)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].bit == bit && strchr(rows[i].kernels, kernel))
			return rows[i].name;
	return "??";
}

static void names_print(const struct kernel *k, uint64_t flags, FILE *out)
{
	char kernel = kernel_letter(k->profile);

	fputs("VmFlags: ", out);
	for (unsigned bit = 0; bit < FLAG_BITS; bit++)
		if (flags >> bit & 1 && *name_of(bit, kernel))
			fprintf(out, "%s ", name_of(bit, kernel));
	fputc('\n', out);
}

const struct err *vmflags_print(const struct kernel *k, uint64_t flags, FILE *out)
{
	struct cpuinfo c;

	TRY(cpuinfo_read(k, 0, &c));
	if (cpuinfo_has(&c, FEATURE_OSPKE))
		fprintf(out, "ProtectionKey:  %8u\n", (unsigned)(flags >> PKEY_SHIFT & PKEY_MASK));
	names_print(k, flags, out);
	return NULL;
}
