/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vma - the mapped areas of an address space. */
#ifndef TC_KOBJ_VMA_H
#define TC_KOBJ_VMA_H

#include "transcall/kobj/dpath.h"
#include "transcall/kobj/mm.h"

#define VMA_NAME_BYTES 256 /* a user may name an area in 80 bytes (ANON_VMA_NAME_MAX_LEN) */

/* vm_flags (include/linux/mm.h) */
#define VMA_READ     0x01u
#define VMA_WRITE    0x02u
#define VMA_EXEC     0x04u
#define VMA_MAYSHARE 0x80u

struct vma {
	gva_t at;
	uint64_t start, end;
	uint64_t flags;
	uint64_t offset_bytes; /* in the file; 0 without one */
	gva_t file;            /* struct file; null: anonymous */
	gva_t ops, private_data;
};

/* Walk over the areas of @mm by address, and at last the gate area ([vsyscall]) if it has one. */
struct vma_iter {
	gva_t mm;
	gva_t next;     /* of the list, until 6.0 */
	uint64_t index; /* into the maple tree, since 6.1 */
	uint64_t low;   /* the next area begins here or later */
	bool areas_done, done;
};
MUST_CHECK const struct err *vma_iter_init(struct vma_iter *it, const struct kernel *k, gva_t mm);
/*
 * ret->at null: the end. Return: NULL; RACE: areas out of order; FAULT; fatal.
 * After an error the walk goes on behind the area that could not be read.
 */
MUST_CHECK const struct err *vma_iter_next(struct vma_iter *it, const struct kernel *k,
					   struct vma *ret);

/* Where maps says that the area's file is: of a file on overlayfs, where the user sees it. */
MUST_CHECK const struct err *vma_path(const struct kernel *k, const struct vma *v,
				      struct kpath *ret_path, gva_t *ret_inode);

/* get_vma_name() of an area without a file: "[heap]" and the like; "" for none. */
MUST_CHECK const struct err *vma_name(const struct kernel *k, const struct vma *v,
				      const struct mm_layout *layout,
				      char ret[static VMA_NAME_BYTES]);

#endif
