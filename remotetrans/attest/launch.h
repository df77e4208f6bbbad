/* SPDX-License-Identifier: GPL-2.0-or-later */
/* launch - the events of a measured launch on RTLAUNCH_PCR (rtlaunch.h), as a log has them. */
#ifndef RT_ATTEST_LAUNCH_H
#define RT_ATTEST_LAUNCH_H

#include "remotetrans/attest/eventlog.h"

enum launch_kind { LAUNCH_PART /* or what is nothing else */, LAUNCH_KEY, LAUNCH_SEPARATOR };

/* By its label; whether its data count is another question. */
enum launch_kind launch_kind(const struct event *e);

/* The VMM's key, borrowed; NULL: the data are no key's, or are not what was extended. */
const uint8_t *launch_key(const struct event *e);

/* Like eventlog_next(), but ends where the parts end. */
const struct event *launch_next_part(const struct eventlog *l, unsigned *at);

/* Whether the event's data is this name of a part. */
bool launch_part_is(const struct event *e, const char *name);

#endif
