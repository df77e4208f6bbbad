/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_pages.h"
#include "transcall/kobj/kpage.h"
#include "transcall/kobj/memuse.h"
#include "transcall/kobj/numause.h"
#include "transcall/kobj/pagetable.h"

#define AT     FAKE_USER_AT
#define ANON   0x1001u /* a mapping whose bit 0 is set */
#define FILE_  0x1000u
#define DIRTY  (UINT64_C(1) << 6)
#define BIT(n) (UINT64_C(1) << (n))
#define TMPFS  0x01021994u

static struct fake_guest g;
static struct fake_pages p;
static struct memuse sum;
static struct vma v;

static void set_up(uint64_t pages, uint64_t flags)
{
	fake_guest_init(&g);
	fake_pages_init(&g, &p);
	v = fake_area(&g, pages, flags);
	sum = (struct memuse){0};
}

/* Page @number of the area is @frame. */
static void map(unsigned number, uint64_t frame, uint64_t bits)
{
	fake_pte(&g, &p, 0, AT + (uint64_t)number * PAGE_BYTES, fake_pte_of(frame, bits));
}

TEST(memuse, tells_shared_from_private_and_dirty_from_clean)
{
	set_up(4, VMA_READ);
	fake_page(&g, 10, 0, FILE_, 1);
	fake_page(&g, 11, 0, FILE_, 4);
	fake_page(&g, 12, BIT(FAKE_SWAPBACKED), ANON, 2);
	fake_page(&g, 13, BIT(FAKE_SWAPBACKED) | BIT(FAKE_REFERENCED), FILE_, 1);
	map(0, 10, 0);
	map(1, 11, PTE_ACCESSED);
	map(2, 12, DIRTY);
	map(3, 13, 0);
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.resident, 4 * PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.private_clean, 2 * PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.shared_clean, PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.shared_dirty, PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.anonymous, PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.referenced, 2 * PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.pss >> MEMUSE_PSS_SHIFT,
			2 * PAGE_BYTES + PAGE_BYTES / 4 + PAGE_BYTES / 2);
	CU_ASSERT_EQUAL(sum.pss_file >> MEMUSE_PSS_SHIFT, PAGE_BYTES + PAGE_BYTES / 4);
	CU_ASSERT_EQUAL(sum.pss_shmem >> MEMUSE_PSS_SHIFT, PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.pss_anon, sum.pss_dirty);
}

TEST(memuse, does_not_count_zero_pages_nor_marks)
{
	set_up(3, VMA_READ);
	map(0, 10, PTE_SPECIAL);
	fake_pte(&g, &p, 0, AT + PAGE_BYTES, fake_pte_swapped(PTE_MARKER_TYPE, 1));
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.resident + sum.swap, 0);
}

TEST(memuse, counts_a_huge_page_by_its_parts)
{
	set_up(512, VMA_READ | VMA_LOCKED);
	gva_t head = fake_page(&g, 512, BIT(FAKE_HEAD) | BIT(FAKE_SWAPBACKED), ANON, 0);
	for (unsigned i = 1; i < 512; i++)
		fake_page(&g, 512 + i, 0, 0, 0);
	fake_set(&g, head, F_page_refcount, 3);
	fake_set(&g, head, F_folio_entire_mapcount, 0); /* one mapping */
	fake_page(&g, 515, 0, 0, 1);                    /* and one of this page alone */
	fake_pte(&g, &p, 1, AT, fake_pte_of(512, PTE_HUGE));
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.anonymous_thp, 512 * PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.private_clean, 511 * PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.shared_clean, PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.pss_locked, sum.pss);
	/* the huge zero page is nobody's */
	fake_variable(&g, S_huge_zero_pfn, 512);
	sum = (struct memuse){0};
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.resident, 0);
}

