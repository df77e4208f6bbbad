/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mm - the address space of a process: its sizes, and reading user memory. */
#ifndef TC_KOBJ_MM_H
#define TC_KOBJ_MM_H

#include "transcall/kobj/task.h"

#define MM_NOT_IN_MEMORY "<not in memory>" /* shown for user pages that are not present */

/* Pages, except where said. */
struct mm_counters {
	uint64_t file, anon, swap, shmem;
};

/**
 * mm_read_counters() - resident pages by kind
 * @exact: status and statm sum the per-CPU parts, stat does not (since 6.2; equal before)
 */
MUST_CHECK const struct err *mm_read_counters(const struct kernel *k, gva_t mm, bool exact,
					      struct mm_counters *ret);

struct mm_sizes {
	uint64_t total_vm, hiwater_vm, hiwater_rss, locked_vm, pinned_vm;
	uint64_t data_vm, exec_vm, stack_vm;
	uint64_t pgtables_bytes, hugetlb_pages;
};
MUST_CHECK const struct err *mm_read_sizes(const struct kernel *k, gva_t mm, struct mm_sizes *ret);

/* User addresses. */
struct mm_layout {
	uint64_t start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
	uint64_t arg_start, arg_end, env_start, env_end;
};
MUST_CHECK const struct err *mm_read_layout(const struct kernel *k, gva_t mm,
					    struct mm_layout *ret);

/**
 * mm_dump_state() - may others look at a user process?
 * @ret_open:    out: all who may act for its user (SUID_DUMP_USER)
 * @ret_user_ns: out: else only who is privileged here; null: in the first user namespace
 */
MUST_CHECK const struct err *mm_dump_state(const struct kernel *k, const struct task *t,
					   bool *ret_open, gva_t *ret_user_ns);

/* The MMF_DISABLE_THP flag, as 'THP_enabled' in status has it (negated). */
MUST_CHECK const struct err *mm_thp_disabled(const struct kernel *k, gva_t mm, bool *ret);

/* The page tables of @mm. */
MUST_CHECK const struct err *mm_space(const struct kernel *k, gva_t mm, struct memspace *ret);

/* User memory as a stream of pages; text for pages that are not in memory. */
struct mm_text {
	const struct kernel *k;
	struct memspace space;
	unsigned
		absent; /* pages that were not present, each shown as MM_NOT_IN_MEMORY once a run */
	bool cut;       /* there is more than exec() allows, which was not read */
};
MUST_CHECK const struct err *mm_text_init(struct mm_text *m, const struct kernel *k, gva_t mm);

/* Takes what was read; returns false to stop. */
typedef bool (*mm_text_sink)(void *context, const char *bytes, size_t len_bytes);

/**
 * mm_text_read() - hand @len_bytes of user memory at @at to @sink
 *
 * Ends early at memory that is not mapped, as the kernel does. Return: NULL or a fatal kind.
 */
MUST_CHECK const struct err *mm_text_read(struct mm_text *m, uint64_t at, uint64_t len_bytes,
					  mm_text_sink sink, void *context);

/* What /proc/PID/cmdline and /proc/PID/environ hold (get_mm_cmdline(), environ_read()). */
MUST_CHECK const struct err *mm_cmdline(struct mm_text *m, gva_t mm, mm_text_sink sink,
					void *context);
MUST_CHECK const struct err *mm_environ(struct mm_text *m, gva_t mm, mm_text_sink sink,
					void *context);

#endif
