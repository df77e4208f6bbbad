/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/meminfo.h"
#include "transcall/kobj/node.h"
#include "transcall/kobj/percpu_counter.h"

#define ZONE_BYTES 64

static struct fake_guest g;
static gva_t node, zone_stat, node_stat;

static void declare_items(void)
{
	static const enum enumerator_id zone[] = {E_NR_FREE_PAGES, E_NR_MLOCK};
	static const enum enumerator_id of_node[] = {
		E_NR_ACTIVE_FILE,        E_NR_INACTIVE_FILE,
		E_NR_SLAB_RECLAIMABLE_B, E_NR_KERNEL_MISC_RECLAIMABLE,
		E_NR_FILE_PAGES,         E_NR_SHMEM,
		E_NR_SWAPCACHE,          E_NR_PAGETABLE};

	for (unsigned i = 0; i < 2; i++)
		fake_enumerator(&g, zone[i], i);
	for (unsigned i = 0; i < 8; i++)
		fake_enumerator(&g, of_node[i], i);
	fake_enumerator(&g, E_NR_VM_ZONE_STAT_ITEMS, 4);
	fake_enumerator(&g, E_NR_VM_NODE_STAT_ITEMS, 8);
}

static void declare_node(void)
{
	fake_field(&g, F_pglist_data_node_zones, 0, 2 * ZONE_BYTES);
	fake_field(&g, F_zone_watermark, 0, 32);
	fake_field(&g, F_zone_watermark_boost, 32, 8);
	g.p.sizes[SIZE_zone] = ZONE_BYTES;
	g.p.sizes[SIZE_nodemask_t] = 8;
	node = fake_alloc(&g, 2 * ZONE_BYTES, 64);
	fake_variable(&g, S_node_data, node.v);
	fake_u64(&g, gva_add(fake_symbol(&g, S_node_states, 64), 8), 1);
}

static void declare_counter(void)
{
	fake_field(&g, F_percpu_counter_count, 0, 8);
	fake_field(&g, F_percpu_counter_counters, 8, 8);
	gva_t counter = fake_symbol(&g, S_vm_committed_as, 64);
	fake_set(&g, counter, F_percpu_counter_counters, fake_alloc(&g, 64, 64).v);
}

/* No block devices, no swap, no huge pages. */
static void set_up(void)
{
	static const enum symbol_id zeros[] = {S_totalreserve_pages,
					       S_total_swap_pages,
					       S_nr_swap_pages,
					       S_nr_swapfiles,
					       S_pcpu_nr_populated,
					       S_pcpu_nr_units,
					       S_sysctl_overcommit_kbytes,
					       S__totalram_pages};

	fake_guest_init(&g);
	declare_items();
	declare_node();
	declare_counter();
	fake_variable(&g, S___cpu_online_mask, 1);
	zone_stat = fake_symbol(&g, S_vm_zone_stat, 4 * 8);
	node_stat = fake_symbol(&g, S_vm_node_stat, 8 * 8);
	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
		fake_variable(&g, zeros[i], 0);
	fake_variable(&g, S_sysctl_overcommit_ratio, 50);
	fake_field(&g, F_super_block_inodes, 0, 16);
	fake_field(&g, F_inode_sb_list, 0, 16);
	fake_field(&g, F_inode_mapping, 16, 8);
	fake_field(&g, F_address_space_nrpages, 0, 8);
	gva_t sb = fake_alloc(&g, 64, 64);
	fake_list(&g, sb);
	fake_variable(&g, S_blockdev_superblock, sb.v);
}

static void set_zone(enum enumerator_id item, uint64_t v)
{
	fake_u64(&g, gva_add(zone_stat, 8 * (uint64_t)g.p.enumerators[item].value), v);
}

static void set_node(enum enumerator_id item, uint64_t v)
{
	fake_u64(&g, gva_add(node_stat, 8 * (uint64_t)g.p.enumerators[item].value), v);
}

static void read_all(struct meminfo *m)
{
	struct vmstat stat;

	CHECK_OK(vmstat_read(&g.k, &stat));
	CHECK_OK(meminfo_read(&g.k, &stat, m));
}

