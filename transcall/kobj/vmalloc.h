/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmalloc - the areas of the kernel's own address space that are mapped at will (mm/vmalloc.c). */
#ifndef TC_KOBJ_VMALLOC_H
#define TC_KOBJ_VMALLOC_H

#include "transcall/kobj/list.h"
#include "transcall/kobj/node.h"

/* vm_struct.flags, include/linux/vmalloc.h */
#define VMALLOC_IOREMAP       0x1u
#define VMALLOC_ALLOC         0x2u
#define VMALLOC_MAP           0x4u
#define VMALLOC_USERMAP       0x8u
#define VMALLOC_DMA_COHERENT  0x10u
#define VMALLOC_UNINITIALIZED 0x20u
#define VMALLOC_SPARSE        0x1000u

struct vmalloc_area {
	uint64_t start, end;
	bool has_owner;   /* else it is used in parts (vm_map_ram), or on its way out */
	bool is_unpurged; /* free, but its mapping may be in use yet */
	/* Of an area with an owner: */
	gva_t address, caller, pages; /* pages: array of struct page pointers; may be null */
	uint64_t bytes, flags, page_count, physical;
	unsigned page_order;
};

/* Walk over all areas: those in use first, then the unpurged ones. */
struct vmalloc_iter {
	unsigned list; /* of all lists, which one */
	bool inside;
	struct list_iter it;
};
void vmalloc_iter_init(struct vmalloc_iter *it);
/*
 * @ret_end: there are no more. Return: NULL; RACE; FAULT; fatal: after an error the walk goes on
 * with the next list.
 */
MUST_CHECK const struct err *vmalloc_iter_next(struct vmalloc_iter *it, const struct kernel *k,
					       struct vmalloc_area *ret, bool *ret_end);

/* On which nodes its pages are. */
MUST_CHECK const struct err *vmalloc_nodes(const struct kernel *k, const struct vmalloc_area *area,
					   uint64_t ret[static NODES_MAX]);

/* is_vmalloc_addr() */
MUST_CHECK const struct err *vmalloc_has(const struct kernel *k, gva_t address, bool *ret);

#endif
