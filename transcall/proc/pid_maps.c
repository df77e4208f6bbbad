/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/maps (show_map_vma(), fs/proc/task_mmu.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>
#include <sys/sysmacros.h>

#include "transcall/kobj/inode.h"
#include "transcall/proc/areas.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/view.h"

#define NAME_COLUMN 73 /* seq_setwidth(25 + sizeof(void *) * 6 - 1), and a blank */

/* The line up to the name; returns its length. */
static int head_print(const struct vma *v, dev_t dev, uint64_t inode, FILE *out)
{
	return fprintf(
		out, "%08" PRIx64 "-%08" PRIx64 " %c%c%c%c %08" PRIx64 " %02x:%02x %" PRIu64 " ",
		v->start, v->end, v->flags & VMA_READ ? 'r' : '-', v->flags & VMA_WRITE ? 'w' : '-',
		v->flags & VMA_EXEC ? 'x' : '-', v->flags & VMA_MAYSHARE ? 's' : 'p',
		v->offset_bytes, major(dev), minor(dev), inode);
}

static void pad_print(int used, FILE *out)
{
	fprintf(out, "%*s", used < NAME_COLUMN ? NAME_COLUMN - used : 1, "");
}

void areas_rollup_print(uint64_t start, uint64_t end, FILE *out)
{
	const struct vma all = {.start = start, .end = end};

	pad_print(head_print(&all, 0, 0, out), out);
	fputs("[rollup]\n", out);
}

static const struct err *file_print(struct proc_view *view, const struct vma *v, const char *name,
				    FILE *out)
{
	char path[DPATH_BYTES];
	struct kpath at;
	uint64_t number;
	gva_t inode;
	dev_t dev;

	TRY(vma_path(view->kernel, v, &at, &inode));
	TRY(inode_dev(view->kernel, inode, &dev));
	TRY(inode_number(view->kernel, inode, &number));
	pad_print(head_print(v, dev, number, out), out);
	if (*name) {
		fputs(name, out);
		return NULL;
	}
	TRY(reader_path(view, &at, path, sizeof(path)));
	reader_mangle(out, path, "\n");
	return NULL;
}

const struct err *areas_line_print(struct proc_view *view, const struct areas *of,
				   const struct vma *v, FILE *out)
{
	char name[VMA_NAME_BYTES];

	TRY(vma_name(view->kernel, v, &of->layout, name));
	if (!gva_is_null(v->file)) {
		TRY(file_print(view, v, name, out));
	} else {
		int used = head_print(v, 0, 0, out);

		if (*name)
			pad_print(used, out);
		fputs(name, out);
	}
	fputc('\n', out);
	return NULL;
}

const struct err *pid_maps(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return areas_render(view, node, areas_line_print, out);
}
