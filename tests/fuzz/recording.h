/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording - the words of a real guest's memory that the readers touched, and a memsrc over them
 * that a fuzz input makes lie.
 *
 * File: zlib over records of struct recorded_page, its pages' touched words behind it.
 */
#ifndef TESTS_FUZZ_RECORDING_H
#define TESTS_FUZZ_RECORDING_H

#include "remotetrans/base/memsrc.h"
#include "remotetrans/base/vcpu.h"
#include "tests/fuzz/fuzz.h"

#define RECORDING_WORDS      512u /* of a page */
#define RECORDING_EDITS      48u
#define RECORDING_RECENT     256u
#define RECORDING_FAULTS_MAX (1u << 20)

/* One page: bit i of touched: word i is known. */
struct recorded_page {
	uint64_t pgd, page; /* whose tables; gva >> 12 */
	uint8_t touched[RECORDING_WORDS / 8];
};

/* What unrecorded memory is. */
enum recording_beyond {
	BEYOND_FAULT,
	BEYOND_ZERO,
	BEYOND_CHAIN, /* each word points a little further: long chains, that end in a fault */
	BEYOND_KINDS
};

/* From the first read that it meets on, a word that the reader sees is another one. */
struct recording_edit {
	uint32_t at_read; /* number of the read */
	uint8_t kind;
	uint16_t offset;
	uint64_t value;
	bool done;
	uint64_t pgd, at; /* where it is, once met */
	uint64_t word;
};

struct recording {
	struct memsrc src; /* first */
	struct recorded_slot *slots;
	size_t slot_count, page_count;
	enum recording_beyond beyond;
	struct recording_edit edits[RECORDING_EDITS];
	unsigned edit_count;
	/* After so many reads all memory is gone; who goes on all the same walks without a bound.
	 */
	uint32_t reads, reads_max;
	uint64_t recent[RECORDING_RECENT]; /* addresses read last */
};

/* Read the file; aborts when it cannot. */
void recording_load(struct recording *r, const char *path);

/* No edits, no reads yet. */
void recording_begin(struct recording *r, uint32_t reads_max);

/* Take an edit from the input. */
void recording_edit(struct recording *r, struct input *in);

/* A word that the recording or an edit knows; false: neither. */
bool recording_word(const struct recording *r, uint64_t pgd, uint64_t at, uint64_t *ret);

/* For the recorder: remember what was read; then write the file. */
void recording_add(struct recording *r, uint64_t pgd, uint64_t at, const void *bytes,
		   size_t len_bytes);
void recording_save(const struct recording *r, const char *path);

#endif
