/* SPDX-License-Identifier: GPL-2.0-or-later */
/* task_mem() and its neighbours (fs/proc/task_mmu.c, array.c). Input: attacker-controlled. */
#include "transcall/proc/status_mm.h"

#include <inttypes.h>

#include "transcall/kobj/mm.h"
#include "transcall/proc/text.h"

#define PAGE_SHIFT 12
#define PAGE_MASK  ((UINT64_C(1) << PAGE_SHIFT) - 1)

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void kb_print(const char *label, uint64_t kb, FILE *out)
{
	text_str(out, label);
	text_str(out, ":\t");
	text_padded(out, kb, 8);
	text_str(out, " kB\n");
}

static void pages_print(const char *label, uint64_t pages, FILE *out)
{
	kb_print(label, pages << (PAGE_SHIFT - 10), out);
}

static void bytes_print(const char *label, uint64_t bytes, FILE *out)
{
	kb_print(label, bytes >> 10, out);
}

static void sizes_print(const struct mm_sizes *s, const struct mm_counters *c,
			const struct mm_layout *l, FILE *out)
{
	uint64_t rss = c->anon + c->file + c->shmem;
	uint64_t text = ((l->end_code + PAGE_MASK) & ~PAGE_MASK) - (l->start_code & ~PAGE_MASK);
	uint64_t exec = s->exec_vm << PAGE_SHIFT;

	if (text > exec)
		text = exec;
	pages_print("VmPeak", larger(s->hiwater_vm, s->total_vm), out);
	pages_print("VmSize", s->total_vm, out);
	pages_print("VmLck", s->locked_vm, out);
	pages_print("VmPin", s->pinned_vm, out);
	pages_print("VmHWM", larger(s->hiwater_rss, rss), out);
	pages_print("VmRSS", rss, out);
	pages_print("RssAnon", c->anon, out);
	pages_print("RssFile", c->file, out);
	pages_print("RssShmem", c->shmem, out);
	pages_print("VmData", s->data_vm, out);
	pages_print("VmStk", s->stack_vm, out);
	bytes_print("VmExe", text, out);
	bytes_print("VmLib", exec - text, out);
	bytes_print("VmPTE", s->pgtables_bytes, out);
	pages_print("VmSwap", c->swap, out);
	pages_print("HugetlbPages", s->hugetlb_pages, out);
}

/* In mm_struct until 5.16, in signal_struct since. */
static const struct err *core_state(const struct kernel *k, const struct task *t, gva_t *ret)
{
	if (profile_has(k->profile, F_signal_struct_core_state))
		return kfield_ptr(k, t->signal, F_signal_struct_core_state, ret);
	return kfield_ptr(k, t->mm, F_mm_struct_core_state, ret);
}

/* dump_x86_features(), arch/x86/kernel/cpu/proc.c */
static const struct err *features_print(const struct kernel *k, const struct task *t,
					enum field_id id, const char *label, FILE *out)
{
	uint64_t features;

	TRY(kfield_uint(k, t->at, id, &features));
	fprintf(out, "%s:\t%s%s\n", label, features & 1 ? "shstk " : "",
		features & 2 ? "wrss " : "");
	return NULL;
}

static const struct err *mm_print(const struct kernel *k, const struct task *t, FILE *out)
{
	uint64_t untag_mask = UINT64_MAX; /* without CONFIG_ADDRESS_MASKING */
	struct mm_counters counters;
	struct mm_layout layout;
	struct mm_sizes sizes;
	bool thp_disabled;
	gva_t core;

	TRY(mm_read_counters(k, t->mm, true, &counters));
	TRY(mm_read_sizes(k, t->mm, &sizes));
	TRY(mm_read_layout(k, t->mm, &layout));
	sizes_print(&sizes, &counters, &layout, out);
	TRY(core_state(k, t, &core));
	TRY(mm_thp_disabled(k, t->mm, &thp_disabled));
	text_line_u64(out, "CoreDumping", !gva_is_null(core));
	text_line_u64(out, "THP_enabled", !thp_disabled);
	if (profile_has(k->profile, F_mm_struct_untag_mask))
		TRY(kfield_uint(k, t->mm, F_mm_struct_untag_mask, &untag_mask));
	/* 6.4; told by what came little later (6.6) */
	if (profile_has(k->profile, F_task_struct_thread_features))
		fprintf(out, "untag_mask:\t%#" PRIx64 "\n", untag_mask);
	return NULL;
}

const struct err *status_mm_print(const struct kernel *k, const struct task *t, FILE *out)
{
	return gva_is_null(t->mm) ? NULL : mm_print(k, t, out);
}

const struct err *status_features_print(const struct kernel *k, const struct task *t, FILE *out)
{
	if (!profile_has(k->profile, F_task_struct_thread_shstk))
		return NULL;
	TRY(features_print(k, t, F_task_struct_thread_features, "x86_Thread_features", out));
	return features_print(k, t, F_task_struct_thread_features_locked,
			      "x86_Thread_features_locked", out);
}
