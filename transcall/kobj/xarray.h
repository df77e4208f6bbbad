/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xarray - bounded walks over the kernel's XArray, which its radix tree and IDR share.
 * (lib/xarray.c, include/linux/xarray.h; the same layout since 4.20)
 */
#ifndef TC_KOBJ_XARRAY_H
#define TC_KOBJ_XARRAY_H

#include "transcall/kobj/kernel.h"

/**
 * xarray_next() - the first entry at or after an index
 * @head:  value of the array's xa_head
 * @index: in: where to begin; out: where the entry is; on error the last index that is lost by it
 * @ret:   out: the entry; 0 when there is none (value entries are odd)
 *
 * Return: NULL; RACE: nodes that cannot be; FAULT; fatal.
 */
MUST_CHECK const struct err *xarray_next(const struct kernel *k, uint64_t head, uint64_t *index,
					 uint64_t *ret);

/* xa_load(): the entry at @index, also one that spans several indices; 0 when there is none. */
MUST_CHECK const struct err *xarray_load(const struct kernel *k, uint64_t head, uint64_t index,
					 uint64_t *ret);

#endif
