/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/swaps (swap_show(), mm/swapfile.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/file.h"
#include "transcall/kobj/swap.h"
#include "transcall/proc/reader.h"

#define PAGE_KB     4
#define NAME_COLUMN 40
#define TAB_BELOW   10000000 /* kB: a second tab keeps the columns */

static const struct err *print_area(struct proc_view *view, const struct swap_area *area, FILE *out)
{
	uint64_t size_kb = area->pages * PAGE_KB, used_kb = area->used * PAGE_KB, mode;
	char path[DPATH_BYTES];
	struct kfile file;

	TRY(file_read(view->kernel, area->file, &file));
	TRY(reader_path(view, &file.path, path, sizeof(path)));
	TRY(kfield_uint(view->kernel, file.inode, F_inode_mode, &mode));
	reader_mangle(out, path, " \t\n\\");
	size_t len = strlen(path);
	fprintf(out, "%*s%s", len < NAME_COLUMN ? (int)(NAME_COLUMN - len) : 1, " ",
		S_ISBLK(mode) ? "partition" : "file\t");
	fprintf(out, "\t%" PRIu64 "\t%s", size_kb, size_kb < TAB_BELOW ? "\t" : "");
	fprintf(out, "%" PRIu64 "\t%s%d\n", used_kb, used_kb < TAB_BELOW ? "\t" : "",
		area->priority);
	return NULL;
}

const struct err *root_swaps(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	fputs("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n", out);
	for (unsigned i = 0; i < SWAP_AREAS_MAX; i++) {
		struct swap_area area;
		const struct err *e = swap_area_read(view->kernel, i, &area);

		if (e)
			return e->kind == ERR_ABSENT ? NULL : e;
		if (!gva_is_null(area.file) && area.pages)
			TRY(print_area(view, &area, out));
	}
	return NULL;
}