TEST(vmstat, shows_no_negative_counter)
{
	struct vmstat stat;

	set_up();
	set_zone(E_NR_FREE_PAGES, (uint64_t)-3);
	set_node(E_NR_SHMEM, 12);
	CHECK_OK(vmstat_read(&g.k, &stat));
	CU_ASSERT_EQUAL(vmstat_zone(&stat, &g.k, E_NR_FREE_PAGES), 0);
	CU_ASSERT_EQUAL(vmstat_node(&stat, &g.k, E_NR_SHMEM), 12);
	CU_ASSERT_EQUAL(vmstat_node(&stat, &g.k, E_NR_VMALLOC), 0); /* this kernel has none */
}

TEST(vmstat, refuses_too_many_items)
{
	struct vmstat stat;

	set_up();
	fake_enumerator(&g, E_NR_VM_NODE_STAT_ITEMS, VMSTAT_ITEMS_MAX + 1);
	CHECK_ERR(vmstat_read(&g.k, &stat), ERR_PROFILE);
	fake_enumerator(&g, E_NR_VM_NODE_STAT_ITEMS, -1);
	CHECK_ERR(vmstat_read(&g.k, &stat), ERR_PROFILE);
}

TEST(vmstat, sums_events_of_online_cpus)
{
	uint64_t events[VMSTAT_ITEMS_MAX];
	unsigned count;

	set_up();
	fake_enumerator(&g, E_NR_VM_EVENT_ITEMS, 3);
	fake_u64(&g, gva_add(fake_symbol(&g, S_vm_event_states, 64), 16), 5);
	CHECK_OK(vmstat_events(&g.k, events, &count));
	CU_ASSERT_EQUAL(count, 3);
	CU_ASSERT_EQUAL(events[2], 5);
	fake_variable(&g, S___cpu_online_mask, 0);
	CHECK_OK(vmstat_events(&g.k, events, &count));
	CU_ASSERT_EQUAL(events[2], 0);
}

TEST(node, adds_up_low_watermarks_and_boosts)
{
	uint64_t low;

	set_up();
	fake_u64(&g, gva_add(node, 8), 100);
	fake_u64(&g, gva_add(node, 32), 7);
	fake_u64(&g, gva_add(node, ZONE_BYTES + 8), 1000);
	fake_u64(&g, gva_add(node, ZONE_BYTES), 99999); /* the minimum */
	CHECK_OK(node_low_watermarks(&g.k, &low));
	CU_ASSERT_EQUAL(low, 1107);
}

TEST(node, counts_numa_events_that_cpus_keep)
{
	uint64_t pending;

	set_up();
	CHECK_OK(node_numa_pending(&g.k, 1, &pending));
	CU_ASSERT_EQUAL(pending, 0); /* a kernel that counts otherwise */
	fake_field(&g, F_zone_per_cpu_zonestats, 40, 8);
	fake_field(&g, F_per_cpu_zonestat_vm_numa_event, 16, 48);
	for (unsigned i = 0; i < 2; i++) {
		gva_t stats = fake_alloc(&g, 64, 64);

		fake_u64(&g, gva_add(stats, 16 + 8), 4);
		fake_set(&g, gva_add(node, i * ZONE_BYTES), F_zone_per_cpu_zonestats, stats.v);
	}
	CHECK_OK(node_numa_pending(&g.k, 1, &pending));
	CU_ASSERT_EQUAL(pending, 8);
}

TEST(percpu_counter, adds_the_parts_and_is_never_negative)
{
	gva_t counter, parts;
	uint64_t sum;

	set_up();
	counter = gva(g.p.symbols[S_vm_committed_as]);
	parts = fake_alloc(&g, 64, 64);
	fake_set(&g, counter, F_percpu_counter_counters, parts.v);
	fake_set(&g, counter, F_percpu_counter_count, 1000);
	fake_u32(&g, parts, (uint32_t)-30);
	CHECK_OK(percpu_counter_sum(&g.k, counter, &sum));
	CU_ASSERT_EQUAL(sum, 970);
	fake_set(&g, counter, F_percpu_counter_count, 10);
	CHECK_OK(percpu_counter_sum(&g.k, counter, &sum));
	CU_ASSERT_EQUAL(sum, 0);
}

TEST(meminfo, estimates_what_is_available)
{
	struct meminfo m;

	set_up();
	set_zone(E_NR_FREE_PAGES, 10000);
	set_node(E_NR_ACTIVE_FILE, 300);
	set_node(E_NR_INACTIVE_FILE, 700);
	set_node(E_NR_SLAB_RECLAIMABLE_B, 40);
	fake_variable(&g, S_totalreserve_pages, 2000);
	fake_u64(&g, gva_add(node, 8), 100); /* low watermark */
	read_all(&m);
	/* the cache keeps 100 pages, the slab half of its 40 */
	CU_ASSERT_EQUAL(m.available, 8000 + 900 + 20);
	fake_variable(&g, S_totalreserve_pages, 20000);
	read_all(&m);
	CU_ASSERT_EQUAL(m.available, 0);
}

