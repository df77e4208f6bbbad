/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sites - the places in the C library that make system calls which inside_call() cares for.
 *
 * Three shapes of code are known; what is not exactly one of them stays as it is:
 *   mov $N, %reg; syscall         only the first instruction, of 5 bytes, is replaced: the system
 * call mov 8(%rsp), %r9; syscall     stays in its place, for the stub to jump to, and for whoever
 * else does xor %eax, %eax; syscall;      read(): 5 of its 10 bytes are replaced, so nothing may
 * jump between cmp $-4096, %rax              them; anything that looks like such a jump is taken
 * for one
 */
#ifndef TC_INSIDE_SITES_H
#define TC_INSIDE_SITES_H

#include "transcall/inside/inside.h"

#define SITES_MAX  512
#define JUMP_BYTES 5 /* e9 rel32 */

struct site {
	uint8_t *at; /* the first byte replaced */
	uint8_t was[JUMP_BYTES];
	bool is_read; /* the last shape */
};

extern struct site sites[SITES_MAX];
extern unsigned site_count;

/* false: this C library is not understood, or there are threads already. */
bool sites_find(void);

#endif
