/* SPDX-License-Identifier: GPL-2.0-or-later */
/* package - the files of a kernel that a user names, and what a Debian package has of them. */
#ifndef KP_PACKAGE_H
#define KP_PACKAGE_H

#include "kernel-profiles/blob.h"
#include "kernel-profiles/modules.h"

struct kernel_files {
	struct blob image; /* VMLINUZ or VMLINUX; empty: not there yet */
	struct modules modules;
};
void kernel_files_deinit(struct kernel_files *f);

/**
 * kernel_files_add() - take what the file at @path has of a kernel
 * @path: a VMLINUZ, a VMLINUX or a Debian package with a vmlinuz, modules or both
 * @f:    in, out: zeroed before the first; kernel_files_deinit()
 *
 * A package is unpacked by dpkg-deb. What is there already stays.
 * Return: NULL, SYSTEM, PROTO, USAGE (nothing of a kernel in that file).
 */
MUST_CHECK const struct err *kernel_files_add(struct kernel_files *f, const char *path);

/* The same of a package's tar stream. */
MUST_CHECK const struct err *package_tar_read(int fd, struct kernel_files *f);

/* Exactly @len_bytes from @fd. Return: NULL, PROTO (it ends early, or too long), SYSTEM. */
MUST_CHECK const struct err *stream_take(int fd, uint64_t len_bytes, struct blob *ret);

#endif
