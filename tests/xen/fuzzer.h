/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzzer - one process's hypercalls: sound ones, unsound ones, and ones that change while they run.
 *
 * Whatever a call gives that was not rewritten is held against what was asked: each record must
 * verify, no counter may come twice, and no page may hold the mark of another guest.
 */
#ifndef TESTS_XEN_FUZZER_H
#define TESTS_XEN_FUZZER_H

#include <stdint.h>

#define __XEN_TOOLS__ /* the structure of the hypercall */
#include <xen/xen.h>

#include "tests/xen/arena.h"
#include "tests/xen/client.h"
#include "tests/xen/marker.h"
#include "tests/xen/rewriter.h"
#include "tests/xen/tally.h"
#include "vmm/xen/include/public/remotetrans.h"

#define FUZZER_GUESTS_MAX  64
#define FUZZER_FRAMES_MAX  4096
#define FUZZER_CLIENTS_MAX 12

/* A domain that has answered. */
struct fuzzer_guest {
	uint16_t domid;
	char name[MARKER_NAME_MAX + 1]; /* as its pages say, or the user; empty: not known */
	uint64_t max_frame;
	uint64_t frames[FUZZER_FRAMES_MAX]; /* RAM, the last time we looked */
	uint32_t frame_count;
};

/* One call as it is to be made. */
struct fuzzer_call {
	unsigned command;
	uint64_t argument;
	struct xen_remotetrans op;
	struct rtvmm_request request;
	uint64_t frames[RTVMM_READ_FRAMES_MAX];
	struct client *client; /* whose session it names; NULL: none of ours */
	bool sound_places;     /* everything lies where it does for an honest caller */
};

struct fuzzer {
	struct dice dice;
	struct hypercall hypercall;
	struct arena op, in, out;
	struct rewriter rewriter;
	struct fuzzer_guest guests[FUZZER_GUESTS_MAX];
	uint32_t guest_count;
	uint16_t last_domid; /* the highest that has been seen */
	struct client clients[FUZZER_CLIENTS_MAX];
	bool open[FUZZER_CLIENTS_MAX];
	struct tally *tally;
};

/* @domids: those to begin with; of each, @names has the name or NULL */
MUST_CHECK const struct err *fuzzer_init(struct fuzzer *f, uint64_t seed, struct tally *tally,
					 const uint16_t *domids, const char *const *names,
					 uint32_t count);
void fuzzer_run(struct fuzzer *f, uint64_t calls);
void fuzzer_deinit(struct fuzzer *f);

struct fuzzer_guest *fuzzer_guest(struct fuzzer *f, uint16_t domid);

/* fuzzer_call.c: draw a call and lay it into the arenas */
void fuzzer_draw(struct fuzzer *f, struct fuzzer_call *ret);
/* one change to a call that is under way; @argument is the fuzzer */
void fuzzer_rewrite(void *argument, struct dice *d);

#endif
