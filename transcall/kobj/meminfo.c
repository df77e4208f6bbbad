/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory use (fs/proc/meminfo.c, mm/show_mem.c, mm/util.c). Input: attacker-controlled. */
#include "transcall/kobj/meminfo.h"

#include "transcall/kobj/list.h"
#include "transcall/kobj/node.h"
#include "transcall/kobj/percpu_counter.h"

#define PAGE_SHIFT_KB 2                       /* kB to pages */
#define LA57_KB       (UINT64_C(12800) << 30) /* VMALLOC_SIZE_TB_L5, arch/x86 pgtable_64_types.h */
#define FOUR_LEVEL_KB (UINT64_C(32) << 30)    /* VMALLOC_SIZE_TB_L4 */

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* si_mem_available() */
static const struct err *available(const struct kernel *k, const struct vmstat *stat, uint64_t *ret)
{
	uint64_t reserve, low;

	TRY(kread_u64(k, kernel_symbol(k, S_totalreserve_pages), &reserve));
	TRY(node_low_watermarks(k, &low));
	uint64_t cache =
		vmstat_node(stat, k, E_NR_ACTIVE_FILE) + vmstat_node(stat, k, E_NR_INACTIVE_FILE);
	uint64_t reclaimable = vmstat_node(stat, k, E_NR_SLAB_RECLAIMABLE_B) +
			       vmstat_node(stat, k, E_NR_KERNEL_MISC_RECLAIMABLE);
	uint64_t pages = vmstat_zone(stat, k, E_NR_FREE_PAGES) - reserve;

	pages += cache - min_u64(cache / 2, low);
	pages += reclaimable - min_u64(reclaimable / 2, low);
	*ret = (int64_t)pages > 0 ? pages : 0;
	return NULL;
}

/* nr_blockdev_pages(): the page cache of block devices, one inode each. */
static const struct err *buffers(const struct kernel *k, uint64_t *ret)
{
	struct list_iter inodes;
	gva_t sb, link;

	*ret = 0;
	TRY(kread_ptr(k, kernel_symbol(k, S_blockdev_superblock), &sb));
	TRY(list_init(&inodes, k, kfield_at(k, sb, F_super_block_inodes)));
	for (;;) {
		uint64_t pages;
		gva_t mapping;

		TRY(list_next(&inodes, k, &link));
		if (gva_is_null(link))
			return NULL;
		gva_t inode = kfield_container(k, link, F_inode_sb_list);
		TRY(kfield_ptr(k, inode, F_inode_mapping, &mapping));
		TRY(kfield_uint(k, mapping, F_address_space_nrpages, &pages));
		*ret += pages;
	}
}

/* vm_commit_limit() */
static const struct err *commit_limit(const struct kernel *k, const struct meminfo *m,
				      uint64_t *ret)
{
	uint64_t kbytes, swap;
	uint32_t ratio;

	TRY(kread_u64(k, kernel_symbol(k, S_sysctl_overcommit_kbytes), &kbytes));
	TRY(kread_u32(k, kernel_symbol(k, S_sysctl_overcommit_ratio), &ratio));
	TRY(kread_u64(k, kernel_symbol(k, S_total_swap_pages), &swap));
	uint64_t huge = m->huge.all_kb >> PAGE_SHIFT_KB;
	*ret = kbytes ? kbytes >> PAGE_SHIFT_KB : (m->total - huge) * ratio / 100;
	*ret += swap;
	return NULL;
}

static const struct err *cached(const struct kernel *k, const struct vmstat *stat,
				struct meminfo *ret)
{
	if (k->profile->enumerators[E_NR_SWAPCACHE].present)
		ret->swap_cached = vmstat_node(stat, k, E_NR_SWAPCACHE);
	else
		TRY(swap_cached(k, &ret->swap_cached));
	uint64_t pages = vmstat_node(stat, k, E_NR_FILE_PAGES) - ret->swap_cached - ret->buffers;
	ret->cached = (int64_t)pages > 0 ? pages : 0;
	return NULL;
}

