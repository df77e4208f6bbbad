/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page walks over hand-made tables: every level, every kind of leaf, hostile entries. */
#include "remotetrans/client/gmem.h"
#include "remotetrans/client/pgwalk.h"
#include "tests/lib/unit.h"

#include <string.h>

#define FRAMES  16
#define PRESENT UINT64_C(1)
#define LARGE   (UINT64_C(1) << 7)
#define NONE    (UINT64_C(1) << 8)

struct fake {
	struct framesrc src;
	uint8_t ram[FRAMES][FRAME_BYTES];
	unsigned gets;
};

static const struct err *fake_get(struct framesrc *src, gfn_t frame, const uint8_t **ret)
{
	struct fake *f = (struct fake *)src;

	f->gets++;
	if (frame.v >= FRAMES)
		return ERR_AT(ERR_FAULT, frame.v, "not RAM");
	*ret = f->ram[frame.v];
	return NULL;
}

static void set(struct fake *f, unsigned frame, unsigned index, uint64_t entry)
{
	memcpy(f->ram[frame] + 8 * index, &entry, 8);
}

/* Tables in frames 1 (top) to 4, leaf 5, for address 0x8040201000 (index 1 at each level). */
#define AT gva(0x8040201000)
static void four_levels(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->src.get = fake_get;
	for (unsigned level = 1; level <= 4; level++)
		set(f, level, 1, (level + 1) << 12 | PRESENT);
}

TEST(pgwalk, follows_four_levels)
{
	static struct fake f;
	struct translation t = {0};

	four_levels(&f);
	CHECK_OK(pgwalk(&f.src, gpa(0x1fff), 4, gva(AT.v + 0x123), &t));
	CU_ASSERT_EQUAL(t.at.v, 0x5123);
	CU_ASSERT_EQUAL(t.page_bytes, 4096);
	CU_ASSERT_EQUAL(f.gets, 4);
}

TEST(pgwalk, follows_five_levels_and_large_pages)
{
	static struct fake f;
	struct translation t = {0};

	four_levels(&f);
	set(&f, 6, 0, 1 << 12 | PRESENT);
	CHECK_OK(pgwalk(&f.src, gpa(6 << 12), 5, AT, &t));
	CU_ASSERT_EQUAL(t.at.v, 0x5000);
	set(&f, 3, 1, 0x40200000 | PRESENT | LARGE);
	CHECK_OK(pgwalk(&f.src, gpa(0x1000), 4, gva(AT.v + 5), &t));
	CU_ASSERT_EQUAL(t.at.v, 0x40200000 | ((AT.v + 5) & 0x1fffff));
	CU_ASSERT_EQUAL(t.page_bytes, 2 << 20);
	set(&f, 2, 1, 0x80000000 | PRESENT | LARGE);
	CHECK_OK(pgwalk(&f.src, gpa(0x1000), 4, gva(AT.v + 5), &t));
	CU_ASSERT_EQUAL(t.at.v, 0x80000000 | ((AT.v + 5) & 0x3fffffff));
	CU_ASSERT_EQUAL(t.page_bytes, 1 << 30);
}

TEST(pgwalk, tells_unmapped_from_not_in_memory)
{
	static struct fake f;
	struct translation t = {0};

	four_levels(&f);
	set(&f, 4, 1, 0);
	CHECK_ERR(pgwalk(&f.src, gpa(0x1000), 4, AT, &t), ERR_FAULT);
	set(&f, 4, 1, 0x1234500000 & ~PRESENT);
	CHECK_ERR(pgwalk(&f.src, gpa(0x1000), 4, AT, &t), ERR_ABSENT);
	set(&f, 4, 1, (~UINT64_C(0x7000) & UINT64_C(0xffffffffff000)) | NONE);
	CHECK_OK(pgwalk(&f.src, gpa(0x1000), 4, AT, &t));
	CU_ASSERT_EQUAL(t.at.v, 0x7000);
	set(&f, 1, 1, 2 << 12);
	CHECK_ERR(pgwalk(&f.src, gpa(0x1000), 4, AT, &t), ERR_FAULT);
}

TEST(pgwalk, survives_hostile_tables)
{
	static struct fake f;
	struct translation t = {0};

	four_levels(&f);
	CHECK_ERR(pgwalk(&f.src, gpa(0x1000), 4, gva(0x1000000000000), &t), ERR_FAULT);
	set(&f, 1, 1, 1 << 12 | PRESENT); /* maps onto itself: ends after its levels */
	CHECK_OK(pgwalk(&f.src, gpa(0x1000), 4, AT, &t));
	CU_ASSERT_EQUAL(f.gets, 4);
	set(&f, 1, 1, UINT64_C(0xffffffffff000) | PRESENT);
	CHECK_ERR(pgwalk(&f.src, gpa(0x1000), 4, AT, &t), ERR_FAULT);
}

TEST(gmem, reads_across_pages_and_spaces)
{
	static struct fake f;
	static struct gmem gm;
	struct memspace kernel = {.root = gpa(0x1000)};
	struct memspace user = {.root = gpa(0x1000), .pgd = AT};
	char text[9] = "";

	four_levels(&f);
	set(&f, 4, 2, 7 << 12 | PRESENT);
	memcpy(f.ram[5] + 4092, "half", 4);
	memcpy(f.ram[7], "half", 4);
	gmem_init(&gm, &f.src, 0);
	CHECK_OK(gm.src.read(&gm.src, kernel, gva(AT.v + 4092), text, 8));
	CU_ASSERT_STRING_EQUAL(text, "halfhalf");
	/* Frame 5, mapped at AT, serves as another space's top-level table. */
	set(&f, 5, 0, 8 << 12 | PRESENT);
	set(&f, 8, 0, 9 << 12 | PRESENT);
	set(&f, 9, 0, 10 << 12 | PRESENT);
	set(&f, 10, 3, 11 << 12 | PRESENT);
	memcpy(f.ram[11] + 1, "user", 5);
	CHECK_OK(gm.src.read(&gm.src, user, gva(0x3001), text, 5));
	CU_ASSERT_STRING_EQUAL(text, "user");
	CHECK_ERR(gm.src.read(&gm.src, user, gva(0x4000), text, 1), ERR_FAULT);
}