TEST(meminfo, takes_swap_cache_and_buffers_off_the_cache)
{
	struct meminfo m;

	set_up();
	set_node(E_NR_FILE_PAGES, 500);
	set_node(E_NR_SWAPCACHE, 100);
	gva_t sb, inode = fake_alloc(&g, 64, 64), mapping = fake_alloc(&g, 64, 64);
	sb = fake_alloc(&g, 64, 64);
	fake_list(&g, sb);
	fake_list_add(&g, sb, inode);
	fake_set(&g, inode, F_inode_mapping, mapping.v);
	fake_set(&g, mapping, F_address_space_nrpages, 30);
	fake_variable(&g, S_blockdev_superblock, sb.v);
	read_all(&m);
	CU_ASSERT_EQUAL(m.buffers, 30);
	CU_ASSERT_EQUAL(m.cached, 370);
	CU_ASSERT_EQUAL(m.swap_cached, 100);
	set_node(E_NR_FILE_PAGES, 50);
	read_all(&m);
	CU_ASSERT_EQUAL(m.cached, 0);
}

TEST(meminfo, computes_the_commit_limit)
{
	struct meminfo m;

	set_up();
	fake_variable(&g, S__totalram_pages, 1000);
	fake_variable(&g, S_total_swap_pages, 77);
	read_all(&m);
	CU_ASSERT_EQUAL(m.commit_limit, 577);
	fake_variable(&g, S_sysctl_overcommit_kbytes, 400);
	read_all(&m);
	CU_ASSERT_EQUAL(m.commit_limit, 177);
}

TEST(meminfo, finds_page_tables_in_zone_or_node)
{
	struct meminfo m;

	set_up();
	fake_u64(&g, gva_add(node_stat, 8 * 7), 55);
	read_all(&m);
	CU_ASSERT_EQUAL(m.page_tables, 55);
	fake_enumerator(&g, E_NR_PAGETABLE, 3);
	fake_u64(&g, gva_add(zone_stat, 8 * 3), 44);
	read_all(&m);
	CU_ASSERT_EQUAL(m.page_tables, 44);
}

TEST(meminfo, knows_both_sizes_of_the_vmalloc_area)
{
	uint64_t kb;

	set_up();
	CHECK_OK(meminfo_vmalloc_kb(&g.k, &kb));
	CU_ASSERT_EQUAL(kb, 34359738367);
	fake_variable(&g, S___pgtable_l5_enabled, 1);
	CHECK_OK(meminfo_vmalloc_kb(&g.k, &kb));
	CU_ASSERT_EQUAL(kb, 13743895347199);
}

TEST(hugetlb, separates_the_default_size)
{
	struct hugetlb h;

	set_up();
	CHECK_OK(hugetlb_read(&g.k, &h));
	CU_ASSERT(!h.present);
	fake_field(&g, F_hstate_order, 0, 4);
	fake_field(&g, F_hstate_nr_huge_pages, 8, 8);
	fake_field(&g, F_hstate_free_huge_pages, 16, 8);
	fake_field(&g, F_hstate_resv_huge_pages, 24, 8);
	fake_field(&g, F_hstate_surplus_huge_pages, 32, 8);
	g.p.sizes[SIZE_hstate] = 64;
	gva_t pools = fake_symbol(&g, S_hstates, 128);
	fake_variable(&g, S_hugetlb_max_hstate, 2);
	fake_variable(&g, S_default_hstate_idx, 1);
	fake_set(&g, pools, F_hstate_order, 18);
	fake_set(&g, pools, F_hstate_nr_huge_pages, 1);
	fake_set(&g, gva_add(pools, 64), F_hstate_order, 9);
	fake_set(&g, gva_add(pools, 64), F_hstate_nr_huge_pages, 3);
	fake_set(&g, gva_add(pools, 64), F_hstate_free_huge_pages, 2);
	CHECK_OK(hugetlb_read(&g.k, &h));
	CU_ASSERT_EQUAL(h.total, 3);
	CU_ASSERT_EQUAL(h.free, 2);
	CU_ASSERT_EQUAL(h.size_kb, 2048);
	CU_ASSERT_EQUAL(h.all_kb, 1048576 + 3 * 2048);
	fake_set(&g, pools, F_hstate_order, 63);
	CHECK_ERR(hugetlb_read(&g.k, &h), ERR_FAULT);
}