/* pcpu_nr_pages(), and what only counters outside vm_stat tell. */
static const struct err *used_by_kernel(const struct kernel *k, const struct vmstat *stat,
					struct meminfo *ret)
{
	gva_t vmalloc = kernel_symbol(k, S_nr_vmalloc_pages);
	uint32_t units;

	TRY(kread_u64(k, kernel_symbol(k, S_pcpu_nr_populated), &ret->percpu));
	TRY(kread_u32(k, kernel_symbol(k, S_pcpu_nr_units), &units));
	ret->percpu = (uint32_t)ret->percpu * (uint64_t)units;
	ret->vmalloc_used = vmstat_node(stat, k, E_NR_VMALLOC);
	if (!gva_is_null(vmalloc))
		TRY(kread_u64(k, vmalloc, &ret->vmalloc_used));
	/* A zone's item until 5.10, of few; then one of the many of a node. */
	bool of_zone = k->profile->enumerators[E_NR_PAGETABLE].value < (int64_t)stat->zone_count;
	ret->page_tables = of_zone ? vmstat_zone(stat, k, E_NR_PAGETABLE)
				   : vmstat_node(stat, k, E_NR_PAGETABLE);
	return NULL;
}

const struct err *meminfo_read(const struct kernel *k, const struct vmstat *stat,
			       struct meminfo *ret)
{
	TRY(kread_u64(k, kernel_symbol(k, S__totalram_pages), &ret->total));
	ret->free = vmstat_zone(stat, k, E_NR_FREE_PAGES);
	ret->shared = vmstat_node(stat, k, E_NR_SHMEM);
	TRY(buffers(k, &ret->buffers));
	TRY(cached(k, stat, ret));
	TRY(available(k, stat, &ret->available));
	TRY(swap_totals_read(k, &ret->swap));
	TRY(swap_compressed_read(k, &ret->zswap));
	TRY(hugetlb_read(k, &ret->huge));
	TRY(used_by_kernel(k, stat, ret));
	TRY(commit_limit(k, ret, &ret->commit_limit));
	return percpu_counter_sum(k, kernel_symbol(k, S_vm_committed_as), &ret->committed);
}

const struct err *meminfo_vmalloc_kb(const struct kernel *k, uint64_t *ret)
{
	gva_t at = kernel_symbol(k, S___pgtable_l5_enabled);
	uint32_t five_levels = 0;

	if (!gva_is_null(at))
		TRY(kread_u32(k, at, &five_levels));
	*ret = (five_levels ? LA57_KB : FOUR_LEVEL_KB) - 1; /* VMALLOC_END is inclusive */
	return NULL;
}

const struct err *meminfo_direct_read(const struct kernel *k, struct meminfo_direct *ret)
{
	static const unsigned shift[] = {2, 11, 20};
	gva_t counts = kernel_symbol(k, S_direct_pages_count);
	uint32_t has_1g;

	/* [0] is PG_LEVEL_NONE */
	for (unsigned i = 0; i < 3; i++) {
		TRY(kread_u64(k, gva_add(counts, 8 * (i + 1)), &ret->kb[i]));
		ret->kb[i] <<= shift[i];
	}
	TRY(kread_u32(k, kernel_symbol(k, S_direct_gbpages), &has_1g));
	ret->has_1g = has_1g != 0;
	return NULL;
}

const struct err *meminfo_dirtyable(const struct kernel *k, const struct vmstat *stat,
				    uint64_t *ret)
{
	uint64_t reserve, free = vmstat_zone(stat, k, E_NR_FREE_PAGES);

	TRY(kread_u64(k, kernel_symbol(k, S_totalreserve_pages), &reserve));
	*ret = free - min_u64(free, reserve) + vmstat_node(stat, k, E_NR_INACTIVE_FILE) +
	       vmstat_node(stat, k, E_NR_ACTIVE_FILE);
	return NULL;
}
