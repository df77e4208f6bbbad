/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * secret - memory for keys: locked, left out of core dumps, not inherited by child processes,
 * wiped when released.
 */
#ifndef VMMD_SECRET_H
#define VMMD_SECRET_H

#include <stddef.h>

#include "remotetrans/base/err.h"

/* Make room for locked memory while we may: without privileges no limit can be raised. */
void secret_allow(size_t len_bytes);

/* @ret: zeroed, page-aligned memory with a guard page on either side */
MUST_CHECK const struct err *secret_alloc(size_t len_bytes, void **ret);
void secret_free(void *at, size_t len_bytes);

#endif
