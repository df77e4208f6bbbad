/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's clocks between snapshots. Input: verified registers and time keeper of the guest. */
#include "transcall/sys/clock.h"

#include <time.h>

#define NS_PER_SECOND UINT64_C(1000000000)

uint64_t clock_own_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static const struct err *set(struct clock *c, struct guest *guest, unsigned long snapshot)
{
	struct clock next = {.native = c->native, .set = true, .snapshot = snapshot};
	struct guest_clocks clocks;

	TRY(guest_clocks(guest, &clocks));
	next.wall_ns = clocks.wall_ns;
	next.boot_ns = clocks.boot_ns;
	c->snapshot = snapshot;
	if (c->set && next.wall_ns == c->wall_ns)
		return NULL; /* what was asked for was in the old one: the clock runs on */
	next.set_at_ns = clock_own_ns();
	*c = next;
	return NULL;
}

const struct err *clock_read(struct clock *c, struct guest *guest, unsigned long snapshot,
			     uint64_t *ret_wall_ns, uint64_t *ret_boot_ns)
{
	uint64_t passed;

	if (!c->set || c->snapshot != snapshot)
		TRY(set(c, guest, snapshot));
	passed = clock_own_ns() - c->set_at_ns;
	passed = passed > c->stopped_ns ? passed - c->stopped_ns : 0;
	*ret_wall_ns = c->wall_ns + passed;
	*ret_boot_ns = c->boot_ns + passed;
	return NULL;
}

void clock_stopped(struct clock *c, uint64_t ns)
{
	c->stopped_ns += ns;
}

int64_t clock_skew_seconds(const struct clock *c)
{
	struct timespec now;

	if (!c->native || !c->set)
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)(c->wall_ns / NS_PER_SECOND) - now.tv_sec;
}
