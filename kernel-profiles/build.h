/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build - make a profile from a kernel image. */
#ifndef KP_BUILD_H
#define KP_BUILD_H

#include "kernel-profiles/package.h"
#include "kernel-profiles/profile.h"

/**
 * profile_build() - the text of the profile of a kernel
 * @files:   an image, and modules; untrusted
 * @ret:     out: the text; free() it
 *
 * All rows that the kernel has are in the text. A row that names a module is looked for in that
 * module, or, where there is none, in the image, which may have the driver built in. That no MUST
 * row is missing is for profile_parse() to say.
 * Return: NULL; USAGE: no image; PROTO: not a kernel that we can read; SYSTEM.
 */
MUST_CHECK const struct err *profile_build(const struct kernel_files *files, char **ret,
					   size_t *ret_len_bytes);

#endif
