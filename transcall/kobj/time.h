/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * time - the guest's clocks at the moment of its tagged registers, as its kernel would read them.
 *
 * The timekeeper in guest memory says what the clocks were at its last update and how the current
 * clock source counts on from there; the registers say what that clock source shows now. Where they
 * do not (a memory image), the latest moment that the guest's memory tells of is taken: on an idle
 * guest without a periodic tick that may be seconds ago.
 */
#ifndef TC_KOBJ_TIME_H
#define TC_KOBJ_TIME_H

#include "transcall/kobj/kernel.h"

/* All ns but for jiffies; as in the initial time namespace. */
struct ktime {
	uint64_t monotonic_ns, boottime_ns, realtime_ns;
	uint64_t boot_realtime_ns; /* wall clock at boot: 'btime' */
	uint64_t jiffies;          /* 64 bits: jiffies_64 */
	bool current; /* from the clock source; else the last moment known from memory */
};

/* Return: NULL; RACE: the timekeeper was being changed; FAULT; fatal. */
MUST_CHECK const struct err *time_read(const struct kernel *k, struct ktime *ret);

/* What the time namespace of @task adds to the monotonic and the boot clock, in ns. */
struct time_offsets {
	int64_t monotonic_ns, boottime_ns;
};
MUST_CHECK const struct err *time_offsets_of_task(const struct kernel *k, gva_t task,
						  struct time_offsets *ret);

#endif
