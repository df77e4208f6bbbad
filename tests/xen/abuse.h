/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abuse - one abuse of the hypercall each, and what must hold all the same. A case says with an
 * error what did not; what it measured it prints.
 */
#ifndef TESTS_XEN_ABUSE_H
#define TESTS_XEN_ABUSE_H

#include <stdint.h>

#define __XEN_TOOLS__ /* the structure of the hypercall */
#include <xen/xen.h>

#include "tests/xen/client.h"
#include "vmm/xen/include/public/remotetrans.h"

#define ABUSE_FRAMES_MAX 2048

struct abuse {
	struct hypercall call;
	struct client client; /* a session with domid */
	uint16_t domid;
	char **arguments; /* after the domain */
	uint64_t frames[ABUSE_FRAMES_MAX];
	uint32_t frame_count; /* RAM of the domain; 0: abuse_find_frames() finds some */
};

#define FAILED(...) ERR(ERR_INTEGRITY, __VA_ARGS__)

MUST_CHECK const struct err *abuse_find_frames(struct abuse *a);
/* The first argument as a number, or @otherwise. */
uint64_t abuse_number(const struct abuse *a, uint64_t otherwise);

MUST_CHECK const struct err *abuse_rewrite(struct abuse *a);
MUST_CHECK const struct err *abuse_other_session(struct abuse *a);
MUST_CHECK const struct err *abuse_fault(struct abuse *a);
MUST_CHECK const struct err *abuse_not_owned(struct abuse *a);
MUST_CHECK const struct err *abuse_eperm(struct abuse *a);
MUST_CHECK const struct err *abuse_pause(struct abuse *a);
MUST_CHECK const struct err *abuse_hold(struct abuse *a);
MUST_CHECK const struct err *abuse_budget(struct abuse *a);
MUST_CHECK const struct err *abuse_sessions(struct abuse *a);
MUST_CHECK const struct err *abuse_tags(struct abuse *a);
MUST_CHECK const struct err *abuse_key_sweep(struct abuse *a);

#endif
