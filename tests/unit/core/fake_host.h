/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_host - the core's surroundings for unit tests: a VM of 16 frames whose clock, pause state
 * and failures the test sets, and a caller's input and output in memory.
 */
#ifndef TESTS_UNIT_CORE_FAKE_HOST_H
#define TESTS_UNIT_CORE_FAKE_HOST_H

#include "tests/lib/vmm_peer.h"
#include "vmm/core/request.h"

#define FAKE_FRAMES    16
#define FAKE_VCPUS     2
#define FAKE_OUT_BYTES (RTVMM_READ_FRAMES_MAX * (RTVMM_FRAME_BYTES + sizeof(struct rtvmm_record)))

struct fake {
	struct core core;
	struct vm vm;
	struct caller caller;
	struct call_io io;
	struct call call;
	uint8_t page[RTVMM_FRAME_BYTES];

	/* the VM */
	uint64_t now_ns;
	uint64_t tick_ns; /* how much the clock moves with every look at it */
	bool paused;
	bool foreign_pause;
	bool resumed_by_others;
	int pauses, resumes;
	uint64_t until_ns;
	uint64_t random_seed;
	bool random_repeats; /* a broken generator */

	/* failures to inject */
	int random_status, copy_status, vcpu_status, pause_status, resume_status;

	/* the caller's bytes */
	uint8_t in[4096];
	size_t in_bytes, taken_bytes;
	uint8_t *out;
	size_t out_bytes;
	uint32_t put_limit; /* fail after that many puts; 0: never */
	uint32_t puts;
};

/* A fresh core, VM and caller; never fails. */
struct fake *fake_new(void);
void fake_free(struct fake *f);

/* Hand in @r and what follows it; the records are in f->out. */
int fake_request(struct fake *f, const struct rtvmm_request *r, const void *trailing,
		 size_t trailing_bytes, uint32_t *ret_records);

/* Open a session as a client does. */
MUST_CHECK const struct err *fake_open(struct fake *f, struct vmm_peer *ret);

/* A request without trailing data whose one record must verify. @ret_payload: borrowed. */
MUST_CHECK const struct err *fake_ask(struct fake *f, struct vmm_peer *p,
				      const struct rtvmm_request *r, enum rtvmm_record_type type,
				      uint64_t subject, struct rtvmm_record *ret_record,
				      const uint8_t **ret_payload);

#endif
