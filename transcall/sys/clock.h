/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock - the guest's wall and boot clocks between snapshots.
 *
 * They stand at the snapshot's values when it is taken, then run at this machine's pace except
 * while the supervisor works: so "now" and /proc agree as closely as inside the guest.
 */
#ifndef TC_SYS_CLOCK_H
#define TC_SYS_CLOCK_H

#include "transcall/vfs/guest.h"

struct clock {
	bool native; /* a vDSO could not be turned off: the tool may see this machine's wall clock
		      */
	bool set;
	unsigned long snapshot; /* that the two values below belong to */
	uint64_t wall_ns, boot_ns;
	uint64_t set_at_ns;  /* own CLOCK_MONOTONIC */
	uint64_t stopped_ns; /* time since then that does not count */
};

/* This machine's CLOCK_MONOTONIC. */
uint64_t clock_own_ns(void);

/* The guest's CLOCK_REALTIME and CLOCK_BOOTTIME now; @snapshot: number of the current one. */
MUST_CHECK const struct err *clock_read(struct clock *c, struct guest *guest,
					unsigned long snapshot, uint64_t *ret_wall_ns,
					uint64_t *ret_boot_ns);

/* Seconds that the guest's wall clock is ahead, if the tool could see this machine's; else 0. */
int64_t clock_skew_seconds(const struct clock *c);

/* The supervisor worked for @ns. */
void clock_stopped(struct clock *c, uint64_t ns);

#endif
