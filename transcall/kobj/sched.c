/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPU times and priorities. Input: attacker-controlled.
 *
 * With tick accounting, and with VIRT_CPU_ACCOUNTING_GEN while context tracking is off (without
 * nohz_full=), the kernel shows what the last tick or switch accounted (kernel/sched/cputime.c):
 * nothing of the running slice is added for a reader in another thread group. Otherwise see
 * vtime.h.
 */
#include "transcall/kobj/sched.h"

#include "transcall/kobj/vtime.h"

#define MAX_RT_PRIO  100 /* include/linux/sched/prio.h */
#define DEFAULT_PRIO 120

/* What cputime_adjust() starts from. */
struct cputime {
	uint64_t utime, stime, runtime;
	uint64_t prev_utime, prev_stime;
};

/* a * b / c as mul_u64_u64_div_u64(): c is not 0 and the result fits, or @limit is taken. */
static uint64_t scale(uint64_t a, uint64_t b, uint64_t c, uint64_t limit)
{
	__extension__ unsigned __int128 v = (unsigned __int128)a * b / c;

	return v > limit ? limit : (uint64_t)v;
}

/* cputime_adjust(), without writing prev_cputime back: ticks split the precise run time. */
static void cputime_adjust(const struct cputime *c, uint64_t *ret_utime, uint64_t *ret_stime)
{
	uint64_t rtime = c->runtime, utime, stime;

	if (c->prev_stime + c->prev_utime >= rtime) {
		*ret_utime = c->prev_utime;
		*ret_stime = c->prev_stime;
		return;
	}
	if (c->stime == 0)
		stime = 0;
	else if (c->utime == 0)
		stime = rtime;
	else
		stime = scale(c->stime, rtime, c->stime + c->utime ? c->stime + c->utime : 1,
			      rtime);
	if (stime < c->prev_stime)
		stime = c->prev_stime;
	utime = rtime - stime;
	if (utime < c->prev_utime) {
		utime = c->prev_utime;
		stime = rtime - utime;
	}
	*ret_utime = utime;
	*ret_stime = stime;
}

static const struct err *cputime_add_task(const struct kernel *k, gva_t task, struct cputime *c)
{
	struct vtime_pending pending;
	uint64_t utime, stime, runtime;

	TRY(kfield_uint(k, task, F_task_struct_utime, &utime));
	TRY(kfield_uint(k, task, F_task_struct_stime, &stime));
	TRY(kfield_uint(k, task, F_task_struct_sum_exec_runtime, &runtime));
	TRY(vtime_read_pending(k, task, &pending));
	c->utime += utime + pending.utime_ns;
	c->stime += stime + pending.stime_ns;
	c->runtime += runtime;
	return NULL;
}

static const struct err *faults_add_task(const struct kernel *k, gva_t task,
					 struct sched_times *ret)
{
	struct vtime_pending pending;
	uint64_t min_flt, maj_flt, gtime;

	TRY(kfield_uint(k, task, F_task_struct_min_flt, &min_flt));
	TRY(kfield_uint(k, task, F_task_struct_maj_flt, &maj_flt));
	TRY(kfield_uint(k, task, F_task_struct_gtime, &gtime));
	ret->min_flt += min_flt;
	ret->maj_flt += maj_flt;
	TRY(vtime_read_pending(k, task, &pending));
	ret->gtime += gtime + pending.gtime_ns;
	return NULL;
}

static const struct err *task_times(const struct kernel *k, const struct task *t,
				    struct sched_times *ret)
{
	struct vtime_pending pending;
	struct cputime c = {0};
	uint64_t slice = 0;

	TRY(cputime_add_task(k, t->at, &c));
	TRY(vtime_read_pending(k, t->at, &pending));
	if (pending.running)
		TRY(vtime_read_slice(k, t->at, &slice));
	c.runtime += slice;
	TRY(kfield_uint(k, t->at, F_task_struct_prev_utime, &c.prev_utime));
	TRY(kfield_uint(k, t->at, F_task_struct_prev_stime, &c.prev_stime));
	cputime_adjust(&c, &ret->utime, &ret->stime);
	return faults_add_task(k, t->at, ret);
}

/* thread_group_cputime(): the dead threads' sums, then each live one. */
static const struct err *group_times(const struct kernel *k, const struct task *t,
				     struct sched_times *ret)
{
	struct list_iter threads;
	struct cputime c;
	gva_t thread;