static gva_t add_swap_area(unsigned number, uint64_t flags, uint64_t used)
{
	gva_t area = fake_alloc(&g, 64, 64);

	fake_field(&g, F_swap_info_flags, 0, 8);
	fake_field(&g, F_swap_info_inuse_pages, 8, 8);
	fake_field(&g, F_swap_info_pages, 16, 4);
	fake_field(&g, F_swap_info_prio, 20, 2);
	fake_field(&g, F_swap_info_swap_file, 24, 8);
	fake_set(&g, area, F_swap_info_flags, flags);
	fake_set(&g, area, F_swap_info_inuse_pages, used);
	fake_set(&g, area, F_swap_info_pages, 500);
	fake_set(&g, area, F_swap_info_prio, (uint16_t)-2);
	fake_set(&g, area, F_swap_info_swap_file, 0x1000);
	if (!g.p.has_symbol[S_swap_info])
		fake_symbol(&g, S_swap_info, 8 * SWAP_AREAS_MAX);
	fake_u64(&g, gva_add(gva(g.p.symbols[S_swap_info]), 8 * number), area.v);
	fake_variable(&g, S_nr_swapfiles, number + 1);
	return area;
}

TEST(swap, counts_areas_that_are_being_emptied)
{
	struct swap_totals totals;
	struct swap_area area;

	set_up();
	fake_variable(&g, S_total_swap_pages, 1000);
	fake_variable(&g, S_nr_swap_pages, 600);
	add_swap_area(0, 3, 400);                    /* in use */
	add_swap_area(1, 1, UINT64_C(1) << 62 | 25); /* leaving; bit 62 is a flag */
	CHECK_OK(swap_totals_read(&g.k, &totals));
	CU_ASSERT_EQUAL(totals.total, 1025);
	CU_ASSERT_EQUAL(totals.free, 625);
	CHECK_OK(swap_area_read(&g.k, 0, &area));
	CU_ASSERT_EQUAL(area.used, 400);
	CU_ASSERT_EQUAL(area.pages, 500);
	CU_ASSERT_EQUAL(area.priority, -2);
	CHECK_ERR(swap_area_read(&g.k, 2, &area), ERR_ABSENT);
	fake_variable(&g, S_nr_swapfiles, UINT32_MAX);
	CHECK_ERR(swap_area_read(&g.k, SWAP_AREAS_MAX, &area), ERR_ABSENT);
}

TEST(swap, finds_the_size_of_compressed_swap)
{
	struct swap_compressed z;

	set_up();
	fake_variable(&g, S_zswap_stored_pages, UINT64_C(0xdead) << 32 | 9);
	CHECK_OK(swap_compressed_read(&g.k, &z));
	CU_ASSERT(!z.present); /* not shown before 5.19 */
	fake_enumerator(&g, E_ZSWPIN, 1);
	fake_field(&g, F_zswap_pool_list, 8, 16);
	fake_field(&g, F_zswap_pool_zs_pool, 0, 8);
	fake_field(&g, F_zs_pool_pages_allocated, 16, 8);
	gva_t pools = fake_symbol(&g, S_zswap_pools, 16), pool = fake_alloc(&g, 64, 64);
	gva_t allocator = fake_alloc(&g, 64, 64);
	fake_list(&g, pools);
	CHECK_OK(swap_compressed_read(&g.k, &z));
	CU_ASSERT(z.present);
	CU_ASSERT_EQUAL(z.pool_bytes, 0);
	CU_ASSERT_EQUAL(z.stored_pages, 9);
	fake_list_add(&g, pools, gva_add(pool, 8));
	fake_set(&g, pool, F_zswap_pool_zs_pool, allocator.v);
	fake_set(&g, allocator, F_zs_pool_pages_allocated, 6);
	CHECK_OK(swap_compressed_read(&g.k, &z));
	CU_ASSERT_EQUAL(z.pool_bytes, 6 * 4096);
	fake_variable(&g, S_zswap_pool_total_size, 12345);
	CHECK_OK(swap_compressed_read(&g.k, &z));
	CU_ASSERT_EQUAL(z.pool_bytes, 12345);
}
