/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VMCOREINFO of a memory image. Input: attacker-controlled. */
#include "remotetrans/server/vmcoreinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK             "OSRELEASE=" /* first line of the note's text, at the start of a page */
#define START_KERNEL_MAP UINT64_C(0xffffffff80000000)
#define CR4_PAE          (UINT64_C(1) << 5)
#define CR4_LA57         (UINT64_C(1) << 12)
#define CPU_ENTRY_AREA   UINT64_C(0xfffffe0000000000) /* Documentation/x86/x86_64/mm.rst: IDT */

/* The value of the line that begins with @key. */
static bool find_value(const char *text, const char *key, int base, uint64_t *ret)
{
	const char *line = text;
	size_t len = strlen(key);

	while (line && strncmp(line, key, len) != 0) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (line)
		*ret = base == 10 ? (uint64_t)strtoll(line + len, NULL, 10)
				  : strtoull(line + len, NULL, base);
	return line != NULL;
}

static bool parse(const uint8_t *page, struct vcpu *ret)
{
	char text[FRAME_BYTES + 1];
	uint64_t swapper, phys_base, five_levels = 0;

	memcpy(text, page, FRAME_BYTES);
	text[FRAME_BYTES] = 0;
	if (!find_value(text, "SYMBOL(swapper_pg_dir)=", 16, &swapper) ||
	    !find_value(text, "NUMBER(phys_base)=", 10, &phys_base))
		return false;
	(void)find_value(text, "NUMBER(pgtable_l5_enabled)=", 10, &five_levels);
	ret->cr3 = swapper - START_KERNEL_MAP + phys_base;
	ret->cr4 = CR4_PAE | (five_levels == 1 ? CR4_LA57 : 0);
	return ret->cr3 % FRAME_BYTES == 0;
}

static bool find(const struct memory *m, struct vcpu *ret)
{
	for (size_t i = 0; i < m->range_count; i++) {
		const struct memory_range *range = &m->ranges[i];

		for (uint64_t f = 0; f < range->frames; f++) {
			const uint8_t *page = m->bytes + range->offset + f * FRAME_BYTES;

			if (memcmp(page, MARK, sizeof(MARK) - 1) == 0 && parse(page, ret) &&
			    memory_frame(m, gfn(ret->cr3 / FRAME_BYTES)))
				return true;
		}
	}
	return false;
}

const struct err *vmcoreinfo_vcpu(const struct memory *m, struct vcpu *ret)
{
	*ret = (struct vcpu){
		.cr0 = 0x80050033, .efer = 0xd01, .idtr_base = CPU_ENTRY_AREA, .online = true};
	if (!find(m, ret))
		return ERR(ERR_FAULT, "no VMCOREINFO in the image: not a running Linux kernel");
	return NULL;
}
