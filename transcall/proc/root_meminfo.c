/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/meminfo (fs/proc/meminfo.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/meminfo.h"

#define HUGE_PAGES 512 /* HPAGE_PMD_NR */

/* What a printer of lines needs. */
struct lines {
	const struct kernel *k;
	struct vmstat stat;
	struct meminfo m;
	FILE *out;
};

static bool has_item(const struct lines *l, enum enumerator_id item)
{
	return l->k->profile->enumerators[item].present;
}

static uint64_t node_item(const struct lines *l, enum enumerator_id item)
{
	return vmstat_node(&l->stat, l->k, item);
}

static void print_kb(const struct lines *l, const char *label, uint64_t kb)
{
	fprintf(l->out, "%-15s %8" PRIu64 " kB\n", label, kb);
}

static void print_pages(const struct lines *l, const char *label, uint64_t pages)
{
	print_kb(l, label, pages * MEMINFO_PAGE_KB);
}

static void print_node(const struct lines *l, const char *label, enum enumerator_id item)
{
	print_pages(l, label, node_item(l, item));
}

static void print_totals(const struct lines *l)
{
	print_pages(l, "MemTotal:", l->m.total);
	print_pages(l, "MemFree:", l->m.free);
	print_pages(l, "MemAvailable:", l->m.available);
	print_pages(l, "Buffers:", l->m.buffers);
	print_pages(l, "Cached:", l->m.cached);
	print_pages(l, "SwapCached:", l->m.swap_cached);
}

static void print_lists(const struct lines *l)
{
	uint64_t active_anon = node_item(l, E_NR_ACTIVE_ANON);
	uint64_t inactive_anon = node_item(l, E_NR_INACTIVE_ANON);
	uint64_t active_file = node_item(l, E_NR_ACTIVE_FILE);
	uint64_t inactive_file = node_item(l, E_NR_INACTIVE_FILE);

	print_pages(l, "Active:", active_anon + active_file);
	print_pages(l, "Inactive:", inactive_anon + inactive_file);
	print_pages(l, "Active(anon):", active_anon);
	print_pages(l, "Inactive(anon):", inactive_anon);
	print_pages(l, "Active(file):", active_file);
	print_pages(l, "Inactive(file):", inactive_file);
	print_node(l, "Unevictable:", E_NR_UNEVICTABLE);
	print_pages(l, "Mlocked:", vmstat_zone(&l->stat, l->k, E_NR_MLOCK));
}

static void print_swap(const struct lines *l)
{
	print_pages(l, "SwapTotal:", l->m.swap.total);
	print_pages(l, "SwapFree:", l->m.swap.free);
	if (l->m.zswap.present) {
		print_kb(l, "Zswap:", l->m.zswap.pool_bytes >> 10);
		print_pages(l, "Zswapped:", l->m.zswap.stored_pages);
	}
}

static void print_use(const struct lines *l)
{
	uint64_t reclaimable = node_item(l, E_NR_SLAB_RECLAIMABLE_B);
	uint64_t unreclaimable = node_item(l, E_NR_SLAB_UNRECLAIMABLE_B);

	print_node(l, "Dirty:", E_NR_FILE_DIRTY);
	print_node(l, "Writeback:", E_NR_WRITEBACK);
	print_node(l, "AnonPages:", E_NR_ANON_MAPPED);
	print_node(l, "Mapped:", E_NR_FILE_MAPPED);
	print_pages(l, "Shmem:", l->m.shared);
	print_pages(l, "KReclaimable:", reclaimable + node_item(l, E_NR_KERNEL_MISC_RECLAIMABLE));
	print_pages(l, "Slab:", reclaimable + unreclaimable);
	print_pages(l, "SReclaimable:", reclaimable);
	print_pages(l, "SUnreclaim:", unreclaimable);
	print_kb(l, "KernelStack:", node_item(l, E_NR_KERNEL_STACK_KB));
	print_pages(l, "PageTables:", l->m.page_tables);
	if (has_item(l, E_NR_SECONDARY_PAGETABLE))
		print_node(l, "SecPageTables:", E_NR_SECONDARY_PAGETABLE);
	print_kb(l, "NFS_Unstable:", 0);
	print_pages(l, "Bounce:", vmstat_zone(&l->stat, l->k, E_NR_BOUNCE));
	print_node(l, "WritebackTmp:", E_NR_WRITEBACK_TEMP);
	print_pages(l, "CommitLimit:", l->m.commit_limit);
	print_pages(l, "Committed_AS:", l->m.committed);
}

static const struct err *print_kernel(const struct lines *l)
{
	gva_t done = kernel_symbol(l->k, S_early_memtest_done);
	gva_t poisoned = kernel_symbol(l->k, S_num_poisoned_pages);
	uint64_t vmalloc_kb, pages, bad_bytes;
	uint8_t tested = 0;

	TRY(meminfo_vmalloc_kb(l->k, &vmalloc_kb));
	print_kb(l, "VmallocTotal:", vmalloc_kb);
	print_pages(l, "VmallocUsed:", l->m.vmalloc_used);
	print_kb(l, "VmallocChunk:", 0);
	print_pages(l, "Percpu:", l->m.percpu);
	if (!gva_is_null(done))
		TRY(kread_u8(l->k, done, &tested));
	if (tested) {
		TRY(kread_u64(l->k, kernel_symbol(l->k, S_early_memtest_bad_size), &bad_bytes));
		uint64_t kb = bad_bytes && bad_bytes < 1024 ? 1 : bad_bytes >> 10;
		fprintf(l->out, "EarlyMemtestBad:   %5" PRIu64 " kB\n", kb);
	}
	if (!gva_is_null(poisoned)) {
		TRY(kread_u64(l->k, poisoned, &pages));
		fprintf(l->out, "HardwareCorrupted: %5" PRIu64 " kB\n", pages * MEMINFO_PAGE_KB);
	}
	return NULL;
}

/* Counted in huge pages until 5.11 (commit 69473e5de873), which had no swap cache counter either.
 */
static void print_transparent(const struct lines *l)
{
	static const struct {
		const char *label;
		enum enumerator_id item;
	} rows[] = {
		{"AnonHugePages:", E_NR_ANON_THPS},        {"ShmemHugePages:", E_NR_SHMEM_THPS},
		{"ShmemPmdMapped:", E_NR_SHMEM_PMDMAPPED}, {"FileHugePages:", E_NR_FILE_THPS},
		{"FilePmdMapped:", E_NR_FILE_PMDMAPPED},
	};
	unsigned pages = has_item(l, E_NR_SWAPCACHE) ? 1 : HUGE_PAGES;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		print_pages(l, rows[i].label, node_item(l, rows[i].item) * pages);
}

static const struct err *print_pools(const struct lines *l)
{
	uint64_t cma;

	if (!gva_is_null(kernel_symbol(l->k, S_cma_areas))) {
		TRY(kread_u64(l->k, kernel_symbol(l->k, S_totalcma_pages), &cma));
		print_pages(l, "CmaTotal:", cma);
		print_pages(l, "CmaFree:", vmstat_zone(&l->stat, l->k, E_NR_FREE_CMA_PAGES));
	}
	if (has_item(l, E_NR_UNACCEPTED))
		print_pages(l, "Unaccepted:", vmstat_zone(&l->stat, l->k, E_NR_UNACCEPTED));
	if (has_item(l, E_NR_BALLOON_PAGES))
		print_node(l, "Balloon:", E_NR_BALLOON_PAGES);
	if (has_item(l, E_NR_GPU_ACTIVE))
		print_node(l, "GPUActive:", E_NR_GPU_ACTIVE);
	if (has_item(l, E_NR_GPU_RECLAIM))
		print_node(l, "GPUReclaim:", E_NR_GPU_RECLAIM);
	return NULL;
}

static void print_huge(const struct lines *l)
{
	const struct hugetlb *h = &l->m.huge;

	if (!h->present)
		return;
	fprintf(l->out, "HugePages_Total:   %5" PRIu64 "\n", h->total);
	fprintf(l->out, "HugePages_Free:    %5" PRIu64 "\n", h->free);
	fprintf(l->out, "HugePages_Rsvd:    %5" PRIu64 "\n", h->reserved);
	fprintf(l->out, "HugePages_Surp:    %5" PRIu64 "\n", h->surplus);
	print_kb(l, "Hugepagesize:", h->size_kb);
	print_kb(l, "Hugetlb:", h->all_kb);
}

static const struct err *print_direct(const struct lines *l)
{
	struct meminfo_direct d;

	TRY(meminfo_direct_read(l->k, &d));
	print_kb(l, "DirectMap4k:", d.kb[0]);
	print_kb(l, "DirectMap2M:", d.kb[1]);
	if (d.has_1g)
		print_kb(l, "DirectMap1G:", d.kb[2]);
	return NULL;
}

const struct err *root_meminfo(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct lines l = {.k = view->kernel, .out = out};

	(void)node;
	TRY(vmstat_read(l.k, &l.stat));
	TRY(meminfo_read(l.k, &l.stat, &l.m));
	print_totals(&l);
	print_lists(&l);
	print_swap(&l);
	print_use(&l);
	TRY(print_kernel(&l));
	print_transparent(&l);
	TRY(print_pools(&l));
	print_huge(&l);
	return print_direct(&l);
}
