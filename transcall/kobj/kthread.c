/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of kernel threads and workers. Input: attacker-controlled. */
#include "transcall/kobj/kthread.h"

#include <stdio.h>
#include <string.h>

#define DESC_BYTES    64 /* WORKER_DESC_LEN is 24 or 32 */
#define WQ_NAME_BYTES 64 /* WQ_NAME_LEN is 24 or 32 */

static const struct err *comm_read(const struct kernel *k, gva_t task,
				   char ret[static KTHREAD_NAME_BYTES])
{
	return kfield_str(k, task, F_task_struct_comm, ret, KTHREAD_NAME_BYTES);
}

/* to_kthread(): worker_private since 5.17, set_child_tid before. */
static const struct err *kthread_of(const struct kernel *k, gva_t task, gva_t *ret)
{
	return kfield_ptr(k, task, F_task_struct_worker_private, ret);
}

/* format_worker_id() (6.10) of a pool's worker. */
static const struct err *pool_worker_id(const struct kernel *k, gva_t worker, gva_t pool,
					char ret[static KTHREAD_NAME_BYTES])
{
	int64_t cpu, worker_id, pool_id, nice;
	gva_t attrs;

	TRY(kfield_int(k, pool, F_worker_pool_cpu, &cpu));
	TRY(kfield_int(k, pool, F_worker_pool_id, &pool_id));
	TRY(kfield_int(k, worker, F_worker_id, &worker_id));
	TRY(kfield_ptr(k, pool, F_worker_pool_attrs, &attrs));
	TRY(kfield_int(k, attrs, F_workqueue_attrs_nice, &nice));
	if (cpu >= 0)
		snprintf(ret, KTHREAD_NAME_BYTES, "kworker/%d:%d%s", (int)cpu, (int)worker_id,
			 nice < 0 ? "H" : "");
	else
		snprintf(ret, KTHREAD_NAME_BYTES, "kworker/u%d:%d", (int)pool_id, (int)worker_id);
	return NULL;
}

/* The name before the description: until 6.10 always the task's comm. */
static const struct err *worker_id(const struct kernel *k, gva_t task, gva_t worker, gva_t pool,
				   char ret[static KTHREAD_NAME_BYTES])
{
	char wq_name[WQ_NAME_BYTES];
	gva_t rescue;

	TRY(comm_read(k, task, ret));
	if (!k->profile->has_symbol[S_format_worker_id])
		return NULL;
	TRY(kfield_ptr(k, worker, F_worker_rescue_wq, &rescue));
	if (!gva_is_null(rescue)) {
		TRY(kfield_str(k, rescue, F_workqueue_struct_name, wq_name, sizeof(wq_name)));
		snprintf(ret, KTHREAD_NAME_BYTES, "kworker/R-%.50s", wq_name);
		return NULL;
	}
	if (!gva_is_null(pool))
		return pool_worker_id(k, worker, pool, ret);
	snprintf(ret, KTHREAD_NAME_BYTES, "kworker/dying");
	return NULL;
}

const struct err *kthread_worker_name(const struct kernel *k, gva_t task,
				      char ret[static KTHREAD_NAME_BYTES])
{
	gva_t kthread, worker, pool, work;
	char desc[DESC_BYTES];

	TRY(kthread_of(k, task, &kthread));
	TRY(kfield_ptr(k, kthread, F_kthread_data, &worker));
	TRY(kfield_ptr(k, worker, F_worker_pool, &pool));
	TRY(worker_id(k, task, worker, pool, ret));
	if (gva_is_null(pool))
		return NULL;
	TRY(kfield_str(k, worker, F_worker_desc, desc, sizeof(desc)));
	TRY(kfield_ptr(k, worker, F_worker_current_work, &work));
	size_t used = strlen(ret);
	if (*desc)
		snprintf(ret + used, KTHREAD_NAME_BYTES - used, "%c%s",
			 gva_is_null(work) ? '-' : '+', desc);
	return NULL;
}

const struct err *kthread_name(const struct kernel *k, gva_t task,
			       char ret[static KTHREAD_NAME_BYTES])
{
	gva_t kthread, full = gva(0);

	TRY(kthread_of(k, task, &kthread));
	if (!gva_is_null(kthread) && profile_has(k->profile, F_kthread_full_name))
		TRY(kfield_ptr(k, kthread, F_kthread_full_name, &full));
	if (gva_is_null(full))
		return comm_read(k, task, ret);
	return kread_str(k, full, ret, KTHREAD_NAME_BYTES);
}
