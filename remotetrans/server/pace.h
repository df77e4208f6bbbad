/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pace - whether the link to a client is so slow that compressing what goes over it pays.
 *
 * Told from how fast messages leave while the socket makes us wait for it.
 */
#ifndef RT_SERVER_PACE_H
#define RT_SERVER_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: nothing is known, which passes for fast. */
struct pace {
	bool is_slow;
	uint64_t bytes, ns;  /* of the window that is being looked at */
	bool has_blocked;    /* in it */
	uint64_t free_bytes; /* sent since the socket made us wait last */
};

/* Nothing was sent yet but the handshake, which waited for @round_trip_ns. */
void pace_begin(struct pace *p, uint64_t round_trip_ns);

/* A message of @len_bytes took @ns to make and send, @blocked_ns of it until the socket took it. */
void pace_note(struct pace *p, uint64_t len_bytes, uint64_t ns, uint64_t blocked_ns);

#endif
