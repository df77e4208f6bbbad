/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filesystem - the registered file system types. */
#ifndef TC_KOBJ_FILESYSTEM_H
#define TC_KOBJ_FILESYSTEM_H

#include "transcall/kobj/list.h"

#define FILESYSTEM_NAME_BYTES 64

struct filesystem {
	char name[FILESYSTEM_NAME_BYTES];
	bool needs_device;
};

struct filesystem_iter {
	bool linked; /* before 7.2: types point at the next type, not at list nodes */
	gva_t next;
	unsigned steps;
	struct list_iter list;
};
MUST_CHECK const struct err *filesystem_iter_init(struct filesystem_iter *it,
						  const struct kernel *k);
MUST_CHECK const struct err *filesystem_iter_next(struct filesystem_iter *it,
						  const struct kernel *k, struct filesystem *ret,
						  bool *ret_end);

#endif
