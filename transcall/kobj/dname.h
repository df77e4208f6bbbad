/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dname - names of pseudo files, which their file system makes up on demand (d_op->d_dname). */
#ifndef TC_KOBJ_DNAME_H
#define TC_KOBJ_DNAME_H

#include "transcall/kobj/dpath.h"

/* "net:[N]": the file of a namespace, wherever it is mounted. */
MUST_CHECK const struct err *dname_of_ns(const struct kernel *k, gva_t dentry, char *ret,
					 size_t size_bytes);

/* @ret_pseudo false: @path has an ordinary name, and @ret is untouched. */
MUST_CHECK const struct err *dname_render(const struct kernel *k, const struct kpath *path,
					  char *ret, size_t size_bytes, bool *ret_pseudo);

#endif
