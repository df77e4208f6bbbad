/* SPDX-License-Identifier: GPL-2.0-or-later */
/* maps_line - what maps says of a mapped area; smaps begins with the same. */
#ifndef TC_PROC_MAPS_LINE_H
#define TC_PROC_MAPS_LINE_H

#include "transcall/kobj/vma.h"
#include "transcall/proc/tree.h"

/* show_map_vma(): the line of @v, with its end. */
MUST_CHECK const struct err *maps_line_print(struct proc_view *view, const struct vma *v,
					     const struct mm_layout *layout, FILE *out);

/* The first line of smaps_rollup, of all areas together. */
void maps_rollup_print(uint64_t start, uint64_t end, FILE *out);

#endif
