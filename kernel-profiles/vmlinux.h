/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmlinux - sections of an unpacked kernel image (ELF), through libelf. */
#ifndef KP_VMLINUX_H
#define KP_VMLINUX_H

#include <libelf.h>

#include "kernel-profiles/span.h"
#include "remotetrans/base/err.h"

struct vmlinux {
	Elf *elf;
	struct span image;
};

/**
 * vmlinux_init() - open an x86-64 ELF image in memory
 * @image: untrusted; borrowed until vmlinux_deinit()
 *
 * Return: NULL, PROTO.
 */
MUST_CHECK const struct err *vmlinux_init(struct vmlinux *v, const uint8_t *image,
					  size_t len_bytes);
void vmlinux_deinit(struct vmlinux *v);

/* The section @name, in place. Return: NULL, PROTO (none, or out of bounds). */
MUST_CHECK const struct err *vmlinux_section(const struct vmlinux *v, const char *name,
					     struct span *ret);

/**
 * notes_build_id() - the GNU build-id in a section of ELF notes
 * @ret: out: at least PROFILE_BUILD_ID_HEX bytes, lower-case hex
 *
 * Return: NULL, PROTO.
 */
MUST_CHECK const struct err *notes_build_id(const struct span *notes, char *ret);

#endif
