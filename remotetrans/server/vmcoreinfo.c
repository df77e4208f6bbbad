/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VMCOREINFO of a memory image. Input: attacker-controlled. */
#include "remotetrans/server/vmcoreinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK             "OSRELEASE=" /* first line of the note's text, at the start of a page */
#define START_KERNEL_MAP UINT64_C(0xffffffff80000000)
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

static bool parse(const uint8_t *page, uint64_t *ret_table)
{
	char text[FRAME_BYTES + 1];
	uint64_t swapper, phys_base;

	memcpy(text, page, FRAME_BYTES);
	text[FRAME_BYTES] = 0;
	if (!find_value(text, "SYMBOL(swapper_pg_dir)=", 16, &swapper) ||
	    !find_value(text, "NUMBER(phys_base)=", 10, &phys_base))
		return false;
	*ret_table = swapper - START_KERNEL_MAP + phys_base;
	return *ret_table % FRAME_BYTES == 0;
}

static bool find_table(const struct memory *m, uint64_t *ret)
{
	for (size_t i = 0; i < m->range_count; i++) {
		const struct memory_range *range = &m->ranges[i];

		for (uint64_t f = 0; f < range->frames; f++) {
			const uint8_t *page = m->bytes + range->offset + f * FRAME_BYTES;

			if (memcmp(page, MARK, sizeof(MARK) - 1) == 0 && parse(page, ret) &&
			    memory_frame(m, gfn(*ret / FRAME_BYTES)))
				return true;
		}
	}
	return false;
}

const struct err *vmcoreinfo_vcpu(const struct memory *m, struct vcpu *ret)
{
	uint64_t table;

	if (!find_table(m, &table))
		return ERR(ERR_FAULT, "no VMCOREINFO in the image: not a running Linux kernel");
	*ret = (struct vcpu){.cr0 = 0x80050033,
			     .cr3 = table,
			     .cr4 = 0x20,
			     .efer = 0xd01,
			     .idtr_base = CPU_ENTRY_AREA,
			     .online = true};
	return NULL;
}
