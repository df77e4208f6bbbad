/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/smaps and smaps_rollup (show_smap(), show_smaps_rollup(), fs/proc/task_mmu.c).
 * Input: attacker-controlled.
 */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>

#include "transcall/kobj/memuse.h"
#include "transcall/kobj/pagetable.h"
#include "transcall/kobj/thp.h"
#include "transcall/proc/areas.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/vmflags.h"

enum line_where { ALWAYS, MAPLE, SIZES, ROLLUP };

static const struct {
	const char *label;
	size_t offset;
	bool is_share;
	enum line_where where;
} lines[] = {
#define SIZE_LINE(label_, member, where_)  {label_, offsetof(struct memuse, member), false, where_},
#define SHARE_LINE(label_, member, where_) {label_, offsetof(struct memuse, member), true, where_},
#include "transcall/proc/memuse.def"
#undef SIZE_LINE
#undef SHARE_LINE
};

static bool is_shown(const struct kernel *k, enum line_where where, bool rollup)
{
	switch (where) {
	case MAPLE:
		return profile_has(k->profile, F_mm_struct_mm_mt);
	case SIZES:
		return thp_has_sizes(k);
	case ROLLUP:
		return rollup;
	case ALWAYS:
		break;
	}
	return true;
}

static void kb_print(const char *label, uint64_t bytes, FILE *out)
{
	fprintf(out, "%s%8" PRIu64 " kB\n", label, bytes >> 10);
}

static void sums_print(const struct kernel *k, const struct memuse *sums, bool rollup, FILE *out)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		uint64_t v = *(const uint64_t *)((const char *)sums + lines[i].offset);

		if (is_shown(k, lines[i].where, rollup))
			kb_print(lines[i].label, lines[i].is_share ? v >> MEMUSE_PSS_SHIFT : v,
				 out);
	}
}

static const struct err *area_print(struct proc_view *view, const struct areas *of,
				    const struct vma *v, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t mm = of->task.mm;
	struct memuse sums = {0};
	uint64_t page_bytes;
	bool eligible;

	TRY(memuse_add(k, mm, v, &sums));
	TRY(thp_eligible(k, mm, v, &eligible));
	TRY(vma_page_bytes(k, v, &page_bytes));
	TRY(areas_line_print(view, of, v, out));
	kb_print("Size:           ", v->end - v->start, out);
	kb_print("KernelPageSize: ", page_bytes, out);
	kb_print("MMUPageSize:    ", page_bytes, out);
	sums_print(k, &sums, false, out);
	fprintf(out, thp_has_sizes(k) ? "THPeligible:    %8d\n" : "THPeligible:    %d\n", eligible);
	return vmflags_print(k, v->flags, out);
}

const struct err *pid_smaps(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return areas_render(view, node, area_print, out);
}

/* All areas but the gate, which is nobody's; an error in one is one of the sum. */
const struct err *pid_smaps_rollup(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct memuse sums = {0};
	uint64_t start = 0, end = 0;
	struct vma_iter it;
	struct task t;
	struct vma v;
	bool has;

	TRY(areas_task(view, node, &t, &has));
	if (!has)
		return ERR_ERRNO(ERR_ABSENT, ESRCH, "the task has no memory of its own");
	TRY(vma_iter_init(&it, k, t.mm));
	for (;;) {
		TRY(vma_iter_next(&it, k, &v));
		if (gva_is_null(v.at) || areas_is_gate(k, &v))
			break;
		TRY(memuse_add(k, t.mm, &v, &sums));
		start = end ? start : v.start;
		end = v.end;
	}
	areas_rollup_print(start, end, out);
	sums_print(k, &sums, true, out);
	return NULL;
}
