/* SPDX-License-Identifier: GPL-2.0-or-later */
/* console - where the kernel's messages go (kernel/printk/printk.c). */
#ifndef TC_KOBJ_CONSOLE_H
#define TC_KOBJ_CONSOLE_H

#include "transcall/kobj/list.h"

#define CONSOLES_MAX 64

/* Bits of console.flags (include/linux/console.h). */
#define CONSOLE_PRINTBUFFER (1u << 0)
#define CONSOLE_CONSDEV     (1u << 1)
#define CONSOLE_ENABLED     (1u << 2)
#define CONSOLE_BOOT        (1u << 3)
#define CONSOLE_ANYTIME     (1u << 4)
#define CONSOLE_BRL         (1u << 5)
#define CONSOLE_NBCON       (1u << 8) /* since 6.7 */

struct console {
	gva_t at; /* null: the end */
	char name[16];
	int16_t index;
	uint16_t flags;
	bool reads, writes, unblanks;
	bool has_device;
	uint32_t major, minor; /* of its device */
};

struct console_iter {
	gva_t next; /* struct console, or (since 6.2) its hlist_node */
	uint32_t steps;
};

MUST_CHECK const struct err *console_iter_init(struct console_iter *it, const struct kernel *k);
/* Return: NULL; ABSENT: whose device it is cannot be told; RACE: no end; FAULT; fatal. */
MUST_CHECK const struct err *console_iter_next(struct console_iter *it, const struct kernel *k,
					       struct console *ret);

#endif
