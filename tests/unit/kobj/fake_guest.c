/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel made by hand. */
#include "tests/unit/kobj/fake_guest.h"

#include <assert.h>
#include <string.h>

static const struct err *fake_read(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				   size_t len_bytes)
{
	struct fake_guest *g = (struct fake_guest *)src;
	uint64_t offset = at.v - FAKE_BASE;

	(void)space;
	if (at.v < FAKE_BASE || offset > g->used || len_bytes > g->used - offset)
		return ERR_AT(ERR_FAULT, at.v, "0x%llx is not mapped", (unsigned long long)at.v);
	memcpy(ret, g->bytes + offset, len_bytes);
	return NULL;
}

void fake_guest_init(struct fake_guest *g)
{
	memset(g, 0, sizeof(*g));
	g->src.read = fake_read;
	g->used = FRAME_BYTES; /* nothing is at the start */
	g->vcpus[0].online = g->vcpus[0].has_tsc = true;
	g->k = (struct kernel){
		.mem = &g->src,
		.profile = &g->p,
		.vcpus = g->vcpus,
		.vcpu_count = 1,
		.page_offset = gva(FAKE_BASE),
		.hz = 250,
		.cpu_count = 1,
	};
}

gva_t fake_alloc(struct fake_guest *g, uint64_t len_bytes, uint64_t align)
{
	uint64_t at = (g->used + align - 1) / align * align;

	assert(at + len_bytes + 8 <= FAKE_BYTES);
	g->used = at + len_bytes;
	return gva(FAKE_BASE + at);
}

void fake_write(struct fake_guest *g, gva_t at, const void *bytes, uint64_t len_bytes)
{
	uint64_t offset = at.v - FAKE_BASE;

	assert(at.v >= FAKE_BASE && offset + len_bytes <= g->used);
	memcpy(g->bytes + offset, bytes, len_bytes);
}

static void write_le(struct fake_guest *g, gva_t at, uint64_t v, uint32_t size)
{
	uint8_t bytes[8];

	assert(size <= sizeof(bytes));
	for (uint32_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(v >> 8 * i);
	fake_write(g, at, bytes, size);
}

void fake_u64(struct fake_guest *g, gva_t at, uint64_t v)
{
	write_le(g, at, v, 8);
}

void fake_u32(struct fake_guest *g, gva_t at, uint32_t v)
{
	write_le(g, at, v, 4);
}

gva_t fake_str(struct fake_guest *g, const char *text)
{
	gva_t at = fake_alloc(g, 512, 16); /* readers ask for more than the text */

	fake_write(g, at, text, strlen(text) + 1);
	return at;
}

void fake_field(struct fake_guest *g, enum field_id id, uint32_t offset, uint32_t size)
{
	g->p.fields[id] = (struct field){.offset_bytes = offset, .size_bytes = size};
}

void fake_set(struct fake_guest *g, gva_t object, enum field_id id, uint64_t v)
{
	assert(g->p.fields[id].size_bytes);
	write_le(g, gva_add(object, g->p.fields[id].offset_bytes), v, g->p.fields[id].size_bytes);
}

void fake_symbol_at(struct fake_guest *g, enum symbol_id id, gva_t at)
{
	g->p.has_symbol[id] = true;
	g->p.symbols[id] = at.v;
}

gva_t fake_symbol(struct fake_guest *g, enum symbol_id id, uint64_t len_bytes)
{
	gva_t at = fake_alloc(g, len_bytes, 64);

	fake_symbol_at(g, id, at);
	return at;
}

void fake_variable(struct fake_guest *g, enum symbol_id id, uint64_t v)
{
	fake_u64(g, fake_symbol(g, id, 8), v);
}

void fake_enumerator(struct fake_guest *g, enum enumerator_id id, int64_t v)
{
	g->p.enumerators[id] = (struct enumerator){.value = v, .present = true};
}

void fake_list(struct fake_guest *g, gva_t head)
{
	fake_u64(g, head, head.v);
	fake_u64(g, gva_add(head, 8), head.v);
}

void fake_list_add(struct fake_guest *g, gva_t head, gva_t link)
{
	uint64_t last;

	memcpy(&last, g->bytes + (head.v + 8 - FAKE_BASE), 8);
	fake_u64(g, link, head.v);
	fake_u64(g, gva_add(link, 8), last);
	fake_u64(g, gva(last), link.v);
	fake_u64(g, gva_add(head, 8), link.v);
}
