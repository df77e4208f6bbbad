/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes written as hexadecimal digits, for test vectors. */
#ifndef TESTS_UNIT_CORE_HEX_H
#define TESTS_UNIT_CORE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Decode @text, blanks allowed; returns how many bytes it was. */
static inline size_t hex_decode(const char *text, uint8_t *ret, size_t size_bytes)
{
	size_t used = 0;

	while (*text && used < size_bytes) {
		unsigned int byte;

		if (*text == ' ') {
			text++;
			continue;
		}
		if (sscanf(text, "%2x", &byte) != 1)
			break;
		ret[used++] = (uint8_t)byte;
		text += 2;
	}
	return used;
}

static inline bool hex_equal(const void *bytes, size_t len_bytes, const char *text)
{
	uint8_t expected[512];

	return hex_decode(text, expected, sizeof(expected)) == len_bytes &&
	       !memcmp(bytes, expected, len_bytes);
}

#endif
