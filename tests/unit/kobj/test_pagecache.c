/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/pagecache.h"

#include <string.h>

#define TMPFS     0x01021994
#define EXT4      0xef53
#define UPTODATE  2
#define PAGE_SIZE 64 /* of struct page */
#define PAGES     128
#define NODE_SIZE 544

static struct fake_guest g;
static gva_t inode, mapping, sb;

static void set_up(uint64_t magic)
{
	fake_guest_init(&g);
	g.p.sizes[SIZE_page] = PAGE_SIZE;
	fake_field(&g, F_inode_mapping, 0, 8);
	fake_field(&g, F_inode_sb, 8, 8);
	fake_field(&g, F_address_space_head, 0, 8);
	fake_field(&g, F_super_block_magic, 0, 8);
	fake_field(&g, F_page_flags, 0, 8);
	fake_field(&g, F_page_index, 32, 8);
	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 24, 512);
	fake_enumerator(&g, E_PG_uptodate, UPTODATE);
	inode = fake_alloc(&g, 64, 64);
	mapping = fake_alloc(&g, 64, 64);
	sb = fake_alloc(&g, 64, 64);
	fake_set(&g, inode, F_inode_mapping, mapping.v);
	fake_set(&g, inode, F_inode_sb, sb.v);
	fake_set(&g, sb, F_super_block_magic, magic);
	g.k.vmemmap = fake_alloc(&g, PAGES * PAGE_SIZE, 64);
}

/* The struct page of a frame full of @fill, which is page @index of the file. */
static gva_t cached_page(char fill, uint64_t index)
{
	char bytes[FRAME_BYTES];
	gva_t at = fake_alloc(&g, FRAME_BYTES, FRAME_BYTES);
	gva_t page = kernel_page_of(&g.k, gfn((at.v - FAKE_BASE) / FRAME_BYTES));

	memset(bytes, fill, sizeof(bytes));
	fake_write(&g, at, bytes, sizeof(bytes));
	fake_set(&g, page, F_page_flags, 1u << UPTODATE);
	fake_set(&g, page, F_page_index, index);
	return page;
}

static gva_t slot(gva_t node, unsigned number)
{
	return gva_add(node, 24 + 8 * number);
}

static gva_t add_node(void)
{
	gva_t node = fake_alloc(&g, NODE_SIZE, 64);

	fake_set(&g, mapping, F_address_space_head, node.v | 2);
	return node;
}

TEST(pagecache, reads_across_pages)
{
	char text[8];

	set_up(EXT4);
	gva_t node = add_node();
	fake_u64(&g, slot(node, 0), cached_page('a', 0).v);
	fake_u64(&g, slot(node, 1), cached_page('b', 1).v);
	CHECK_OK(pagecache_read(&g.k, inode, FRAME_BYTES - 3, text, 6));
	CU_ASSERT_NSTRING_EQUAL(text, "aaabbb", 6);
}

TEST(pagecache, finds_the_only_page_in_the_root)
{
	char text[2];

	set_up(EXT4);
	fake_set(&g, mapping, F_address_space_head, cached_page('x', 0).v);
	CHECK_OK(pagecache_read(&g.k, inode, 7, text, 2));
	CU_ASSERT_NSTRING_EQUAL(text, "xx", 2);
	CHECK_ERR(pagecache_read(&g.k, inode, FRAME_BYTES, text, 2), ERR_ABSENT);
}

TEST(pagecache, says_absent_for_what_is_on_disk)
{
	char text[4];

	set_up(EXT4);
	gva_t node = add_node();
	CHECK_ERR(pagecache_read(&g.k, inode, 0, text, 4), ERR_ABSENT);
	gva_t page = cached_page('a', 0);
	fake_u64(&g, slot(node, 0), page.v);
	fake_set(&g, page, F_page_flags, 0); /* being read in */
	CHECK_ERR(pagecache_read(&g.k, inode, 0, text, 4), ERR_ABSENT);
}

TEST(pagecache, reads_holes_of_memory_files_as_zeros)
{
	char text[4] = "!!!";

	set_up(TMPFS);
	gva_t node = add_node();
	fake_u64(&g, slot(node, 1), cached_page('z', 1).v);
	CHECK_OK(pagecache_read(&g.k, inode, FRAME_BYTES - 2, text, 4));
	CU_ASSERT(memcmp(text, "\0\0zz", 4) == 0);
}

TEST(pagecache, never_takes_a_swapped_page_for_a_hole)
{
	char text[4];

	set_up(TMPFS);
	gva_t node = add_node();
	fake_u64(&g, slot(node, 0), 0x1235); /* a value */
	CHECK_ERR(pagecache_read(&g.k, inode, 0, text, 4), ERR_ABSENT);
}

TEST(pagecache, finds_later_pages_of_a_large_folio)
{
	char text[2];

	set_up(TMPFS);
	gva_t node = add_node(), head = cached_page('0', 4);
	cached_page('1', 0); /* the frames that follow */
	cached_page('2', 0);
	fake_u64(&g, slot(node, 4), head.v);
	for (unsigned i = 5; i < 8; i++)
		fake_u64(&g, slot(node, i), 4 << 2 | 2); /* as slot 4 */
	CHECK_OK(pagecache_read(&g.k, inode, 6 * FRAME_BYTES, text, 2));
	CU_ASSERT_NSTRING_EQUAL(text, "22", 2);
}

TEST(pagecache, notices_a_page_that_moved)
{
	char text[2];

	set_up(TMPFS);
	gva_t node = add_node();
	fake_u64(&g, slot(node, 2), cached_page('a', 9).v);
	CHECK_ERR(pagecache_read(&g.k, inode, 2 * FRAME_BYTES, text, 2), ERR_RACE);
}
