/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers to system calls about the guest as a whole. Input: attacker-controlled. */
#include "transcall/proc/system.h"

#include <string.h>

#include "transcall/kobj/fsstat.h"
#include "transcall/kobj/inode.h"
#include "transcall/kobj/load.h"
#include "transcall/kobj/meminfo.h"
#include "transcall/kobj/namei.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/time.h"
#include "transcall/kobj/uts.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/view.h"

#define NSEC_PER_SEC UINT64_C(1000000000)
#define ROUNDS_MAX   5 /* as tree.c */

const struct err *proc_uname(struct proc_view *view, struct utsname *ret)
{
	memset(ret, 0, sizeof(*ret));
	return uts_of_task(view->kernel, view->reader, ret);
}

/* do_sysinfo(), kernel/sys.c: bytes where they fit, as on every 64-bit kernel. */
const struct err *proc_sysinfo(struct proc_view *view, struct sysinfo *ret)
{
	const struct kernel *k = view->kernel;
	uint64_t boottime_ns;
	struct vmstat stat;
	struct meminfo m;
	struct ktime now;
	struct load load;
	uint32_t threads;

	memset(ret, 0, sizeof(*ret));
	TRY(time_read(k, &now));
	TRY(proc_boottime_ns(view, &boottime_ns));
	TRY(load_read(k, now.jiffies, &load));
	TRY(kread_u32(k, kernel_symbol(k, S_nr_threads), &threads));
	TRY(vmstat_read(k, &stat));
	TRY(meminfo_read(k, &stat, &m));
	/* Seconds begun count. */
	ret->uptime = (long)((boottime_ns + NSEC_PER_SEC - 1) / NSEC_PER_SEC);
	for (unsigned i = 0; i < 3; i++)
		ret->loads[i] = load.average[i] << (SI_LOAD_SHIFT - LOAD_SHIFT);
	ret->procs = (unsigned short)threads;
	ret->mem_unit = 1;
	ret->totalram = m.total * FRAME_BYTES;
	ret->freeram = m.free * FRAME_BYTES;
	ret->sharedram = m.shared * FRAME_BYTES;
	ret->bufferram = m.buffers * FRAME_BYTES;
	ret->totalswap = m.swap.total * FRAME_BYTES;
	ret->freeswap = m.swap.free * FRAME_BYTES;
	return NULL;
}

/* Over one snapshot; where a view loops in it, that view is cut short at the second try. */
const struct err *proc_census(struct proc_view *view, struct census *ret)
{
	bool last = !view->refresh;

	for (int round = 0; round < ROUNDS_MAX; round++) {
		work_begin(&view->work);
		const struct err *e = census_take(ret, view->kernel, last);
		if (e && err_is_fatal(e))
			return e;
		if (view_is_stale(view)) {
			TRY(view->refresh(view));
			continue;
		}
		if (!e || e->kind != ERR_RACE || last)
			return e;
		last = true;
	}
	return ERR(ERR_RACE, "the tasks could not be counted within one snapshot");
}

const struct err *proc_boottime_ns(struct proc_view *view, uint64_t *ret)
{
	struct time_offsets offsets;
	struct ktime now;

	TRY(time_read(view->kernel, &now));
	TRY(time_offsets_of_task(view->kernel, view->reader, &offsets));
	*ret = now.boottime_ns + (uint64_t)offsets.boottime_ns;
	return NULL;
}

const struct err *proc_monotonic_ns(struct proc_view *view, uint64_t *ret)
{
	struct time_offsets offsets;
	struct ktime now;

	TRY(time_read(view->kernel, &now));
	TRY(time_offsets_of_task(view->kernel, view->reader, &offsets));
	*ret = now.monotonic_ns + (uint64_t)offsets.monotonic_ns;
	return NULL;
}

const struct err *proc_realtime_ns(struct proc_view *view, uint64_t *ret)
{
	struct ktime now;

	TRY(time_read(view->kernel, &now));
	*ret = now.realtime_ns;
	return NULL;
}

const struct err *proc_pid_max(struct proc_view *view, uint32_t *ret)
{
	const struct kernel *k = view->kernel;
	uint64_t v;

	if (!profile_has(k->profile, F_pid_namespace_pid_max))
		return kread_u32(k, kernel_symbol(k, S_pid_max), ret);
	TRY(kfield_uint(k, view->pid_ns, F_pid_namespace_pid_max, &v));
	*ret = (uint32_t)v;
	return NULL;
}

const struct err *proc_path_stat(struct proc_view *view, const char *path, bool follow,
				 struct stat *ret)
{
	struct kpath root, at;
	gva_t inode;

	TRY(kpath_root(view->kernel, view->reader, &root));
	TRY(namei_lookup(view->kernel, &root, path, follow, &at));
	TRY(inode_of_dentry(view->kernel, at.dentry, &inode));
	return reader_stat(view, inode, ret);
}

const struct err *proc_path_statfs(struct proc_view *view, const char *path, struct statfs *ret)
{
	struct kpath root, at;

	TRY(kpath_root(view->kernel, view->reader, &root));
	TRY(namei_lookup(view->kernel, &root, path, true, &at));
	return fsstat_read(view->kernel, &at, ret);
}

const struct err *proc_socket_dev(struct proc_view *view, dev_t *ret)
{
	return inode_socket_dev(view->kernel, ret);
}

const struct err *proc_reader_pid(struct proc_view *view, uint32_t *ret)
{
	int32_t number;

	TRY(pid_task_number(view->kernel, view->reader, PID_KIND_TGID, view->pid_ns, &number));
	if (number <= 0)
		return ERR(ERR_ABSENT, "the reader is not in its own pid namespace");
	*ret = (uint32_t)number;
	return NULL;
}