	TRY(kfield_uint(k, t->signal, F_signal_struct_utime, &c.utime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_stime, &c.stime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_sum_sched_runtime, &c.runtime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_prev_utime, &c.prev_utime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_prev_stime, &c.prev_stime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_min_flt, &ret->min_flt));
	TRY(kfield_uint(k, t->signal, F_signal_struct_maj_flt, &ret->maj_flt));
	TRY(kfield_uint(k, t->signal, F_signal_struct_gtime, &ret->gtime));
	TRY(task_threads_init(&threads, k, t));
	for (;;) {
		TRY(task_threads_next(&threads, k, &thread));
		if (gva_is_null(thread))
			break;
		TRY(cputime_add_task(k, thread, &c));
		TRY(faults_add_task(k, thread, ret));
	}
	cputime_adjust(&c, &ret->utime, &ret->stime);
	return NULL;
}

const struct err *sched_read_times(const struct kernel *k, const struct task *t, bool whole,
				   struct sched_times *ret)
{
	*ret = (struct sched_times){0};
	TRY(kfield_uint(k, t->signal, F_signal_struct_cutime, &ret->cutime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_cstime, &ret->cstime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_cgtime, &ret->cgtime));
	TRY(kfield_uint(k, t->signal, F_signal_struct_cmin_flt, &ret->cmin_flt));
	TRY(kfield_uint(k, t->signal, F_signal_struct_cmaj_flt, &ret->cmaj_flt));
	return whole ? group_times(k, t, ret) : task_times(k, t, ret);
}

/* delayacct_blkio_ticks(): until 5.17, swapping in counted too. */
static const struct err *blkio_delay(const struct kernel *k, gva_t task, uint64_t *ret)
{
	uint64_t swapin;
	gva_t delays;

	*ret = 0;
	if (!profile_has(k->profile, F_task_struct_delays))
		return NULL;
	TRY(kfield_ptr(k, task, F_task_struct_delays, &delays));
	if (gva_is_null(delays))
		return NULL;
	TRY(kfield_uint(k, delays, F_task_delay_info_blkio_delay, ret));
	if (profile_has(k->profile, F_task_delay_info_compact_delay) ||
	    !profile_has(k->profile, F_task_delay_info_swapin_delay))
		return NULL;
	TRY(kfield_uint(k, delays, F_task_delay_info_swapin_delay, &swapin));
	*ret += swapin;
	return NULL;
}

const struct err *sched_read_place(const struct kernel *k, const struct task *t,
				   struct sched_place *ret)
{
	int64_t prio, static_prio;
	uint64_t rt_priority, policy, cpu;

	TRY(kfield_int(k, t->at, F_task_struct_prio, &prio));
	TRY(kfield_int(k, t->at, F_task_struct_static_prio, &static_prio));
	TRY(kfield_uint(k, t->at, F_task_struct_rt_priority, &rt_priority));
	TRY(kfield_uint(k, t->at, F_task_struct_policy, &policy));
	TRY(kfield_uint(k, t->at, F_task_struct_cpu, &cpu));
	TRY(kfield_uint(k, t->at, F_task_struct_start_boottime, &ret->start_boottime_ns));
	TRY(kfield_uint(k, t->at, F_task_struct_nvcsw, &ret->voluntary_switches));
	TRY(kfield_uint(k, t->at, F_task_struct_nivcsw, &ret->involuntary_switches));
	ret->priority = (int32_t)prio - MAX_RT_PRIO;
	ret->nice = (int32_t)static_prio - DEFAULT_PRIO;
	ret->rt_priority = (uint32_t)rt_priority;
	ret->policy = (uint32_t)policy;
	ret->cpu = (uint32_t)cpu;
	return blkio_delay(k, t->at, &ret->blkio_delay_ns);
}

const struct err *sched_read_cpus(const struct kernel *k, const struct task *t,
				  uint8_t ret[static SCHED_CPUS_BYTES], unsigned *ret_bytes)
{
	uint32_t size = k->profile->fields[F_task_struct_cpus_mask].size_bytes;

	*ret_bytes = size < SCHED_CPUS_BYTES ? size : SCHED_CPUS_BYTES;
	return kfield_bytes(k, t->at, F_task_struct_cpus_mask, ret, *ret_bytes);
}
