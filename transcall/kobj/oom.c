/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oom_badness() (mm/oom_kill.c) and proc_oom_score() (fs/proc/base.c). Input: attacker-controlled.
 */
#include "transcall/kobj/oom.h"

#include "transcall/kobj/mm.h"

#define FLAG_OOM_SKIP 21 /* MMF_OOM_SKIP */
#define PAGE_SHIFT    12
#define PAGES_MAX     (INT64_C(1) << 40) /* of memory: above what x86 can address */

const struct err *oom_score_adj(const struct kernel *k, const struct task *t, int64_t *ret)
{
	return kfield_int(k, t->signal, F_signal_struct_oom_score_adj, ret);
}

/* find_lock_task_mm(): the first thread that still has the mm. */
static const struct err *mm_holder(const struct kernel *k, const struct task *t, struct task *ret)
{
	struct list_iter threads;
	gva_t thread;

	*ret = *t;
	TRY(task_threads_init(&threads, k, t));
	while (gva_is_null(ret->mm)) {
		TRY(task_threads_next(&threads, k, &thread));
		if (gva_is_null(thread))
			return NULL;
		TRY(task_read(k, thread, ret));
	}
	return NULL;
}

/* in_vfork(): it still runs in its parent's memory. */
static const struct err *is_in_vfork(const struct kernel *k, const struct task *t, bool *ret)
{
	gva_t done, parent, mm;

	*ret = false;
	TRY(kfield_ptr(k, t->at, F_task_struct_vfork_done, &done));
	if (gva_is_null(done))
		return NULL;
	TRY(kfield_ptr(k, t->at, F_task_struct_real_parent, &parent));
	TRY(kfield_ptr(k, parent, F_task_struct_mm, &mm));
	*ret = gva_equal(mm, t->mm);
	return NULL;
}

static const struct err *is_exempt(const struct kernel *k, const struct task *t, int64_t adj,
				   bool *ret)
{
	uint64_t flags;

	TRY(is_in_vfork(k, t, ret));
	TRY(kfield_uint(k, t->mm, F_mm_struct_flags, &flags));
	*ret |= adj == OOM_SCORE_ADJ_MIN || (flags >> FLAG_OOM_SKIP & 1);
	return NULL;
}

/* Memory in use, in pages; counted exactly since 7.x. */
static const struct err *pages_used(const struct kernel *k, gva_t mm, int64_t *ret)
{
	bool exact = profile_has(k->profile, F_task_struct_exec_state);
	struct mm_counters c;
	struct mm_sizes s;

	TRY(mm_read_counters(k, mm, exact, &c));
	TRY(mm_read_sizes(k, mm, &s));
	*ret = (int64_t)(c.file + c.anon + c.shmem + c.swap + (s.pgtables_bytes >> PAGE_SHIFT));
	return NULL;
}

static const struct err *pages_total(const struct kernel *k, int64_t *ret)
{
	uint64_t ram, swap;

	TRY(kread_u64(k, kernel_symbol(k, S__totalram_pages), &ram));
	TRY(kread_u64(k, kernel_symbol(k, S_total_swap_pages), &swap));
	*ret = (int64_t)(ram + swap);
	if (*ret <= 0 || *ret > PAGES_MAX)
		return ERR(ERR_RACE, "the guest has %lld pages of memory", (long long)*ret);
	return NULL;
}

const struct err *oom_score(const struct kernel *k, const struct task *t, uint64_t *ret)
{
	int64_t adj, used, total;
	struct task holder;
	bool exempt;

	*ret = 0;
	if (t->tgid == 1 || t->flags & TASK_FLAG_KTHREAD)
		return NULL;
	TRY(mm_holder(k, t, &holder));
	if (gva_is_null(holder.mm))
		return NULL;
	TRY(oom_score_adj(k, &holder, &adj));
	TRY(is_exempt(k, &holder, adj, &exempt));
	if (exempt)
		return NULL;
	TRY(pages_used(k, holder.mm, &used));
	TRY(pages_total(k, &total));
	if (used < 0 || used > PAGES_MAX)
		return ERR_AT(ERR_RACE, holder.mm.v, "a process uses %lld pages", (long long)used);
	/* the kernel computes with unsigned long */
	*ret = (uint64_t)(1000 + (used + adj * (total / 1000)) * 1000 / total) * 2 / 3;
	return NULL;
}
