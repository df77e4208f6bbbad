/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/numa_maps (show_numa_map(), fs/proc/task_mmu.c). Input: attacker-controlled. */
#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/numause.h"
#include "transcall/proc/areas.h"
#include "transcall/proc/bitmap.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"

/* policy_modes[], mm/mempolicy.c; numbers are ABI */
static const char *const modes[] = {
	"default", "prefer", "bind", "interleave", "local", "prefer (many)", "weighted interleave"};

static const struct err *policy_print(const struct kernel *k, gva_t task, const struct vma *v,
				      FILE *out)
{
	struct numause_policy policy;

	TRY(numause_policy_read(k, task, v, &policy));
	if (policy.mode >= sizeof(modes) / sizeof(modes[0]))
		return ERR_AT(ERR_ABSENT, v->at.v, "memory policy %u", policy.mode);
	fprintf(out, "%08" PRIx64 " %s", v->start, modes[policy.mode]);
	for (unsigned i = 0; i < policy.nodes_bytes; i++) {
		if (policy.nodes[i]) {
			fputc(':', out);
			bitmap_print_list(policy.nodes, 8 * policy.nodes_bytes, out);
			break;
		}
	}
	return NULL;
}

static const struct err *what_print(struct proc_view *view, const struct vma *v,
				    const struct mm_layout *layout, FILE *out)
{
	char path[DPATH_BYTES], name[VMA_NAME_BYTES];
	struct kpath at;
	gva_t inode;

	TRY(vma_name(view->kernel, v, layout, name));
	if (!gva_is_null(v->file)) {
		TRY(vma_path(view->kernel, v, &at, &inode));
		TRY(reader_path(view, &at, path, sizeof(path)));
		fputs(" file=", out);
		reader_mangle(out, path, "\n\t= ");
	} else if (strcmp(name, "[heap]") == 0) {
		fputs(" heap", out);
	} else if (strcmp(name, "[stack]") == 0) {
		fputs(" stack", out);
	}
	if (v->flags & VMA_HUGETLB)
		fputs(" huge", out);
	return NULL;
}

static void number_print(const char *label, uint64_t v, bool shown, FILE *out)
{
	if (shown)
		fprintf(out, " %s=%" PRIu64, label, v);
}

static void pages_print(const struct numause *s, const struct vma *v, uint64_t page_bytes,
			FILE *out)
{
	number_print("anon", s->anon, s->anon, out);
	number_print("dirty", s->dirty, s->dirty, out);
	number_print("mapped", s->pages, s->pages != s->anon && s->pages != s->dirty, out);
	number_print("mapmax", (uint64_t)s->mapcount_max, s->mapcount_max > 1, out);
	number_print("swapcache", s->swapcache, s->swapcache, out);
	number_print("active", s->active, s->active < s->pages && !(v->flags & VMA_HUGETLB), out);
	number_print("writeback", s->writeback, s->writeback, out);
	for (unsigned node = 0; node < NUMAUSE_NODES; node++)
		if (s->node[node])
			fprintf(out, " N%u=%" PRIu64, node, s->node[node]);
	fprintf(out, " kernelpagesize_kB=%" PRIu64, page_bytes >> 10);
}

static const struct err *line_print(struct proc_view *view, const struct areas *of,
				    const struct vma *v, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct numause sums;
	uint64_t page_bytes;

	if (areas_is_gate(k, v))
		return NULL;
	TRY(numause_read(k, of->task.mm, v, &sums));
	TRY(vma_page_bytes(k, v, &page_bytes));
	TRY(policy_print(k, of->task.at, v, out));
	TRY(what_print(view, v, &of->layout, out));
	if (sums.pages)
		pages_print(&sums, v, page_bytes, out);
	fputc('\n', out);
	return NULL;
}

const struct err *pid_numa_maps(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return areas_render(view, node, line_print, out);
}
