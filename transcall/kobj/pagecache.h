/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pagecache - contents of the guest's files, as far as they are in its memory. */
#ifndef TC_KOBJ_PAGECACHE_H
#define TC_KOBJ_PAGECACHE_H

#include "transcall/kobj/kernel.h"

/**
 * pagecache_read() - exactly @len_bytes of the file of @inode from @at
 *
 * Holes of files that live in memory (tmpfs, ramfs) read as zeros.
 * Return: NULL; ABSENT: a page is not cached, or swapped out; RACE; FAULT; fatal.
 */
MUST_CHECK const struct err *pagecache_read(const struct kernel *k, gva_t inode, uint64_t at,
					    void *ret, size_t len_bytes);

#endif
