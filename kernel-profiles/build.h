/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build - make a profile from a kernel image. */
#ifndef KP_BUILD_H
#define KP_BUILD_H

#include "kernel-profiles/profile.h"

/**
 * profile_build() - the text of the profile of a kernel
 * @image:   VMLINUZ or VMLINUX; untrusted
 * @ret:     out: the text; free() it
 *
 * All rows that the kernel has are in the text. That no MUST row is missing is for
 * profile_parse() to say. Return: NULL, PROTO (not a kernel that we can read), SYSTEM.
 */
MUST_CHECK const struct err *profile_build(const uint8_t *image, size_t len_bytes, char **ret,
					   size_t *ret_len_bytes);

#endif
