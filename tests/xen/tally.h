/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tally - what a fuzzing process has seen; in memory that its parent shares. */
#ifndef TESTS_XEN_TALLY_H
#define TESTS_XEN_TALLY_H

#include <stdint.h>

#define TALLY_ERRORS 134 /* Linux's, and Xen's */

struct tally {
	uint64_t calls;
	uint64_t results[TALLY_ERRORS]; /* by error number; 0: success */
	uint64_t strange;               /* results that are none of these */
	uint64_t rewritten;             /* calls made while a thread changed what they use */
	uint64_t sessions, records, marked;
	uint64_t violations;
};

void tally_result(struct tally *t, int status);
void tally_add(struct tally *sum, const struct tally *t);
/* On standard output; the errors that the interface does not have count as violations. */
void tally_print(struct tally *t);

#endif
