/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fsstat - what statfs() shows of a mounted file system. */
#ifndef TC_KOBJ_FSSTAT_H
#define TC_KOBJ_FSSTAT_H

#include <sys/statfs.h>

#include "transcall/kobj/dpath.h"

/**
 * fsstat_read() - statfs() of the file system at @at
 *
 * Of file systems that live in memory, and of ext4 where the profile has its module's types.
 * Return: NULL; ABSENT: a file system that cannot be asked; FAULT; RACE; fatal.
 */
MUST_CHECK const struct err *fsstat_read(const struct kernel *k, const struct kpath *at,
					 struct statfs *ret);

#endif
