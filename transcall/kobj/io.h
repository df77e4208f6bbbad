/* SPDX-License-Identifier: GPL-2.0-or-later */
/* io - what a task or process has read and written. */
#ifndef TC_KOBJ_IO_H
#define TC_KOBJ_IO_H

#include "transcall/kobj/task.h"

struct io_counters {
	uint64_t rchar, wchar, syscr, syscw;                     /* through system calls */
	uint64_t read_bytes, write_bytes, cancelled_write_bytes; /* of storage */
};
/* @whole: all threads, dead ones too. */
MUST_CHECK const struct err *io_read_counters(const struct kernel *k, const struct task *t,
					      bool whole, struct io_counters *ret);

#endif