TEST(memuse, finds_the_folio_of_a_tail_page)
{
	set_up(1, VMA_READ);
	gva_t head = fake_page(&g, 512, BIT(FAKE_HEAD) | BIT(FAKE_DIRTY), FILE_, 1);
	gva_t tail = fake_page(&g, 514, 0, 0, 1);
	fake_set(&g, head, F_folio_entire_mapcount, UINT32_MAX); /* none */
	map(0, 514, 0);
	struct kpage page;

	fake_set(&g, tail, F_page_compound_head, head.v | 1);
	CHECK_OK(kpage_read(&g.k, gfn(514), &page));
	CU_ASSERT_EQUAL(page.head.v, head.v);
	CU_ASSERT(page.is_large);
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.private_dirty, PAGE_BYTES);
	/* as a mask */
	fake_set(&g, tail, F_page_compound_head, ~UINT64_C(0xfff) | 1);
	CHECK_OK(kpage_read(&g.k, gfn(514), &page));
	CU_ASSERT_EQUAL(page.head.v, tail.v & ~UINT64_C(0xfff));
}

TEST(memuse, counts_mappings_as_kernels_did_until_6_1)
{
	int32_t mappings;
	struct kpage page;

	set_up(1, VMA_READ);
	g.p.fields[F_folio_entire_mapcount].size_bytes = 0;
	fake_field(&g, F_page_compound_mapcount, 20, 4);
	fake_enumerator(&g, E_PG_double_map, FAKE_ACTIVE);
	gva_t head = fake_page(&g, 512, BIT(FAKE_HEAD), ANON, 2);
	gva_t second = gva_add(head, FAKE_STRUCT_PAGE);
	fake_set(&g, second, F_page_compound_mapcount, 2); /* three */
	CHECK_OK(kpage_read(&g.k, gfn(512), &page));
	CHECK_OK(kpage_mappings(&g.k, &page, false, &mappings));
	CU_ASSERT_EQUAL(mappings, 5);
	fake_set(&g, second, F_page_flags, BIT(FAKE_ACTIVE));
	CHECK_OK(kpage_mappings(&g.k, &page, false, &mappings));
	CU_ASSERT_EQUAL(mappings, 4);
	page.mapping = FILE_;
	CHECK_OK(kpage_mappings(&g.k, &page, false, &mappings));
	CU_ASSERT_EQUAL(mappings, 2);
}

TEST(memuse, counts_swapped_pages_and_their_users)
{
	const uint8_t two_and_cached = 0x42, continued = 0x81;

	set_up(2, VMA_READ);
	fake_swap(&g, &p);
	fake_write(&g, gva_add(p.swap_map, 5), &two_and_cached, 1);
	fake_pte(&g, &p, 0, AT, fake_pte_swapped(0, 4));
	fake_pte(&g, &p, 0, AT + PAGE_BYTES, fake_pte_swapped(0, 5));
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.swap, 2 * PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.swap_pss >> MEMUSE_PSS_SHIFT, PAGE_BYTES + PAGE_BYTES / 2);
	fake_write(&g, gva_add(p.swap_map, 5), &continued, 1);
	CHECK_ERR(memuse_add(&g.k, p.mm, &v, &sum), ERR_ABSENT);
	fake_pte(&g, &p, 0, AT, fake_pte_swapped(0, FAKE_SWAP_SLOTS));
	CHECK_ERR(memuse_add(&g.k, p.mm, &v, &sum), ERR_RACE);
}

TEST(memuse, counts_users_in_tables_of_clusters)
{
	set_up(1, VMA_READ);
	fake_swap(&g, &p);
	g.p.fields[F_swap_info_swap_map].size_bytes = 0;
	gva_t area, cluster = fake_alloc(&g, 64, 64), table = fake_alloc(&g, PAGE_BYTES, 64);
	gva_t extended = fake_alloc(&g, 4 * 512, 64);

	CHECK_OK(kread_ptr(&g.k, kernel_symbol(&g.k, S_swap_info), &area));
	fake_field(&g, F_swap_info_cluster_info, 200, 8);
	fake_field(&g, F_swap_cluster_info_table, 8, 8);
	fake_field(&g, F_swap_cluster_info_extend_table, 16, 8);
	g.p.sizes[SIZE_swap_cluster_info] = 64;
	fake_set(&g, area, F_swap_info_cluster_info, cluster.v);
	fake_set(&g, cluster, F_swap_cluster_info_table, table.v);
	fake_set(&g, cluster, F_swap_cluster_info_extend_table, extended.v);
	fake_u64(&g, gva_add(table, 8 * 4), UINT64_C(4) << 60 | 1);
	fake_pte(&g, &p, 0, AT, fake_pte_swapped(0, 4));
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.swap_pss >> MEMUSE_PSS_SHIFT, PAGE_BYTES / 4);
	fake_u64(&g, gva_add(table, 8 * 4), UINT64_C(15) << 60 | 1);
	fake_u32(&g, gva_add(extended, 4 * 4), 32);
	sum = (struct memuse){0};
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.swap_pss >> MEMUSE_PSS_SHIFT, PAGE_BYTES / 32);
}

