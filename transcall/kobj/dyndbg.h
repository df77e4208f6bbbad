/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dyndbg - messages that can be switched on, of the kernel and its modules (lib/dynamic_debug.c).
 */
#ifndef TC_KOBJ_DYNDBG_H
#define TC_KOBJ_DYNDBG_H

#include "transcall/kobj/list.h"

#define DYNDBG_NAME_BYTES   128
#define DYNDBG_FORMAT_BYTES 1024
#define DYNDBG_MAX          (1u << 20) /* messages of all modules */
#define DYNDBG_CLASS_NONE   63         /* _DPRINTK_CLASS_DFLT */

struct dyndbg {
	gva_t at; /* struct _ddebug; null: the end */
	gva_t table;
	char file[DYNDBG_NAME_BYTES], module[DYNDBG_NAME_BYTES], function[DYNDBG_NAME_BYTES];
	char format[DYNDBG_FORMAT_BYTES];
	uint32_t line, flags;
	uint32_t class_id; /* DYNDBG_CLASS_NONE: none */
};

struct dyndbg_iter {
	struct list_iter tables;
	gva_t table; /* null: the next is not begun */
	uint64_t index, count;
	uint32_t steps;
};

MUST_CHECK const struct err *dyndbg_iter_init(struct dyndbg_iter *it, const struct kernel *k);
MUST_CHECK const struct err *dyndbg_iter_next(struct dyndbg_iter *it, const struct kernel *k,
					      struct dyndbg *ret);

/* The name of @d's class; ABSENT: its module does not name it. */
MUST_CHECK const struct err *dyndbg_class_name(const struct kernel *k, const struct dyndbg *d,
					       char ret[static DYNDBG_NAME_BYTES]);

#endif
