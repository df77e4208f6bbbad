/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/status (proc_pid_status(), fs/proc/array.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/cred.h"
#include "transcall/kobj/numafault.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/sched.h"
#include "transcall/kobj/signal.h"
#include "transcall/kobj/spec.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/bitmap.h"
#include "transcall/proc/status_mm.h"
#include "transcall/proc/view.h"

#define NO_NEW_PRIVS 1u /* PFA_NO_NEW_PRIVS: bit 0 of atomic_flags */

/* ESCAPE_SPACE | ESCAPE_SPECIAL for newline and backslash (proc_task_name()) */
static void name_print(const char *name, FILE *out)
{
	fputs("Name:\t", out);
	for (; *name; name++) {
		if (*name == '\n')
			fputs("\\n", out);
		else if (*name == '\\')
			fputs("\\\\", out);
		else
			fputc(*name, out);
	}
	fputc('\n', out);
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
	fprintf(out,
		"State:\t%s\nTgid:\t%d\nNgid:\t%" PRId64 "\nPid:\t%u\nPPid:\t%d\nTracerPid:\t%d\n",
		state, tgid, ngid, pid, ppid, tracer);
	return NULL;
}

typedef const struct err *id_fn(const struct proc_view *view, uint32_t id, uint32_t *ret);

static const struct err *ids_print(const struct proc_view *view, const char *label, id_fn *map,
				   const uint32_t ids[static 4], FILE *out)
{
	uint32_t shown[4];

	for (unsigned i = 0; i < 4; i++)
		TRY(map(view, ids[i], &shown[i]));
	fprintf(out, "%s:\t%u\t%u\t%u\t%u\n", label, shown[0], shown[1], shown[2], shown[3]);
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

	fputs("Groups:\t", out);
	TRY(cred_group_count(view->kernel, c->group_info, &count));
	for (uint32_t i = 0; i < count; i++) {
		TRY(cred_group(view->kernel, c->group_info, i, &group));
		TRY(view_gid(view, group, &group));
		fprintf(out, "%s%u", i ? " " : "", group);
	}
	fputs(" \n", out);
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
	fprintf(out, "FDSize:\t%u\n", (unsigned)fds);
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
		fprintf(out, "%s:", lines[i].label);
		for (uint64_t level = first; level <= numbers.level; level++) {
			TRY(pid_task_number(view->kernel, t->at, lines[i].kind, numbers.ns[level],
					    &number));
			fprintf(out, "\t%d", number);
		}
		fputc('\n', out);
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
	fprintf(out, "Threads:\t%u\nSigQ:\t%" PRIu64 "/%" PRIu64 "\n", threads, queue.queued,
		queue.limit);
	fprintf(out, "SigPnd:\t%016" PRIx64 "\nShdPnd:\t%016" PRIx64 "\nSigBlk:\t%016" PRIx64 "\n",
		sets.pending, sets.shared_pending, sets.blocked);
	fprintf(out, "SigIgn:\t%016" PRIx64 "\nSigCgt:\t%016" PRIx64 "\n", sets.ignored,
		sets.caught);
	return NULL;
}

static void caps_print(const struct cred *c, FILE *out)
{
	fprintf(out, "CapInh:\t%016" PRIx64 "\nCapPrm:\t%016" PRIx64 "\nCapEff:\t%016" PRIx64 "\n",
		c->cap_inheritable, c->cap_permitted, c->cap_effective);
	fprintf(out, "CapBnd:\t%016" PRIx64 "\nCapAmb:\t%016" PRIx64 "\n", c->cap_bset,
		c->cap_ambient);
}

static const struct err *seccomp_print(const struct kernel *k, const struct task *t, FILE *out)
{
	uint64_t flags, mode, filters;
	const char *text;

	TRY(kfield_uint(k, t->at, F_task_struct_atomic_flags, &flags));
	fprintf(out, "NoNewPrivs:\t%d\n", (flags & NO_NEW_PRIVS) != 0);
	if (profile_has(k->profile, F_task_struct_seccomp_mode)) {
		TRY(kfield_uint(k, t->at, F_task_struct_seccomp_mode, &mode));
		fprintf(out, "Seccomp:\t%" PRIu64 "\n", mode);
	}
	if (profile_has(k->profile, F_task_struct_seccomp_filter_count)) {
		TRY(kfield_uint(k, t->at, F_task_struct_seccomp_filter_count, &filters));
		fprintf(out, "Seccomp_filters:\t%" PRIu64 "\n", filters);
	}
	TRY(spec_store_bypass(k, t->at, &text));
	fprintf(out, "Speculation_Store_Bypass:\t%s\n", text);
	/* 5.11; told by what came little later (5.17) */
	if (!profile_has(k->profile, F_signal_struct_core_state))
		return NULL;
	TRY(spec_indirect_branch(k, t->at, &text));
	fprintf(out, "SpeculationIndirectBranch:\t%s\n", text);
	return NULL;
}

static void mask_print(const char *label, const uint8_t *bits, unsigned count, FILE *out)
{
	fprintf(out, "%s:\t", label);
	bitmap_print_hex(bits, count, out);
	fprintf(out, "\n%s_list:\t", label);
	bitmap_print_list(bits, count, out);
	fputc('\n', out);
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
	fprintf(out, "voluntary_ctxt_switches:\t%" PRIu64 "\n", place.voluntary_switches);
	fprintf(out, "nonvoluntary_ctxt_switches:\t%" PRIu64 "\n", place.involuntary_switches);
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
		fprintf(out, "Kthread:\t%d\n", (t.flags & TASK_FLAG_KTHREAD) != 0);
	TRY(status_mm_print(k, &t, out));
	TRY(signals_print(k, &t, out));
	caps_print(&c, out);
	TRY(seccomp_print(k, &t, out));
	TRY(placement_print(k, &t, out));
	return status_features_print(k, &t, out);
}