TEST(gmem, remembers_translations_until_flushed)
{
	static struct fake f;
	static struct gmem gm;
	struct memspace kernel = {.root = gpa(0x1000)};
	char byte;

	four_levels(&f);
	gmem_init(&gm, &f.src, 0);
	CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(f.gets, 5);
	CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(f.gets, 6);
	gmem_flush(&gm);
	CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(f.gets, 11);
}

/* Frame 6, mapped at AT + 0x1000, is the list of a Xen PV guest's machine frames. */
TEST(gmem, resolves_prot_none_through_a_pv_guests_list)
{
	static struct fake f;
	static struct gmem gm;
	struct memspace pv = {.root = gpa(0x1000), .p2m = gva(AT.v + 0x1000)};
	struct memspace other = {.root = gpa(0x1000)};
	uint64_t none = ~(UINT64_C(3) << 12) & UINT64_C(0xffffffffff000), machine = 9;
	char text[5] = "";

	four_levels(&f);
	set(&f, 4, 2, 6 << 12 | PRESENT);
	set(&f, 4, 3, none | NONE); /* the guest's own frame 3 */
	memcpy(f.ram[9], "here", 4);
	memcpy(f.ram[3], "!!!!", 4);
	memcpy(f.ram[6] + 8 * 3, &machine, 8);
	gmem_init(&gm, &f.src, 0);
	CHECK_OK(gm.src.read(&gm.src, pv, gva(AT.v + 0x2000), text, 4));
	CU_ASSERT_STRING_EQUAL(text, "here");
	gmem_flush(&gm);
	CHECK_OK(gm.src.read(&gm.src, other, gva(AT.v + 0x2000), text, 4));
	CU_ASSERT_STRING_EQUAL(text, "!!!!");

	for (unsigned bit = 62; bit < 64; bit++) { /* foreign, identity; both: none */
		machine |= UINT64_C(1) << bit;
		memcpy(f.ram[6] + 8 * 3, &machine, 8);
		gmem_flush(&gm);
		CHECK_ERR(gm.src.read(&gm.src, pv, gva(AT.v + 0x2000), text, 4), ERR_FAULT);
	}
	pv.p2m = gva(AT.v + 0x1ffc - 8 * 3); /* a hostile one: across pages, the second not there */
	gmem_flush(&gm);
	CHECK_ERR(gm.src.read(&gm.src, pv, gva(AT.v + 0x2000), text, 4), ERR_FAULT);
}

/* One that lends for longer; the test says when that ends. */
static void four_levels_kept(struct fake *f, struct gmem *gm)
{
	four_levels(f);
	f->src.keeps = true;
	gmem_init(gm, &f->src, 0);
}

TEST(gmem, gets_a_kept_page_once)
{
	static struct fake f;
	static struct gmem gm;
	struct memspace kernel = {.root = gpa(0x1000)};
	char byte;

	four_levels_kept(&f, &gm);
	for (unsigned i = 0; i < 10; i++)
		CHECK_OK(gm.src.read(&gm.src, kernel, gva(AT.v + i), &byte, 1));
	CU_ASSERT_EQUAL(f.gets, 5);
	gmem_flush(&gm);
	CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(f.gets, 10);
	for (unsigned i = 0; i < GMEM_READS_PER_GET; i++) /* a source may look at the clock */
		CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(f.gets, 11);
}

TEST(gmem, reads_nothing_that_was_lent_before)
{
	static struct fake f;
	static struct gmem gm;
	struct memspace kernel = {.root = gpa(0x1000)};
	char byte;

	four_levels_kept(&f, &gm);
	f.ram[5][0] = 'a';
	CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(byte, 'a');
	/* a new snapshot: the page lies elsewhere, and so do the tables */
	set(&f, 4, 1, 7 << 12 | PRESENT);
	f.ram[7][0] = 'b';
	CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(byte, 'a');
	f.src.epoch++;
	CHECK_OK(gm.src.read(&gm.src, kernel, AT, &byte, 1));
	CU_ASSERT_EQUAL(byte, 'b');
}

TEST(gmem, walks_once_for_a_large_page)
{
	static struct fake f;
	static struct gmem gm;
	struct memspace kernel = {.root = gpa(0x1000)};
	char byte;

	four_levels_kept(&f, &gm);
	set(&f, 3, 1, PRESENT | LARGE); /* 2 MiB at 0 */
	f.ram[7][3] = 'x';
	CHECK_OK(gm.src.read(&gm.src, kernel, gva(0x8040205000), &byte, 1));
	CU_ASSERT_EQUAL(f.gets, 4);
	CHECK_OK(gm.src.read(&gm.src, kernel, gva(0x8040207003), &byte, 1));
	CU_ASSERT_EQUAL(byte, 'x');
	CU_ASSERT_EQUAL(f.gets, 5);
	CHECK_ERR(gm.src.read(&gm.src, kernel, gva(0x80403ff000), &byte, 1), ERR_FAULT);
	CHECK_ERR(gm.src.read(&gm.src, kernel, gva(0x8040405000), &byte, 1), ERR_FAULT);
	gmem_flush(&gm);
	set(&f, 3, 1, 0);
	CHECK_ERR(gm.src.read(&gm.src, kernel, gva(0x8040207003), &byte, 1), ERR_FAULT);
}
