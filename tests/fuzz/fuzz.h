/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz - what all fuzz targets share: the entry point, a cursor over the input, properties.
 *
 * A target is one file of targets/: it feeds hostile bytes to the product's own code and says with
 * HOLDS() what must be true whatever the bytes are. The same file runs under libFuzzer, and in
 * make check over corpus and regressions (replay.c).
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes);

/* A property; its failure counts as a crash. */
#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,          \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The input, taken from the front. At its end everything is zero. */
struct input {
	const uint8_t *at;
	size_t left_bytes;
};

static inline uint64_t input_number(struct input *in, size_t len_bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len_bytes && in->left_bytes; i++, in->left_bytes--)
		v |= (uint64_t)*in->at++ << 8 * i;
	return v;
}

static inline uint8_t input_u8(struct input *in)
{
	return (uint8_t)input_number(in, 1);
}

static inline uint16_t input_u16(struct input *in)
{
	return (uint16_t)input_number(in, 2);
}

static inline uint32_t input_u32(struct input *in)
{
	return (uint32_t)input_number(in, 4);
}

static inline uint64_t input_u64(struct input *in)
{
	return input_number(in, 8);
}

/* At most @len_bytes, borrowed; *ret_bytes of them. */
static inline const uint8_t *input_view(struct input *in, size_t len_bytes, size_t *ret_bytes)
{
	const uint8_t *at = in->at;

	*ret_bytes = len_bytes < in->left_bytes ? len_bytes : in->left_bytes;
	in->at += *ret_bytes;
	in->left_bytes -= *ret_bytes;
	return at;
}

/* A file in memory that holds these bytes: /proc/self/fd/N in @ret_path. Close the descriptor. */
int fuzz_file(const void *bytes, size_t len_bytes, char ret_path[static 32]);

#endif
