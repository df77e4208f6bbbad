/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * records - every record of one session whose tag verifies, by counter, wherever it was found.
 */
#ifndef TESTS_XEN_ABUSE_RECORDS_H
#define TESTS_XEN_ABUSE_RECORDS_H

#include "tests/xen/client.h"

#define RECORDS_MAX 131072 /* counters */

struct records {
	bool seen[RECORDS_MAX];
	uint8_t tags[RECORDS_MAX][RTVMM_TAG_BYTES];
	uint64_t highest;
};

enum record_state {
	RECORD_FALSE, /* no record, or its tag does not verify */
	RECORD_NEW,
	RECORD_COPY,  /* of one that was seen */
	RECORD_AGAIN, /* another record has this counter */
};

/* What lies at @at, with @left bytes from there on; @ret: its header */
enum record_state records_judge(struct records *r, const struct client *c, const uint8_t *at,
				size_t left, struct rtvmm_header *ret);

/* Judge all that lies in @buffer. FAILED when a counter comes again, or when a new record is not
 * one of @c's last request (a READ of @frames). @ret_new: how many there are */
MUST_CHECK const struct err *records_search(struct records *r, const struct client *c,
					    const uint64_t *frames, const uint8_t *buffer,
					    size_t len_bytes, uint32_t *ret_new,
					    uint32_t *ret_false);

#endif
