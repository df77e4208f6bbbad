/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memsrc - the one function through which kernel readers see guest memory.
 *
 * Implemented by gmem (the client's verified memory; the server's walk over its local mapping) and
 * by tests. What it returns is verified but hostile: the guest's kernel wrote it.
 */
#ifndef RT_BASE_MEMSRC_H
#define RT_BASE_MEMSRC_H

#include <stddef.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/base/err.h"

/* Which page tables translate an address: the kernel's own, or those of one mm. */
struct memspace {
	gpa_t root; /* of the kernel's own tables, as in CR3 (low 12 bits ignored) */
	gva_t pgd;  /* kernel address of an mm's top-level table (mm_struct.pgd); 0: the kernel's */
	gva_t p2m;  /* Xen PV: kernel address of the table frame -> machine frame; else 0 */
};

/* In an entry of that table: the frame is not the guest's own, or there is none (FOREIGN_FRAME_BIT
 * and IDENTITY_FRAME_BIT, arch/x86/include/asm/xen/page.h). */
#define MEMSPACE_P2M_FLAGS (UINT64_C(3) << 62)

struct memsrc {
	/**
	 * @space:     address space of @at
	 * @at:        guest virtual address; any alignment
	 * @ret:       out: exactly @len_bytes bytes on success, undefined on error
	 * @len_bytes: any; may cross pages
	 *
	 * Return: NULL; FAULT (address = first byte that could not be read): not mapped;
	 * ABSENT (address likewise): mapped but not present (swapped out, PROT_NONE without a
	 * frame, migrating); or a fatal kind.
	 */
	MUST_CHECK const struct err *(*read)(struct memsrc *src, struct memspace space, gva_t at,
					     void *ret, size_t len_bytes);
};

#endif
