/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vma - the mapped areas of an address space. */
#ifndef TC_KOBJ_VMA_H
#define TC_KOBJ_VMA_H

#include "transcall/kobj/dpath.h"
#include "transcall/kobj/mm.h"

#define VMA_NAME_BYTES 256 /* a user may name an area in 80 bytes (ANON_VMA_NAME_MAX_LEN) */

/* vm_flags (include/linux/mm.h) */
#define VMA_READ       0x01u
#define VMA_WRITE      0x02u
#define VMA_EXEC       0x04u
#define VMA_SHARED     0x08u
#define VMA_MAYSHARE   0x80u
#define VMA_GROWSDOWN  0x100u
#define VMA_PFNMAP     0x400u
#define VMA_LOCKED     0x2000u
#define VMA_IO         0x4000u
#define VMA_SEQ_READ   0x8000u
#define VMA_RAND_READ  0x10000u
#define VMA_DONTEXPAND 0x40000u
#define VMA_HUGETLB    0x400000u
#define VMA_SOFTDIRTY  0x8000000u
#define VMA_MIXEDMAP   0x10000000u
#define VMA_HUGEPAGE   0x20000000u
#define VMA_NOHUGEPAGE 0x40000000u

struct vma {
	gva_t at;
	uint64_t start, end;
	uint64_t flags;
	uint64_t offset_bytes; /* in the file; 0 without one */
	gva_t file;            /* struct file; null: anonymous */
	gva_t ops, private_data;
	uint64_t page; /* vm_pgoff: of the file, or of what the area was when it was made */
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

/* The area at @at; the area of @mm that is exactly [start, end), null: there is none. */
MUST_CHECK const struct err *vma_read(const struct kernel *k, gva_t at, struct vma *ret);
MUST_CHECK const struct err *vma_find(const struct kernel *k, gva_t mm, uint64_t start,
				      uint64_t end, struct vma *ret);

/* Where maps says that the area's file is: of a file on overlayfs, where the user sees it. */
MUST_CHECK const struct err *vma_path(const struct kernel *k, const struct vma *v,
				      struct kpath *ret_path, gva_t *ret_inode);

/* vma_kernel_pagesize(): of what pages it is made. */
MUST_CHECK const struct err *vma_page_bytes(const struct kernel *k, const struct vma *v,
					    uint64_t *ret);

/* get_vma_name() of an area without a file: "[heap]" and the like; "" for none. */
MUST_CHECK const struct err *vma_name(const struct kernel *k, const struct vma *v,
				      const struct mm_layout *layout,
				      char ret[static VMA_NAME_BYTES]);

#endif
