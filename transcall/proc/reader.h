/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reader - files as the view's reader sees them: names below its root, ids of its user namespace.
 */
#ifndef TC_PROC_READER_H
#define TC_PROC_READER_H

#include "transcall/kobj/dpath.h"
#include "transcall/proc/tree.h"

/* The name of @path, cut to nothing: ABSENT when it is longer than @size_bytes. */
MUST_CHECK const struct err *reader_path(struct proc_view *view, const struct kpath *path,
					 char *ret, size_t size_bytes);

/* stat() of an inode. */
MUST_CHECK const struct err *reader_stat(struct proc_view *view, gva_t inode, struct stat *ret);

/* A kernel id as the reader sees it. */
MUST_CHECK const struct err *reader_uid(struct proc_view *view, uint32_t kuid, uint32_t *ret);

/* seq_escape(): characters of @escape and backslashes named there become \ooo. */
void reader_mangle(FILE *out, const char *text, const char *escape);

/*
 * Idmapped mounts came in 5.12: the nearest change of a structure to several changes of text
 * between 5.10 and 6.1 that have none of their own.
 */
bool reader_kernel_has_idmaps(const struct kernel *k);

#endif
