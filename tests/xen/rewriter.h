/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rewriter - a thread that changes what a hypercall reads and writes while it runs. It needs a
 * second CPU to be of use.
 */
#ifndef TESTS_XEN_REWRITER_H
#define TESTS_XEN_REWRITER_H

#include <pthread.h>
#include <stdatomic.h>

#include "remotetrans/base/err.h"
#include "tests/xen/dice.h"

struct rewriter {
	void (*rewrite)(void *argument, struct dice *d); /* one change */
	void *argument;
	struct dice dice;
	pthread_t thread;
	pthread_mutex_t lock;
	atomic_bool held, ended;
	atomic_ulong changes;
};

/* Start it, held. */
MUST_CHECK const struct err *rewriter_start(struct rewriter *r, uint64_t seed,
					    void (*rewrite)(void *argument, struct dice *d),
					    void *argument);
void rewriter_stop(struct rewriter *r);

/* Nothing is changed from rewriter_hold()'s return to rewriter_release(). */
void rewriter_hold(struct rewriter *r);
void rewriter_release(struct rewriter *r);

#endif
