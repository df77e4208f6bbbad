/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read and written amounts. Input: attacker-controlled. */
#include "transcall/kobj/io.h"

static const struct err *counters_add(const struct kernel *k, gva_t accounting,
				      struct io_counters *ret)
{
	const struct {
		enum field_id id;
		uint64_t *to;
	} slots[] = {
		{F_task_io_accounting_rchar, &ret->rchar},
		{F_task_io_accounting_wchar, &ret->wchar},
		{F_task_io_accounting_syscr, &ret->syscr},
		{F_task_io_accounting_syscw, &ret->syscw},
		{F_task_io_accounting_read_bytes, &ret->read_bytes},
		{F_task_io_accounting_write_bytes, &ret->write_bytes},
		{F_task_io_accounting_cancelled_write_bytes, &ret->cancelled_write_bytes},
	};
	uint64_t v;

	for (unsigned i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		TRY(kfield_uint(k, accounting, slots[i].id, &v));
		*slots[i].to += v;
	}
	return NULL;
}

const struct err *io_read_counters(const struct kernel *k, const struct task *t, bool whole,
				   struct io_counters *ret)
{
	struct list_iter threads;
	gva_t thread;

	*ret = (struct io_counters){0};
	if (!whole)
		return counters_add(k, kfield_at(k, t->at, F_task_struct_ioac), ret);
	TRY(counters_add(k, kfield_at(k, t->signal, F_signal_struct_ioac), ret));
	TRY(task_threads_init(&threads, k, t));
	for (;;) {
		TRY(task_threads_next(&threads, k, &thread));
		if (gva_is_null(thread))
			return NULL;
		TRY(counters_add(k, kfield_at(k, thread, F_task_struct_ioac), ret));
	}
}
