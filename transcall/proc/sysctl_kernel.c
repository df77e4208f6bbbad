/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of /proc/sys/kernel and fs that functions put together. Input: attacker-controlled. */
#include "transcall/proc/sysctl_show.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/random.h>

#include "transcall/kobj/percpu_counter.h"
#include "transcall/kobj/pid.h"

#define UUID_BYTES 16

#define SHOW(name)                                                                                 \
	const struct err *name(struct proc_view *view, const struct proc_node *node,               \
			       const struct sysctl_entry *e, FILE *out)

/* Who gets Ctrl-Alt-Del. */
SHOW(show_cad_pid)
{
	int32_t number;
	gva_t pid;

	(void)node;
	TRY(kread_ptr(view->kernel, e->data, &pid));
	TRY(pid_number(view->kernel, pid, view->pid_ns, &number));
	fprintf(out, "%" PRId32 "\n", number);
	return NULL;
}

/* do_proc_dqstats(): the table points at the last sum; its place says which counter it is of. */
SHOW(show_quota)
{
	const struct kernel *k = view->kernel;
	gva_t stats = kernel_symbol(k, S_dqstats), counters;
	uint64_t offset = e->data.v - kfield_at(k, stats, F_dqstats_stat).v, value;

	(void)node;
	if (offset >= k->profile->fields[F_dqstats_stat].size_bytes)
		return ERR_AT(ERR_RACE, e->data.v, "a number that is none of quotas");
	counters = kfield_at(k, stats, F_dqstats_counter);
	counters = gva_add(counters, offset / 8 * k->profile->sizes[SIZE_percpu_counter]);
	TRY(percpu_counter_sum(k, counters, &value));
	fprintf(out, "%" PRIu64 "\n", value);
	return NULL;
}

/* seccomp_log_names[], kernel/seccomp.c: bits and their names in the order in which they are shown.
 */
SHOW(show_seccomp_actions)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} actions[] = {{1u << 0, "kill_process"}, {1u << 1, "kill_thread"}, {1u << 2, "trap"},
		       {1u << 3, "errno"},        {1u << 7, "user_notif"},  {1u << 4, "trace"},
		       {1u << 5, "log"},          {1u << 6, "allow"}};
	const char *separator = "";
	uint32_t logged;

	(void)node;
	TRY(kread_u32(view->kernel, e->data, &logged));
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!(logged & actions[i].bit))
			continue;
		fprintf(out, "%s%s", separator, actions[i].name);
		separator = " ";
	}
	fputc('\n', out);
	return NULL;
}

static void uuid_print(const uint8_t id[static UUID_BYTES], FILE *out)
{
	for (unsigned i = 0; i < UUID_BYTES; i++)
		fprintf(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id[i]);
	fputc('\n', out);
}

/* generate_random_uuid(): each reader gets another number, so ours does, too. */
static const struct err *uuid_draw(uint8_t ret[static UUID_BYTES])
{
	if (getrandom(ret, UUID_BYTES, 0) != UUID_BYTES)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no random numbers");
	ret[6] = (uint8_t)((ret[6] & 0x0f) | 0x40); /* version 4 */
	ret[8] = (uint8_t)((ret[8] & 0x3f) | 0x80);
	return NULL;
}

/*
 * The boot id is all zero until somebody in the guest asked for it: the kernel draws it then. Until
 * then there is a file and nothing that could be its content.
 */
SHOW(show_uuid)
{
	uint8_t id[UUID_BYTES];
	bool drawn = false;

	(void)node;
	if (gva_is_null(e->data))
		TRY(uuid_draw(id));
	else
		TRY(kread(view->kernel, e->data, id, sizeof(id)));
	for (unsigned i = 0; i < sizeof(id); i++)
		drawn |= id[i] != 0;
	if (!drawn)
		return ERR_ERRNO(ERR_ABSENT, EIO, "the guest has not drawn its boot id yet");
	uuid_print(id, out);
	return NULL;
}

/* How often a kernel may still be loaded; -1: without limit. */
SHOW(show_kexec_limit)
{
	int64_t limit;

	(void)node;
	TRY(kfield_int(view->kernel, e->data, F_kexec_load_limit_limit, &limit));
	fprintf(out, "%" PRId64 "\n", limit);
	return NULL;
}

/* pidns_memfd_noexec_scope(): the strictest of the reader's namespace and all above it. */
SHOW(show_memfd_noexec)
{
	const struct kernel *k = view->kernel;
	gva_t ns = view->pid_ns;
	int64_t strictest = 0, scope;

	(void)node, (void)e;
	for (unsigned level = 0; !gva_is_null(ns); level++) {
		if (level > PID_LEVELS_MAX)
			return ERR_AT(ERR_RACE, ns.v, "pid namespaces without end");
		TRY(kfield_int(k, ns, F_pid_namespace_memfd_noexec_scope, &scope));
		strictest = scope > strictest ? scope : strictest;
		TRY(kfield_ptr(k, ns, F_pid_namespace_parent, &ns));
	}
	fprintf(out, "%" PRId64 "\n", strictest);
	return NULL;
}

/*
 * Since 6.7 empty where the machine cannot do it, for one of several reasons. The first, CPUs of
 * one capacity, holds in all virtual machines of x86; the others are not looked at.
 */
SHOW(show_energy_aware)
{
	const struct kernel *k = view->kernel;
	bool possible = false;
	uint64_t domain;

	if (gva_is_null(kernel_symbol(k, S_sched_is_eas_possible)))
		return show_int(view, node, e, out);
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		TRY(kread_u64(k, kernel_percpu(k, S_sd_asym_cpucapacity, cpu), &domain));
		possible |= domain != 0;
	}
	return possible ? ERR_ERRNO(ERR_ABSENT, EIO, "CPUs of several capacities") : NULL;
}

/* sys_info_read_handler(), lib/sys_info.c; bits without a name are not shown. */
SHOW(show_sys_info)
{
	static const char *const names[] = {"tasks",  "mem", "timers", "locks",
					    "ftrace", NULL,  "all_bt", "blocked_tasks"};
	const char *between = "";
	uint64_t bits;

	(void)node;
	TRY(kread_u64(view->kernel, e->data, &bits));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(bits >> i & 1) || !names[i])
			continue;
		fprintf(out, "%s%s", between, names[i]);
		between = ",";
	}
	fputc('\n', out);
	return NULL;
}
