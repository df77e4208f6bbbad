/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places in guest memory that edits write to. */
#include "tests/hostile-guest/edit.h"

#define CHUNK_BITS    6 /* as in transcall/kobj/xarray.c */
#define CHUNK_MASK    63u
#define POINTER_BYTES 8

/* Down from the value of an xa_head to the slot of @index. */
static const struct err *xarray_slot(struct editor *e, uint64_t entry, uint64_t index, gva_t *ret)
{
	for (unsigned level = 0; level < 12 && (entry & 3) == 2; level++) {
		gva_t node = gva(entry - 2);
		uint64_t shift;

		TRY(kfield_uint(KERNEL(e), node, F_xa_node_shift, &shift));
		*ret = gva_add(kfield_at(KERNEL(e), node, F_xa_node_slots),
			       (index >> shift & CHUNK_MASK) * POINTER_BYTES);
		if (shift == 0)
			return NULL;
		TRY(kread_u64(KERNEL(e), *ret, &entry));
	}
	return ERR(ERR_ABSENT, "the xarray has no index %llu", (unsigned long long)index);
}

const struct err *edit_idr_slot(struct editor *e, uint32_t pid, gva_t *ret)
{
	uint64_t head;

	TRY(kfield_uint(KERNEL(e), kernel_symbol(KERNEL(e), S_init_pid_ns),
			F_pid_namespace_idr_head, &head));
	return xarray_slot(e, head, pid, ret);
}
