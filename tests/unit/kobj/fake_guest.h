/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_guest - a kernel made by hand: memory, profile and registers for tests of kobj's readers.
 *
 * All memory is one piece of direct map; what is not allocated reads as FAULT. Tests declare the
 * members they need, at offsets of their own.
 */
#ifndef TESTS_UNIT_KOBJ_FAKE_GUEST_H
#define TESTS_UNIT_KOBJ_FAKE_GUEST_H

#include "transcall/kobj/kernel.h"

#define FAKE_BASE  UINT64_C(0xffff888000000000)
#define FAKE_BYTES (1u << 20)

struct fake_guest {
	struct memsrc src;
	struct kernel k;
	struct profile p;
	struct vcpu vcpus[2];
	uint8_t bytes[FAKE_BYTES];
	uint64_t used;
};

/* One CPU with a TSC, per-CPU symbols that are addresses, 250 ticks a second. */
void fake_guest_init(struct fake_guest *g);

/* Zeroed memory, aligned to @align. */
gva_t fake_alloc(struct fake_guest *g, uint64_t len_bytes, uint64_t align);
void fake_write(struct fake_guest *g, gva_t at, const void *bytes, uint64_t len_bytes);
void fake_u64(struct fake_guest *g, gva_t at, uint64_t v);
void fake_u32(struct fake_guest *g, gva_t at, uint32_t v);
gva_t fake_str(struct fake_guest *g, const char *text);

/* Declare a member; write it in an object. */
void fake_field(struct fake_guest *g, enum field_id id, uint32_t offset, uint32_t size);
void fake_set(struct fake_guest *g, gva_t object, enum field_id id, uint64_t v);

/* Declare a variable of the kernel, zeroed, and with a value; a symbol at an address. */
gva_t fake_symbol(struct fake_guest *g, enum symbol_id id, uint64_t len_bytes);
void fake_variable(struct fake_guest *g, enum symbol_id id, uint64_t v);
void fake_symbol_at(struct fake_guest *g, enum symbol_id id, gva_t at);

void fake_enumerator(struct fake_guest *g, enum enumerator_id id, int64_t v);

/* An empty list_head, and @link appended to the list at @head. */
void fake_list(struct fake_guest *g, gva_t head);
void fake_list_add(struct fake_guest *g, gva_t head, gva_t link);

#endif
