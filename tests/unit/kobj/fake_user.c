/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User memory of a kernel made by hand. */
#include "tests/unit/kobj/fake_user.h"

#include <assert.h>
#include <string.h>

#define USER_PGD UINT64_C(0xffff888000001000)

static struct page {
	uint64_t at;
	bool present;
	char bytes[FRAME_BYTES];
} pages[FAKE_USER_PAGES];
static unsigned page_count;

static const struct err *(*kernel_read)(struct memsrc *src, struct memspace space, gva_t at,
					void *ret, size_t len_bytes);

static const struct err *user_byte(uint64_t at, char *ret)
{
	for (unsigned i = 0; i < page_count; i++) {
		if (pages[i].at != at - at % FRAME_BYTES)
			continue;
		if (!pages[i].present)
			return ERR_AT(ERR_ABSENT, at, "not present");
		*ret = pages[i].bytes[at % FRAME_BYTES];
		return NULL;
	}
	return ERR_AT(ERR_FAULT, at, "not mapped");
}

static const struct err *user_read(struct memsrc *src, struct memspace space, gva_t at, void *ret,
				   size_t len_bytes)
{
	char *out = ret;

	if (space.pgd.v != USER_PGD)
		return kernel_read(src, space, at, ret, len_bytes);
	for (size_t i = 0; i < len_bytes; i++)
		TRY(user_byte(at.v + i, &out[i]));
	return NULL;
}

void fake_user_init(struct fake_guest *g)
{
	fake_field(g, F_mm_struct_pgd, 0, 8);
	fake_field(g, F_mm_struct_arg_start, 8, 8);
	fake_field(g, F_mm_struct_arg_end, 16, 8);
	fake_field(g, F_mm_struct_env_start, 24, 8);
	fake_field(g, F_mm_struct_env_end, 32, 8);
	fake_field(g, F_mm_struct_start_code, 40, 8);
	fake_field(g, F_mm_struct_end_code, 48, 8);
	fake_field(g, F_mm_struct_start_data, 56, 8);
	fake_field(g, F_mm_struct_end_data, 64, 8);
	fake_field(g, F_mm_struct_start_brk, 72, 8);
	fake_field(g, F_mm_struct_brk, 80, 8);
	fake_field(g, F_mm_struct_start_stack, 88, 8);
	if (g->src.read != user_read)
		kernel_read = g->src.read;
	g->src.read = user_read;
	page_count = 0;
}

gva_t fake_mm(struct fake_guest *g, uint64_t arg, uint64_t arg_end, uint64_t env, uint64_t env_end)
{
	gva_t mm = fake_alloc(g, 128, 64);

	fake_set(g, mm, F_mm_struct_pgd, USER_PGD);
	fake_set(g, mm, F_mm_struct_arg_start, arg);
	fake_set(g, mm, F_mm_struct_arg_end, arg_end);
	fake_set(g, mm, F_mm_struct_env_start, env);
	fake_set(g, mm, F_mm_struct_env_end, env_end);
	return mm;
}

static struct page *new_page(uint64_t at)
{
	assert(at % FRAME_BYTES == 0 && page_count < FAKE_USER_PAGES);
	pages[page_count] = (struct page){.at = at};
	return &pages[page_count++];
}

char *fake_user_page(uint64_t at)
{
	struct page *page = new_page(at);

	page->present = true;
	return page->bytes;
}

void fake_user_absent(uint64_t at)
{
	new_page(at);
}
