/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmlinuz - the compressed kernel image: from a file or a Debian package, and its payload. */
#ifndef KP_VMLINUZ_H
#define KP_VMLINUZ_H

#include <stdbool.h>

#include "kernel-profiles/blob.h"
#include "remotetrans/base/err.h"

#define KERNEL_BYTES_MAX (512u << 20) /* of a kernel image, compressed or not */

/* Does @image start with the x86 boot protocol's header? */
bool vmlinuz_is(const uint8_t *image, size_t len_bytes);

/**
 * vmlinuz_unpack() - the ELF image inside a VMLINUZ
 * @image: untrusted
 *
 * Return: NULL; PROTO: not a kernel image, damaged, or compressed in a way we do not know.
 */
MUST_CHECK const struct err *vmlinuz_unpack(const uint8_t *image, size_t len_bytes,
					    struct blob *ret);

#endif
