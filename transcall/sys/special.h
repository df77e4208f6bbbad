/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * special - descriptors of the tool that stand for objects of the guest: namespaces.
 *
 * Their numbers are SPECIAL_FIRST and above, so that the filter finds them: fstat() of all others
 * stays native. Where a tool may not have so high numbers, or has duplicated one, fstat() shows the
 * empty local file that stands for the object.
 */
#ifndef TC_SYS_SPECIAL_H
#define TC_SYS_SPECIAL_H

#include "transcall/proc/namespace.h"

#define SPECIAL_FIRST 960 /* the default limit is 1024, and so is FD_SETSIZE */
#define SPECIAL_COUNT 64
#define SPECIAL_MASK  0xffffffc0u

struct special {
	dev_t dev; /* of the local file that stands for it; 0, 0: none */
	ino_t ino;
	struct proc_namespace ns;
};

struct sys;
struct call;
struct answer;

/* A new descriptor that stands for @ns is the answer. */
void special_answer(struct sys *s, const struct call *call, const struct proc_namespace *ns,
		    struct answer *ret);

/* What the tool's descriptor @fd stands for; NULL: nothing of the guest. */
const struct proc_namespace *special_find(const struct sys *s, const struct call *call, int fd);

#endif
