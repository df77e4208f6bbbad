/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * marker - pages that say whose they are: RTMARK:<guest's name>:<number> at their beginning.
 *
 * The prefix is put together when it is needed, so that no program's own pages hold it.
 */
#ifndef TESTS_XEN_MARKER_H
#define TESTS_XEN_MARKER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MARKER_NAME_MAX     31
#define MARKER_PREFIX_BYTES 7

static inline void marker_prefix(char ret[MARKER_PREFIX_BYTES])
{
	static const volatile char letters[] = "KRAMTR"; /* backwards */

	for (int i = 0; i < 6; i++)
		ret[i] = letters[5 - i];
	ret[6] = ':';
}

static inline void marker_write(char *page, const char *name, size_t number)
{
	marker_prefix(page);
	sprintf(page + MARKER_PREFIX_BYTES, "%s:%zu", name, number);
}

/* Whose page it is; false when it does not say. */
static inline bool marker_read(const uint8_t *page, char ret_name[MARKER_NAME_MAX + 1])
{
	char prefix[MARKER_PREFIX_BYTES];
	const char *name = (const char *)page + MARKER_PREFIX_BYTES;
	const char *end = memchr(name, ':', MARKER_NAME_MAX + 1);

	marker_prefix(prefix);
	if (!end || memcmp(page, prefix, sizeof(prefix)))
		return false;
	memcpy(ret_name, name, (size_t)(end - name));
	ret_name[end - name] = 0;
	return true;
}

#endif
