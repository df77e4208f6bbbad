/* SPDX-License-Identifier: GPL-2.0-or-later */
/* areas - the mapped areas of a process, as maps, smaps and numa_maps list them. */
#ifndef TC_PROC_AREAS_H
#define TC_PROC_AREAS_H

#include "transcall/kobj/task.h"
#include "transcall/kobj/vma.h"
#include "transcall/proc/tree.h"

/* Whose areas they are. */
struct areas {
	struct task task;
	struct mm_layout layout;
};

/* What a file says of one of them. */
typedef const struct err *areas_print(struct proc_view *view, const struct areas *of,
				      const struct vma *v, FILE *out);

/* The task of @node, and whether it has memory. ABSENT with EACCES: which the reader may not look
 * into. */
MUST_CHECK const struct err *areas_task(struct proc_view *view, const struct proc_node *node,
					struct task *ret, bool *ret_has);

/* All areas, the gate being the last; nothing, if there are none to be seen. */
MUST_CHECK const struct err *areas_render(struct proc_view *view, const struct proc_node *node,
					  areas_print *print, FILE *out);

/* The gate area: is nobody's, and shown by maps and smaps only. */
bool areas_is_gate(const struct kernel *k, const struct vma *v);

/* show_map_vma(): the line of @v in maps, with which smaps begins. */
MUST_CHECK const struct err *areas_line_print(struct proc_view *view, const struct areas *of,
					      const struct vma *v, FILE *out);

/* The first line of smaps_rollup, of all areas together. */
void areas_rollup_print(uint64_t start, uint64_t end, FILE *out);

#endif
