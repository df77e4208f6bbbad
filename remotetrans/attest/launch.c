/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of a measured launch. Input: attacker-controlled. */
#include "remotetrans/attest/launch.h"

#include <string.h>

#include "vmm/include/rtlaunch.h"

enum launch_kind launch_kind(const struct event *e)
{
	if (event_is_separator(e))
		return LAUNCH_SEPARATOR;
	if (e->type == RTLAUNCH_EVENT && e->data_bytes >= RTLAUNCH_KEY_LABEL_BYTES &&
	    memcmp(e->data, RTLAUNCH_KEY_LABEL, RTLAUNCH_KEY_LABEL_BYTES) == 0)
		return LAUNCH_KEY;
	return LAUNCH_PART;
}

const uint8_t *launch_key(const struct event *e)
{
	bool is_key = launch_kind(e) == LAUNCH_KEY && e->data_bytes == RTLAUNCH_KEY_DATA_BYTES &&
		      event_data_counts(e);

	return is_key ? e->data + RTLAUNCH_KEY_LABEL_BYTES : NULL;
}

const struct event *launch_next_part(const struct eventlog *l, unsigned *at)
{
	const struct event *e = eventlog_next(l, RTLAUNCH_PCR, at);

	return e && launch_kind(e) == LAUNCH_PART ? e : NULL;
}

bool launch_part_is(const struct event *e, const char *name)
{
	return e->data_bytes == strlen(name) && memcmp(e->data, name, e->data_bytes) == 0;
}
