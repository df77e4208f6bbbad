/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_pages.h"
#include "transcall/kobj/thp.h"

#define ALWAYS  2 /* bits of transparent_hugepage_flags */
#define MADVISE 4
#define PMD     (1u << 9)

static struct fake_guest g;
static struct fake_pages p;
static struct vma v;

static void set_up(uint64_t pages, uint64_t flags, uint64_t setting)
{
	fake_guest_init(&g);
	fake_pages_init(&g, &p);
	v = fake_area(&g, pages, flags);
	fake_variable(&g, S_transparent_hugepage_flags, setting);
	fake_variable(&g, S_shmem_huge, 0);
}

/* As since 6.8: one setting for each size. */
static void set_sizes(uint64_t always, uint64_t inherit)
{
	fake_variable(&g, S_huge_anon_orders_always, always);
	fake_variable(&g, S_huge_anon_orders_madvise, 0);
	fake_variable(&g, S_huge_anon_orders_inherit, inherit);
}

static void check(bool expected)
{
	bool eligible = !expected;

	CHECK_OK(thp_eligible(&g.k, p.mm, &v, &eligible));
	CU_ASSERT_EQUAL(eligible, expected);
}

TEST(thp, needs_room_for_an_aligned_page)
{
	set_up(512, VMA_READ | VMA_WRITE, ALWAYS);
	check(true);
	v.end -= 4096;
	check(false);
	v.end += 512 * 4096;
	v.start += 4096;
	check(false);
	v.end += 4096;
	check(true);
}

TEST(thp, follows_the_settings_and_the_advice)
{
	set_up(512, VMA_READ, MADVISE);
	check(false);
	v.flags |= VMA_HUGEPAGE;
	check(true);
	v.flags = VMA_NOHUGEPAGE;
	fake_variable(&g, S_transparent_hugepage_flags, ALWAYS);
	check(false);
	v.flags = 0;
	fake_set(&g, p.mm, F_mm_struct_flags, 1u << 24);
	check(false);
	fake_set(&g, p.mm, F_mm_struct_flags, 0);
	fake_variable(&g, S_transparent_hugepage_flags, ALWAYS | 1); /* the processor cannot */
	check(false);
	fake_variable(&g, S_transparent_hugepage_flags, ALWAYS);
	v.flags = VMA_GROWSDOWN | VMA_SEQ_READ | VMA_RAND_READ; /* exec() is at work */
	check(false);
}

TEST(thp, knows_smaller_sizes)
{
	set_up(16, VMA_READ, ALWAYS);
	set_sizes(0, PMD);
	check(false);
	set_sizes(1u << 4, PMD);
	check(true);
	v.end -= 4096;
	check(false);
	set_sizes(1u << 1, 0); /* too small for anonymous memory */
	check(false);
}

/* A file of 4 MiB on tmpfs, mounted with huge=@option. */
static void map_file(uint64_t option, uint64_t magic)
{
	gva_t file = fake_alloc(&g, 512, 64), inode = fake_alloc(&g, 1024, 64);
	gva_t sb = fake_alloc(&g, 512, 64), mapping = fake_alloc(&g, 512, 64);
	gva_t info = fake_alloc(&g, 512, 64);

	v.ops = fake_alloc(&g, 512, 64);
	v.file = file;
	fake_set(&g, file, F_file_inode, inode.v);
	fake_set(&g, inode, F_inode_sb, sb.v);
	fake_set(&g, inode, F_inode_mapping, mapping.v);
	fake_set(&g, inode, F_inode_size, 4u << 20);
	fake_set(&g, inode, F_inode_mode, 0100644);
	fake_set(&g, sb, F_super_block_magic, magic);
	fake_set(&g, sb, F_super_block_fs_info, info.v);
	fake_set(&g, info, F_shmem_sb_info_huge, option);
	fake_set(&g, mapping, F_address_space_flags, 9u << 21); /* orders 0 to 9 */
}

TEST(thp, asks_the_mount_of_a_file_in_memory)
{
	set_up(512, VMA_READ, 0);
	v.page = v.start / 4096;
	map_file(0, 0x01021994);
	check(false);
	map_file(1, 0x01021994);
	check(true);
	map_file(2, 0x01021994); /* within the size: of which the area is not */
	check(false);
	map_file(3, 0x01021994);
	check(false);
	v.flags |= VMA_HUGEPAGE;
	check(true);
	v.page++; /* not aligned */
	check(false);
	v.page--;
	fake_variable(&g, S_shmem_huge, UINT32_MAX); /* deny */
	check(false);
	fake_variable(&g, S_shmem_huge, UINT32_MAX - 1); /* force */
	map_file(0, 0x01021994);
	check(true);
}

TEST(thp, asks_recent_file_systems)
{
	set_up(512, VMA_READ, ALWAYS);
	v.page = v.start / 4096;
	map_file(0, 0xef53);
	check(false);
	set_sizes(0, PMD);
	check(false);
	fake_enumerator(&g, E_TVA_SMAPS, 0);
	fake_enumerator(&g, E_AS_FOLIO_ORDER_MIN, 16);
	fake_enumerator(&g, E_AS_FOLIO_ORDER_MAX, 21);
	check(true);
	fake_variable(&g, S_transparent_hugepage_flags, 0);
	check(false);
}

TEST(thp, takes_any_numbers)
{
	set_up(0, UINT64_MAX, UINT64_MAX);
	v.start = UINT64_MAX;
	v.end = 4096;
	check(false);
	set_sizes(UINT64_MAX, UINT64_MAX);
	check(false);
}
