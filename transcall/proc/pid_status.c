/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/status (proc_pid_status(), fs/proc/array.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/cred.h"
#include "transcall/kobj/numafault.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/sched.h"
#include "transcall/kobj/signal.h"
#include "transcall/kobj/spec.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/bitmap.h"
#include "transcall/proc/status_mm.h"
#include "transcall/proc/text.h"
#include "transcall/proc/view.h"

#define NO_NEW_PRIVS 1u /* PFA_NO_NEW_PRIVS: bit 0 of atomic_flags */

/* ESCAPE_SPACE | ESCAPE_SPECIAL for newline and backslash (proc_task_name()) */
static void name_print(const char *name, FILE *out)
{
	text_str(out, "Name:\t");
	for (; *name; name++) {
		if (*name == '\n')
			text_str(out, "\\n");
		else if (*name == '\\')
			text_str(out, "\\\\");
		else
			putc_unlocked(*name, out);
	}
	putc_unlocked('\n', out);
}

static const struct err *umask_print(const struct kernel *k, const struct task *t, FILE *out)
{
	int64_t umask;
	gva_t fs;

	TRY(kfield_ptr(k, t->at, F_task_struct_fs, &fs));
	if (gva_is_null(fs))
		return NULL;
	TRY(kfield_int(k, fs, F_fs_struct_umask, &umask));
	if (umask >= 0)
		fprintf(out, "Umask:\t%#04o\n", (unsigned)umask);
	return NULL;
}

static const struct err *numbers_print(const struct proc_view *view, const struct task *t,
				       uint32_t pid, FILE *out)
{
	const struct kernel *k = view->kernel;
	int32_t tgid, ppid, tracer;
	const char *state;
	int64_t ngid;

	TRY(task_state(k, t, &state));
	TRY(pid_task_number(k, t->at, PID_KIND_TGID, view->pid_ns, &tgid));
	TRY(numafault_group_id(k, t->at, &ngid));
	TRY(task_ppid(k, t, view->pid_ns, &ppid));
	TRY(task_tracer(k, t, view->pid_ns, &tracer));
	text_line_str(out, "State", state);
	text_line_i64(out, "Tgid", tgid);
	text_line_i64(out, "Ngid", ngid);
	text_line_u64(out, "Pid", pid);
	text_line_i64(out, "PPid", ppid);
	text_line_i64(out, "TracerPid", tracer);
	return NULL;
}

typedef const struct err *id_fn(const struct proc_view *view, uint32_t id, uint32_t *ret);

static const struct err *ids_print(const struct proc_view *view, const char *label, id_fn *map,
				   const uint32_t ids[static 4], FILE *out)
{
	uint32_t shown[4];

	for (unsigned i = 0; i < 4; i++)
		if (i && ids[i] == ids[i - 1])
			shown[i] = shown[i - 1];
		else
			TRY(map(view, ids[i], &shown[i]));
	text_str(out, label);
	putc_unlocked(':', out);
	for (unsigned i = 0; i < 4; i++) {
		putc_unlocked('\t', out);
		text_u64(out, shown[i]);
	}
	putc_unlocked('\n', out);
	return NULL;
}

static const struct err *fd_size(const struct kernel *k, const struct task *t, uint64_t *ret)
{
	gva_t files, table;

	*ret = 0;
	TRY(kfield_ptr(k, t->at, F_task_struct_files, &files));
	if (gva_is_null(files))
		return NULL;
	TRY(kfield_ptr(k, files, F_files_struct_fdt, &table));
	return kfield_uint(k, table, F_fdtable_max_fds, ret);
}

static const struct err *groups_print(const struct proc_view *view, const struct cred *c, FILE *out)
{
	uint32_t count, group;

	text_str(out, "Groups:\t");
	TRY(cred_group_count(view->kernel, c->group_info, &count));
	for (uint32_t i = 0; i < count; i++) {
		TRY(cred_group(view->kernel, c->group_info, i, &group));
		TRY(view_gid(view, group, &group));
		text_str(out, i ? " " : "");
		text_u64(out, group);
	}
	text_str(out, " \n");
	return NULL;
}

static const struct err *cred_print(const struct proc_view *view, const struct task *t,
				    const struct cred *c, FILE *out)
{
	const uint32_t uids[] = {c->uid, c->euid, c->suid, c->fsuid};
	const uint32_t gids[] = {c->gid, c->egid, c->sgid, c->fsgid};
	uint64_t fds;

	TRY(ids_print(view, "Uid", view_uid, uids, out));
	TRY(ids_print(view, "Gid", view_gid, gids, out));
	TRY(fd_size(view->kernel, t, &fds));
	text_line_u64(out, "FDSize", (uint32_t)fds);
	return groups_print(view, c, out);
}

/* A task's numbers from the reader's pid namespace inwards. */
static const struct err *levels_print(const struct proc_view *view, const struct task *t, FILE *out)
{
	static const struct {
		const char *label;
		enum pid_kind kind;
	} lines[] = {{"NStgid", PID_KIND_TGID},
		     {"NSpid", PID_KIND_PID},
		     {"NSpgid", PID_KIND_PGID},
		     {"NSsid", PID_KIND_SID}};
	struct pid_numbers numbers;
	uint64_t first;
	int32_t number;
	gva_t pid;

	TRY(pid_of_task(view->kernel, t->at, PID_KIND_PID, &pid));
	if (gva_is_null(pid))
		return ERR(ERR_ABSENT, "the process is gone");
	TRY(pid_read_numbers(view->kernel, pid, &numbers));
	TRY(kfield_uint(view->kernel, view->pid_ns, F_pid_namespace_level, &first));
	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		text_str(out, lines[i].label);
		putc_unlocked(':', out);
		for (uint64_t level = first; level <= numbers.level; level++) {
			TRY(pid_task_number(view->kernel, t->at, lines[i].kind, numbers.ns[level],
					    &number));
			putc_unlocked('\t', out);
			text_i64(out, number);
		}
		putc_unlocked('\n', out);
	}
	return NULL;
}

