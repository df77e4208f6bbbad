// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses, good and bad, for a PV domain's process on x86-64 (Xen's
 * public/arch-x86/xen-x86_64.h). */
#include "tests/xen/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE_BYTES    4096u
#define NOTHING_BYTES ((4ull << 30) + (2u << 20))
#define ALL_BYTES     (ARENA_BYTES + PAGE_BYTES + NOTHING_BYTES)

#define XEN_START    0xffff800000000000ull /* HYPERVISOR_VIRT_START */
#define XEN_BYTES    0x0000080000000000ull
#define KERNEL_RAM   0xffff888000000000ull /* Linux: page_offset_base without KASLR */
#define KERNEL_TEXT  0xffffffff81000000ull /* read only for a PV kernel, too */
#define NO_ADDRESSES 0x0000800000000000ull /* not canonical */

const struct err *arena_init(struct arena *a)
{
	void *start = mmap(NULL, ALL_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			   -1, 0);

	*a = (struct arena){0};
	if (start == MAP_FAILED)
		return ERR_ERRNO(ERR_SYSTEM, errno, "address space");
	a->start = start;
	if (mprotect(start, ARENA_BYTES + PAGE_BYTES, PROT_READ | PROT_WRITE) ||
	    mlock(start, ARENA_BYTES + PAGE_BYTES))
		return ERR_ERRNO(ERR_SYSTEM, errno, "memory");
	memset(start, 0, ARENA_BYTES + PAGE_BYTES);
	if (mprotect(a->start + ARENA_BYTES, PAGE_BYTES, PROT_READ))
		return ERR_ERRNO(ERR_SYSTEM, errno, "mprotect");
	return NULL;
}

void arena_deinit(struct arena *a)
{
	if (a->start)
		munmap(a->start, ALL_BYTES);
	a->start = NULL;
}

enum kind {
	AT_START,
	ODD,
	BEFORE_READ_ONLY,
	AT_EDGE,
	NULL_POINTER,
	NOTHING,
	XEN,
	XEN_END,
	HOLE,
	TOP,
	TEXT,
	RAM,
	KINDS
};

/* where nothing of ours is */
static uint64_t elsewhere(const struct arena *a, struct dice *d, enum kind kind)
{
	switch (kind) {
	case NOTHING:
		return (uint64_t)(uintptr_t)a->start + ARENA_BYTES + PAGE_BYTES +
		       dice_below(d, 2 * PAGE_BYTES);
	case XEN:
		return XEN_START + dice_below(d, XEN_BYTES);
	case XEN_END:
		return XEN_START + XEN_BYTES - 1 - dice_below(d, 64);
	case HOLE:
		return NO_ADDRESSES - 32 + dice_below(d, 64);
	case TOP:
		return ~0ull - dice_below(d, 64);
	case TEXT:
		return KERNEL_TEXT + dice_below(d, 1 << 20);
	case RAM:
		return KERNEL_RAM + dice_below(d, 64 << 20);
	default:
		return 0;
	}
}

uint64_t arena_place(struct arena *a, struct dice *d, const void *bytes, size_t len)
{
	enum kind kind = (enum kind)dice_below(d, KINDS);
	uint8_t *at = a->start;

	switch (kind) {
	case AT_START:
		break;
	case ODD:
		at += 1 + dice_below(d, PAGE_BYTES);
		break;
	case BEFORE_READ_ONLY: /* ends there, or in there */
		at += ARENA_BYTES - len;
		break;
	case AT_EDGE: /* the last bytes lie in nothing; what can be read is a read-only page */
		return (uint64_t)(uintptr_t)at + ARENA_BYTES + PAGE_BYTES - dice_below(d, len + 1);
	default:
		return elsewhere(a, d, kind);
	}
	memcpy(at, bytes, len);
	return (uint64_t)(uintptr_t)at;
}

uint64_t arena_room(struct arena *a, struct dice *d, size_t len)
{
	enum kind kind =
		(enum kind)dice_below(d, RAM); /* the kernel's own memory is not for trying */
	uint64_t start = (uint64_t)(uintptr_t)a->start;

	switch (kind) {
	case AT_START:
		return start;
	case ODD:
		return start + 1 + dice_below(d, PAGE_BYTES);
	case BEFORE_READ_ONLY:
		return start + ARENA_BYTES - dice_below(d, len + 1);
	case AT_EDGE:
		return start + ARENA_BYTES + PAGE_BYTES - dice_below(d, len + 1);
	default:
		return elsewhere(a, d, kind);
	}
}
