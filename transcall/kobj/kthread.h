/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kthread - names of kernel threads and workqueue workers, longer than what task->comm holds. */
#ifndef TC_KOBJ_KTHREAD_H
#define TC_KOBJ_KTHREAD_H

#include "transcall/kobj/kernel.h"

#define KTHREAD_NAME_BYTES 64 /* proc_task_name()'s buffer */

/* wq_worker_comm() of a PF_WQ_WORKER task. */
MUST_CHECK const struct err *kthread_worker_name(const struct kernel *k, gva_t task,
						 char ret[static KTHREAD_NAME_BYTES]);

/* get_kthread_comm() of a PF_KTHREAD task. */
MUST_CHECK const struct err *kthread_name(const struct kernel *k, gva_t task,
					  char ret[static KTHREAD_NAME_BYTES]);

#endif