static const struct err *signals_print(const struct kernel *k, const struct task *t, FILE *out)
{
	struct signal_sets sets;
	struct signal_queue queue;
	uint32_t threads;

	TRY(signal_thread_count(k, t, &threads));
	TRY(signal_read_queue(k, t, &queue));
	TRY(signal_read_sets(k, t, &sets));
	text_line_u64(out, "Threads", threads);
	text_str(out, "SigQ:\t");
	text_u64(out, queue.queued);
	putc_unlocked('/', out);
	text_u64(out, queue.limit);
	putc_unlocked('\n', out);
	text_line_hex(out, "SigPnd", sets.pending);
	text_line_hex(out, "ShdPnd", sets.shared_pending);
	text_line_hex(out, "SigBlk", sets.blocked);
	text_line_hex(out, "SigIgn", sets.ignored);
	text_line_hex(out, "SigCgt", sets.caught);
	return NULL;
}

static void caps_print(const struct cred *c, FILE *out)
{
	text_line_hex(out, "CapInh", c->cap_inheritable);
	text_line_hex(out, "CapPrm", c->cap_permitted);
	text_line_hex(out, "CapEff", c->cap_effective);
	text_line_hex(out, "CapBnd", c->cap_bset);
	text_line_hex(out, "CapAmb", c->cap_ambient);
}

static const struct err *seccomp_print(const struct kernel *k, const struct task *t, FILE *out)
{
	uint64_t flags, mode, filters;
	const char *text;

	TRY(kfield_uint(k, t->at, F_task_struct_atomic_flags, &flags));
	text_line_u64(out, "NoNewPrivs", (flags & NO_NEW_PRIVS) != 0);
	if (profile_has(k->profile, F_task_struct_seccomp_mode)) {
		TRY(kfield_uint(k, t->at, F_task_struct_seccomp_mode, &mode));
		text_line_u64(out, "Seccomp", mode);
	}
	if (profile_has(k->profile, F_task_struct_seccomp_filter_count)) {
		TRY(kfield_uint(k, t->at, F_task_struct_seccomp_filter_count, &filters));
		text_line_u64(out, "Seccomp_filters", filters);
	}
	TRY(spec_store_bypass(k, t->at, &text));
	text_line_str(out, "Speculation_Store_Bypass", text);
	/* 5.11; told by what came little later (5.17) */
	if (!profile_has(k->profile, F_signal_struct_core_state))
		return NULL;
	TRY(spec_indirect_branch(k, t->at, &text));
	text_line_str(out, "SpeculationIndirectBranch", text);
	return NULL;
}

static void mask_print(const char *label, const uint8_t *bits, unsigned count, FILE *out)
{
	text_str(out, label);
	text_str(out, ":\t");
	bitmap_print_hex(bits, count, out);
	putc_unlocked('\n', out);
	text_str(out, label);
	text_str(out, "_list:\t");
	bitmap_print_list(bits, count, out);
	putc_unlocked('\n', out);
}

static const struct err *placement_print(const struct kernel *k, const struct task *t, FILE *out)
{
	uint32_t size = k->profile->fields[F_task_struct_mems_allowed].size_bytes;
	uint8_t bits[SCHED_CPUS_BYTES];
	struct sched_place place;
	unsigned len;

	TRY(sched_read_cpus(k, t, bits, &len));
	mask_print("Cpus_allowed", bits, k->cpu_count < 8 * len ? k->cpu_count : 8 * len, out);
	if (size && size <= sizeof(bits)) {
		TRY(kfield_bytes(k, t->at, F_task_struct_mems_allowed, bits, size));
		mask_print("Mems_allowed", bits, 8 * size, out);
	}
	TRY(sched_read_place(k, t, &place));
	text_line_u64(out, "voluntary_ctxt_switches", place.voluntary_switches);
	text_line_u64(out, "nonvoluntary_ctxt_switches", place.involuntary_switches);
	return NULL;
}

const struct err *pid_status(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	char name[TASK_NAME_BYTES];
	struct cred c;
	struct task t;

	TRY(task_read(k, node->task, &t));
	TRY(task_name(k, &t, name));
	TRY(cred_read(k, node->task, &c));
	name_print(name, out);
	TRY(umask_print(k, &t, out));
	TRY(numbers_print(view, &t, node->tid ? node->tid : node->tgid, out));
	TRY(cred_print(view, &t, &c, out));
	TRY(levels_print(view, &t, out));
	if (profile_has(k->profile, F_pid_stashed))
		text_line_u64(out, "Kthread", (t.flags & TASK_FLAG_KTHREAD) != 0);
	TRY(status_mm_print(k, &t, out));
	TRY(signals_print(k, &t, out));
	caps_print(&c, out);
	TRY(seccomp_print(k, &t, out));
	TRY(placement_print(k, &t, out));
	return status_features_print(k, &t, out);
}
