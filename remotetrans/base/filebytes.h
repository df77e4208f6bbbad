/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filebytes - a whole file that a user names, read or replaced at once. */
#ifndef RT_BASE_FILEBYTES_H
#define RT_BASE_FILEBYTES_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"

/* @ret: out: to be freed; a NUL follows the bytes. USAGE: no such file, longer than @max_bytes. */
MUST_CHECK const struct err *filebytes_read(const char *path, size_t max_bytes, uint8_t **ret,
					    size_t *ret_bytes);

/* Write @path whole or not at all; what is there stays until then. SYSTEM: it cannot be. */
MUST_CHECK const struct err *filebytes_replace(const char *path, const void *bytes,
					       size_t len_bytes);

#endif
