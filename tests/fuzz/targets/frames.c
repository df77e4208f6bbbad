/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page walk and guest memory over arbitrary frames. Input: root, levels, addresses to read; the
 * rest is the frames, which are met at every frame number modulo their count, so that tables of
 * any contents lead somewhere.
 */
#include "remotetrans/client/gmem.h"
#include "remotetrans/client/pgwalk.h"
#include "tests/fuzz/fuzz.h"

#define FRAMES_MAX  8u
#define TABLE_READS 5u /* one a level */
#define PTE_ADDRESS UINT64_C(0x000ffffffffff000)

struct frames {
	struct framesrc src; /* first */
	uint8_t bytes[FRAMES_MAX][FRAME_BYTES];
	unsigned count;
	unsigned reads;
	uint64_t holes; /* frames whose number has these bits are no RAM */
};

static const struct err *frame_get(struct framesrc *src, gfn_t frame, const uint8_t **ret)
{
	struct frames *f = (struct frames *)src;

	f->reads++;
	HOLDS(frame.v <= PTE_ADDRESS >> FRAME_SHIFT);
	if (f->holes && (frame.v & f->holes) == f->holes)
		return ERR_AT(ERR_FAULT, frame.v, "not RAM");
	*ret = f->bytes[frame.v % f->count];
	return NULL;
}

static void frames_fill(struct frames *f, struct input *in)
{
	size_t got;
	const uint8_t *bytes = input_view(in, sizeof(f->bytes), &got);

	memset(f->bytes, 0, sizeof(f->bytes));
	f->count = (unsigned)((got + FRAME_BYTES - 1) / FRAME_BYTES);
	f->count += f->count == 0;
	if (got)
		memcpy(f->bytes, bytes, got);
}

/* Entries that matter, put where the walk of @at looks for them. */
static void entries_put(struct frames *f, struct input *in, gva_t at, unsigned levels)
{
	for (unsigned level = 0; level < levels; level++) {
		uint64_t entry = input_u64(in);
		unsigned index = (unsigned)(at.v >> (12 + 9 * level)) & 511;

		for (unsigned i = 0; i < f->count; i++)
			if (entry)
				memcpy(&f->bytes[i][8 * index], &entry, 8);
	}
}

static void check_walk(struct frames *f, gpa_t root, unsigned levels, gva_t at)
{
	struct translation t;

	f->reads = 0;
	const struct err *e = pgwalk(&f->src, root, levels, at, &t);
	HOLDS(f->reads <= TABLE_READS);
	HOLDS(!e || e->kind == ERR_FAULT || e->kind == ERR_ABSENT);
	if (e)
		return;
	HOLDS(t.page_bytes == 1u << 12 || t.page_bytes == 1u << 21 || t.page_bytes == 1u << 30);
	HOLDS((t.at.v & (t.page_bytes - 1)) == (at.v & (t.page_bytes - 1)));
	HOLDS(t.at.v >> 52 == 0);
}

/* gmem says what the page walk says, with and without its TLB. */
static void check_read(struct frames *f, struct gmem *gm, struct memspace space, gva_t at,
		       size_t len_bytes)
{
	static uint8_t first[1u << 16], second[1u << 16];

	f->reads = 0;
	const struct err *e = gm->src.read(&gm->src, space, at, first, len_bytes);
	HOLDS(f->reads <= (len_bytes / FRAME_BYTES + 3) * (TABLE_READS + 1));
	enum err_kind kind = e ? e->kind : 0;
	HOLDS(!kind || kind == ERR_FAULT || kind == ERR_ABSENT);
	e = gm->src.read(&gm->src, space, at, second, len_bytes);
	HOLDS((e ? e->kind : 0) == kind);
	HOLDS(kind || memcmp(first, second, len_bytes) == 0);
	gmem_flush(gm);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	static struct frames f;
	static struct gmem gm;
	struct input in = {bytes, len_bytes};
	uint8_t flags = input_u8(&in);
	unsigned levels = flags & 1 ? 5 : 4;
	gpa_t root = gpa(input_u64(&in));
	gva_t at = gva(input_u64(&in));
	struct memspace space = {.root = root, .pgd = gva(flags & 2 ? input_u64(&in) : 0)};
	size_t len = input_u16(&in);
	struct input entries = in;

	f.src.get = frame_get;
	f.holes = flags & 4 ? input_u16(&in) : 0;
	(void)input_view(&in, 8 * 5, &(size_t){0});
	frames_fill(&f, &in);
	entries_put(&f, &entries, at, levels);
	check_walk(&f, root, levels, at);
	gmem_init(&gm, &f.src, flags & 1 ? 1u << 12 : 0);
	check_read(&f, &gm, space, at, len);
	return 0;
}
