/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recorded - the kernel of tests/fuzz/guest, attached while it told no lies. */
#ifndef TESTS_FUZZ_RECORDED_H
#define TESTS_FUZZ_RECORDED_H

#include "tests/fuzz/recording.h"
#include "transcall/proc/tree.h"

#define RECORDED_GUEST "tests/fuzz/guest/"

struct recorded {
	struct recording memory;
	struct profile profile;
	struct vcpu vcpu;
	struct kernel kernel;  /* over these three */
	struct proc_view view; /* of kernel */
};

/* Load it, with as many reads as @reads_max; aborts when it cannot. */
void recorded_load(struct recorded *r, uint32_t reads_max);

/* Kernel and view as they were attached, @view with all its work before it. */
void recorded_copy(const struct recorded *r, struct kernel *kernel, struct proc_view *view);

/* Change @p as the input says, to what profile_parse() takes. */
void recorded_profile_edit(struct profile *p, struct input *in);

#endif