TEST(memuse, says_so_when_a_page_is_on_the_move_or_nowhere)
{
	set_up(1, VMA_READ);
	fake_pte(&g, &p, 0, AT, fake_pte_swapped(28, 4));
	CHECK_ERR(memuse_add(&g.k, p.mm, &v, &sum), ERR_RACE);
	map(0, UINT64_C(1) << 30, 0);
	CHECK_ERR(memuse_add(&g.k, p.mm, &v, &sum), ERR_FAULT);
}

/* Pages 0, 2 and 3 of a file in memory are in swap. */
static void map_shmem(void)
{
	gva_t file = fake_alloc(&g, 512, 64), inode = fake_alloc(&g, 1024, 64);
	gva_t sb = fake_alloc(&g, 512, 64), mapping = fake_alloc(&g, 512, 64);
	gva_t info = kfield_container(&g.k, inode, F_shmem_inode_info_vfs_inode);
	gva_t node = fake_alloc(&g, 544, 64);

	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 24, 512);
	fake_set(&g, file, F_file_inode, inode.v);
	fake_set(&g, inode, F_inode_sb, sb.v);
	fake_set(&g, inode, F_inode_mapping, mapping.v);
	fake_set(&g, inode, F_inode_size, 8 * PAGE_BYTES);
	fake_set(&g, sb, F_super_block_magic, TMPFS);
	fake_set(&g, mapping, F_address_space_head, node.v | 2);
	fake_set(&g, info, F_shmem_inode_info_swapped, 3);
	fake_u64(&g, gva_add(node, 24), 0x11);
	fake_u64(&g, gva_add(node, 24 + 16), 0x21);
	fake_u64(&g, gva_add(node, 24 + 24), 0x31);
	v.file = file;
}

TEST(memuse, counts_what_a_file_in_memory_has_in_swap)
{
	set_up(3, VMA_READ | VMA_SHARED);
	map_shmem();
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.swap, 2 * PAGE_BYTES); /* of its first three pages */
	v.end = v.start + 8 * PAGE_BYTES;
	sum = (struct memuse){0};
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.swap, 3 * PAGE_BYTES);
	/* private and writable: a page that was written is its own, whatever the file has */
	v.flags = VMA_READ | VMA_WRITE;
	fake_page(&g, 10, BIT(FAKE_SWAPBACKED), ANON, 1);
	map(2, 10, DIRTY);
	sum = (struct memuse){0};
	CHECK_OK(memuse_add(&g.k, p.mm, &v, &sum));
	CU_ASSERT_EQUAL(sum.swap, 2 * PAGE_BYTES);
	CU_ASSERT_EQUAL(sum.private_dirty, PAGE_BYTES);
}

TEST(numause, counts_pages_by_node)
{
	struct numause n;

	set_up(3, VMA_READ);
	g.p.sizes[SIZE_nodemask] = 128; /* 1024 nodes: 10 bits */
	fake_page(&g, 10, BIT(FAKE_ACTIVE) | UINT64_C(2) << 54, ANON, 3);
	fake_page(&g, 11, 0, FILE_, 1);
	fake_page(&g, 12, BIT(FAKE_RESERVED), 0, 1);
	map(0, 10, DIRTY);
	map(1, 11, 0);
	map(2, 12, 0);
	CHECK_OK(numause_read(&g.k, p.mm, &v, &n));
	CU_ASSERT_EQUAL(n.pages, 2);
	CU_ASSERT_EQUAL(n.anon, 1);
	CU_ASSERT_EQUAL(n.dirty, 1);
	CU_ASSERT_EQUAL(n.active, 1);
	CU_ASSERT_EQUAL(n.mapcount_max, 3);
	CU_ASSERT_EQUAL(n.node[0], 1);
	CU_ASSERT_EQUAL(n.node[2], 1);
	fake_page(&g, 11, UINT64_MAX << 54, FILE_, 1);
	CHECK_ERR(numause_read(&g.k, p.mm, &v, &n), ERR_ABSENT);
}
