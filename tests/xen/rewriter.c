// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/xen/rewriter.h"

#include <sched.h>

#define CHANGES_AT_ONCE 50

static void *rewrite_on(void *argument)
{
	struct rewriter *r = argument;

	while (!r->ended) {
		if (r->held)
			sched_yield();
		pthread_mutex_lock(&r->lock);
		for (int i = 0; i < CHANGES_AT_ONCE && !r->held; i++) {
			r->rewrite(r->argument, &r->dice);
			r->changes++;
		}
		pthread_mutex_unlock(&r->lock);
	}
	return NULL;
}

void rewriter_hold(struct rewriter *r)
{
	r->held = true; /* so that the lock comes free soon */
	pthread_mutex_lock(&r->lock);
}

void rewriter_release(struct rewriter *r)
{
	r->held = false;
	pthread_mutex_unlock(&r->lock);
}

const struct err *rewriter_start(struct rewriter *r, uint64_t seed,
				 void (*rewrite)(void *argument, struct dice *d), void *argument)
{
	*r = (struct rewriter){.rewrite = rewrite, .argument = argument};
	dice_seed(&r->dice, seed);
	pthread_mutex_init(&r->lock, NULL);
	rewriter_hold(r);
	if (pthread_create(&r->thread, NULL, rewrite_on, r))
		return ERR(ERR_SYSTEM, "cannot start a thread");
	return NULL;
}

void rewriter_stop(struct rewriter *r)
{
	r->ended = true;
	rewriter_release(r);
	pthread_join(r->thread, NULL);
	pthread_mutex_destroy(&r->lock);
}
