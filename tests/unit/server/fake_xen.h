/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_xen - a made-up toolstack with the VMM core behind the hypercall: functions in the place of
 * Xen's libraries.
 */
#ifndef TESTS_UNIT_SERVER_FAKE_XEN_H
#define TESTS_UNIT_SERVER_FAKE_XEN_H

#include <stdbool.h>

#include "tests/unit/core/fake_host.h"

#define GUEST 7 /* its domid */
#define DYING 5 /* has the same UUID */

struct xen_remotetrans;

extern struct fake_xen {
	struct fake *vmm;
	int list_error, call_error, open_error, store_error, restrict_error;
	bool store_denied;
	bool guest_hidden; /* from lists */
	void (*spoil)(struct xen_remotetrans *arg, uint8_t *out);
	unsigned buffers, handles, calls;
	uint32_t limited_to;
	unsigned mapped;
	bool map_fails;
	uint32_t log_bytes; /* length of the event log; each byte is its place's number */
} xen;

#endif
