/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lines - text put together line by line, then sorted. */
#ifndef KP_LINES_H
#define KP_LINES_H

#include <stddef.h>

#include "remotetrans/base/err.h"

struct lines {
	char **line; /* owned */
	size_t count, room;
};

/* Add a line; @format without the newline. Return: NULL, SYSTEM. */
MUST_CHECK const struct err *lines_add(struct lines *l, const char *format, ...) PRINTF(2, 3);

/* Sort bytewise and join; free() @ret. Return: NULL, SYSTEM. */
MUST_CHECK const struct err *lines_sorted(struct lines *l, char **ret, size_t *ret_len_bytes);

void lines_deinit(struct lines *l);

#endif
