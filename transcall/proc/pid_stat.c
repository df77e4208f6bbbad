/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/stat and statm (fs/proc/array.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/mm.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/sched.h"
#include "transcall/kobj/signal.h"
#include "transcall/kobj/task.h"
#include "transcall/kobj/time.h"
#include "transcall/kobj/tty.h"
#include "transcall/kobj/wchan.h"
#include "transcall/proc/text.h"
#include "transcall/proc/view.h"

#define NSEC_PER_CLOCK 10000000u /* USER_HZ 100 */
#define SIGNALS_SHOWN  0x7fffffffu
#define LIMIT_RSS      5 /* RLIMIT_RSS */
#define PAGE_SHIFT     12

/* Everything that a line of stat shows. */
struct stat_line {
	struct task task;
	char name[TASK_NAME_BYTES];
	const char *state;
	int32_t ppid, pgid, sid, tty_pgrp, exit_code, exit_signal;
	uint32_t tty_device, thread_count;
	bool permitted, wchan;
	uint64_t rss_limit;
	struct signal_sets sets;
	struct sched_times times;
	struct sched_place place;
	uint64_t total_vm, rss;
	struct mm_layout layout; /* all 0 without an mm */
};

/* new_encode_dev(), include/linux/kdev_t.h */
static uint32_t device_encode(uint32_t major, uint32_t minor)
{
	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

static const struct err *line_terminal(const struct proc_view *view, struct stat_line *l)
{
	struct tty tty;

	TRY(tty_of_task(view->kernel, &l->task, &tty));
	l->tty_pgrp = -1;
	if (gva_is_null(tty.at))
		return NULL;
	l->tty_device = device_encode(tty.major, tty.minor);
	return pid_number(view->kernel, tty.pgrp, view->pid_ns, &l->tty_pgrp);
}

static const struct err *line_numbers(const struct proc_view *view, struct stat_line *l)
{
	const struct kernel *k = view->kernel;

	l->pgid = l->sid = -1;
	if (gva_is_null(l->task.sighand)) /* lock_task_sighand() */
		return NULL;
	TRY(pid_task_number(k, l->task.at, PID_KIND_SID, view->pid_ns, &l->sid));
	TRY(pid_task_number(k, l->task.at, PID_KIND_PGID, view->pid_ns, &l->pgid));
	return task_ppid(k, &l->task, view->pid_ns, &l->ppid);
}

static const struct err *line_memory(const struct proc_view *view, struct stat_line *l)
{
	const struct kernel *k = view->kernel;
	struct mm_counters counters;
	struct mm_sizes sizes;

	if (gva_is_null(l->task.mm))
		return NULL;
	TRY(mm_read_counters(k, l->task.mm, false, &counters));
	TRY(mm_read_sizes(k, l->task.mm, &sizes));
	l->rss = counters.file + counters.anon + counters.shmem;
	l->total_vm = sizes.total_vm;
	TRY(mm_read_layout(k, l->task.mm, &l->layout));
	if (!l->permitted)
		l->layout = (struct mm_layout){.start_code = 1, .end_code = 1};
	return NULL;
}

static const struct err *line_signals(const struct proc_view *view, bool whole, struct stat_line *l)
{
	const struct kernel *k = view->kernel;
	int64_t exit_signal;

	TRY(signal_read_sets(k, &l->task, &l->sets));
	TRY(signal_thread_count(k, &l->task, &l->thread_count));
	if (!gva_is_null(l->task.sighand))
		TRY(signal_read_limit(k, &l->task, LIMIT_RSS, &l->rss_limit));
	TRY(kfield_int(k, l->task.at, F_task_struct_exit_signal, &exit_signal));
	l->exit_signal = (int32_t)exit_signal;
	if (l->permitted)
		TRY(signal_exit_code(k, &l->task, whole, &l->exit_code));
	return NULL;
}

/* A flag since 5.16: asleep; before, whether the address could be told. */
static const struct err *line_wchan(const struct proc_view *view, bool whole, struct stat_line *l)
{
	bool runnable;
	gva_t address;

	if (!l->permitted || (whole && l->thread_count >= 2))
		return NULL;
	if (!view->kernel->profile->has_symbol[S___get_wchan]) {
		TRY(wchan_address(view->kernel, l->task.at, &address));
		l->wchan = !gva_is_null(address);
		return NULL;
	}
	TRY(task_is_runnable(view->kernel, &l->task, &runnable));
	l->wchan = !runnable;
	return NULL;
}

/* timens_add_boottime_ns(): since 5.11, with which the flags of a user's address space came. */
static const struct err *line_start(const struct proc_view *view, struct stat_line *l)
{
	struct time_offsets offsets;

	if (!profile_has(view->kernel->profile, F_mm_struct_context_flags))
		return NULL;
	TRY(time_offsets_of_task(view->kernel, view->reader, &offsets));
	l->place.start_boottime_ns += (uint64_t)offsets.boottime_ns;
	return NULL;
}

static const struct err *line_read(const struct proc_view *view, gva_t task, bool whole,
				   struct stat_line *l)
{
	const struct kernel *k = view->kernel;

	*l = (struct stat_line){0};
	TRY(task_read(k, task, &l->task));
	TRY(task_name(k, &l->task, l->name));
	TRY(task_state(k, &l->task, &l->state));
	TRY(view_may_access(view, task, &l->permitted));
	TRY(line_numbers(view, l));
	TRY(line_terminal(view, l));
	TRY(line_signals(view, whole, l));
	TRY(line_wchan(view, whole, l));
	TRY(line_memory(view, l));
	TRY(sched_read_times(k, &l->task, whole, &l->times));
	TRY(sched_read_place(k, &l->task, &l->place));
	return line_start(view, l);
}

static void numbers_print(FILE *out, const uint64_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		putc_unlocked(' ', out);
		text_u64(out, numbers[i]);
	}
}

static void signed_print(FILE *out, int64_t v)
{
	putc_unlocked(' ', out);
	text_i64(out, v);
}

#define NUMBERS(out, ...)                                                                          \
	numbers_print(out, (const uint64_t[]){__VA_ARGS__},                                        \
		      sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

/* Fields 1 to 22: who, and how long. */
static void line_print_first(const struct stat_line *l, uint32_t pid, FILE *out)
{
	text_u64(out, pid);
	text_str(out, " (");
	text_str(out, l->name);
	text_str(out, ") ");
	putc_unlocked(*l->state, out);
	signed_print(out, l->ppid);
	signed_print(out, l->pgid);
	signed_print(out, l->sid);
	NUMBERS(out, l->tty_device);
	signed_print(out, l->tty_pgrp);
	NUMBERS(out, l->task.flags, l->times.min_flt, l->times.cmin_flt, l->times.maj_flt,
		l->times.cmaj_flt, l->times.utime / NSEC_PER_CLOCK, l->times.stime / NSEC_PER_CLOCK,
		l->times.cutime / NSEC_PER_CLOCK, l->times.cstime / NSEC_PER_CLOCK);
	signed_print(out, l->place.priority);
	signed_print(out, l->place.nice);
	NUMBERS(out, l->thread_count, 0, l->place.start_boottime_ns / NSEC_PER_CLOCK);
}

/* Fields 23 to 34: memory and signals. esp and eip are 0 but for a dying task's dump. */
static void line_print_memory(const struct stat_line *l, FILE *out)
{
	NUMBERS(out, l->total_vm << PAGE_SHIFT, l->rss, l->rss_limit, l->layout.start_code,
		l->layout.end_code, l->layout.start_stack, 0, 0, l->sets.pending & SIGNALS_SHOWN,
		l->sets.blocked & SIGNALS_SHOWN, l->sets.ignored & SIGNALS_SHOWN,
		l->sets.caught & SIGNALS_SHOWN);
}

/* Fields 35 to 52. */
static void line_print_rest(const struct stat_line *l, FILE *out)
{
	NUMBERS(out, l->wchan, 0, 0);
	signed_print(out, l->exit_signal);
	NUMBERS(out, l->place.cpu, l->place.rt_priority, l->place.policy,
		l->place.blkio_delay_ns / NSEC_PER_CLOCK, l->times.gtime / NSEC_PER_CLOCK,
		l->times.cgtime / NSEC_PER_CLOCK, l->layout.start_data, l->layout.end_data,
		l->layout.start_brk, l->layout.arg_start, l->layout.arg_end, l->layout.env_start,
		l->layout.env_end);
	signed_print(out, l->exit_code);
	putc_unlocked('\n', out);
}

const struct err *pid_stat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct stat_line line;

	TRY(line_read(view, node->task, !node->tid, &line));
	line_print_first(&line, node->tid ? node->tid : node->tgid, out);
	line_print_memory(&line, out);
	line_print_rest(&line, out);
	return NULL;
}

/* task_statm(), fs/proc/task_mmu.c */
const struct err *pid_statm(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const uint64_t page_mask = (UINT64_C(1) << PAGE_SHIFT) - 1;
	struct mm_counters counters;
	struct mm_layout layout;
	struct mm_sizes sizes;
	struct task t;

	TRY(task_read(view->kernel, node->task, &t));
	if (gva_is_null(t.mm)) {
		fputs("0 0 0 0 0 0 0\n", out);
		return NULL;
	}
	TRY(mm_read_counters(view->kernel, t.mm, true, &counters));
	TRY(mm_read_sizes(view->kernel, t.mm, &sizes));
	TRY(mm_read_layout(view->kernel, t.mm, &layout));
	uint64_t text =
		((layout.end_code + page_mask) & ~page_mask) - (layout.start_code & ~page_mask);
	uint64_t shared = counters.file + counters.shmem;
	text_u64(out, sizes.total_vm);
	NUMBERS(out, shared + counters.anon, shared, text >> PAGE_SHIFT, 0,
		sizes.data_vm + sizes.stack_vm, 0);
	putc_unlocked('\n', out);
	return NULL;
}
