/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/mtrr (mtrr_seq_show(), arch/x86/kernel/cpu/mtrr/if.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/mtrr.h"

#define MB_PAGES 256
#define PAGE_KB  4

/* mtrr_strings[] */
static const char *type_name(uint8_t type)
{
	static const char *const names[] = {"uncachable",    "write-combining", "?",         "?",
					    "write-through", "write-protect",   "write-back"};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "?";
}

static void range_print(unsigned i, const struct mtrr_range *r, FILE *out)
{
	bool small = r->size_pages < MB_PAGES;

	fprintf(out, "reg%02u: base=0x%06" PRIx64 "000 (%5" PRIu64 "MB), size=%5" PRIu64 "%cB, ", i,
		r->base_pages, r->base_pages / MB_PAGES,
		small ? r->size_pages * PAGE_KB : r->size_pages / MB_PAGES, small ? 'K' : 'M');
	fprintf(out, "count=%" PRId32 ": %s\n", (int32_t)r->users, type_name(r->type));
}

const struct err *root_mtrr(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct mtrr_range range;
	unsigned count;

	(void)node;
	TRY(mtrr_count(view->kernel, &count));
	for (unsigned i = 0; i < count; i++) {
		TRY(mtrr_read(view->kernel, i, &range));
		if (range.size_pages)
			range_print(i, &range, out);
	}
	return NULL;
}
