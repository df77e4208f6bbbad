/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page tables and struct pages made by hand. */
#include "tests/unit/kobj/fake_pages.h"

#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/pagetable.h"

#define TABLE 0x67 /* present, writable, user, accessed, dirty */

static void declare(struct fake_guest *g)
{
	fake_field(g, F_page_flags, 0, 8);
	fake_field(g, F_page_compound_head, 8, 8);
	fake_field(g, F_page_mapping, 24, 8);
	fake_field(g, F_page_mapcount, 48, 4);
	fake_field(g, F_page_refcount, 52, 4);
	fake_field(g, F_folio_entire_mapcount, FAKE_STRUCT_PAGE + 16, 4);
	g->p.sizes[SIZE_page] = FAKE_STRUCT_PAGE;
	fake_enumerator(g, E_PG_head, FAKE_HEAD);
	fake_enumerator(g, E_PG_dirty, FAKE_DIRTY);
	fake_enumerator(g, E_PG_referenced, FAKE_REFERENCED);
	fake_enumerator(g, E_PG_swapbacked, FAKE_SWAPBACKED);
	fake_enumerator(g, E_PG_active, FAKE_ACTIVE);
	fake_enumerator(g, E_PG_reserved, FAKE_RESERVED);
	FAKE_MEMBERS(g, {F_mm_struct_pgd, 8}, {F_mm_struct_flags, 8}, {F_swap_info_swap_map, 8},
		     {F_swap_info_max, 4}, {F_file_inode, 8}, {F_inode_sb, 8}, {F_inode_mapping, 8},
		     {F_inode_size, 8}, {F_inode_mode, 2}, {F_super_block_magic, 8},
		     {F_super_block_fs_info, 8}, {F_address_space_head, 8},
		     {F_address_space_flags, 8}, {F_shmem_inode_info_swapped, 8},
		     {F_shmem_inode_info_vfs_inode, 8}, {F_shmem_inode_info_policy, 8},
		     {F_shmem_sb_info_huge, 1}, {F_vm_operations_struct_huge_fault, 8});
}

static uint64_t frame_of(gva_t at)
{
	return (at.v - FAKE_BASE) / PAGE_BYTES;
}

void fake_pages_init(struct fake_guest *g, struct fake_pages *p)
{
	declare(g);
	*p = (struct fake_pages){.mm = fake_object(g)};
	for (unsigned i = 0; i < 4; i++)
		p->tables[i] = fake_alloc(g, PAGE_BYTES, PAGE_BYTES);
	for (unsigned i = 1; i < 4; i++)
		fake_pte(g, p, i, FAKE_USER_AT, frame_of(p->tables[i - 1]) * PAGE_BYTES | TABLE);
	fake_set(g, p->mm, F_mm_struct_pgd, p->tables[3].v);
	g->k.vmemmap = fake_alloc(g, FAKE_PAGES * FAKE_STRUCT_PAGE, PAGE_BYTES);
	fake_variable(g, S_nr_swapfiles, 0);
	fake_symbol_at(g, S_gate_vma, gva(1));
}

void fake_pte(struct fake_guest *g, const struct fake_pages *p, unsigned level, uint64_t at,
	      uint64_t value)
{
	fake_u64(g, gva_add(p->tables[level], 8 * (at >> (12 + 9 * level) & 511)), value);
}

uint64_t fake_pte_of(uint64_t frame, uint64_t bits)
{
	return frame * PAGE_BYTES | PTE_PRESENT | bits;
}

uint64_t fake_pte_swapped(unsigned type, uint64_t offset)
{
	return (uint64_t)type << 59 | ((~offset << 14) >> 5 & ~UINT64_C(0x1ff));
}

gva_t fake_page(struct fake_guest *g, uint64_t frame, uint64_t flags, uint64_t mapping,
		int32_t mappings)
{
	gva_t page = kernel_page_of(&g->k, gfn(frame));

	fake_set(g, page, F_page_flags, flags);
	fake_set(g, page, F_page_mapping, mapping);
	fake_set(g, page, F_page_mapcount, (uint32_t)(mappings - 1));
	fake_set(g, page, F_page_refcount, (uint32_t)mappings);
	return page;
}

struct vma fake_area(struct fake_guest *g, uint64_t pages, uint64_t flags)
{
	return (struct vma){.at = fake_object(g),
			    .start = FAKE_USER_AT,
			    .end = FAKE_USER_AT + pages * PAGE_BYTES,
			    .flags = flags};
}

void fake_swap(struct fake_guest *g, struct fake_pages *p)
{
	gva_t area = fake_object(g), areas = fake_symbol(g, S_swap_info, 8);
	uint8_t ones[FAKE_SWAP_SLOTS];

	for (unsigned i = 0; i < FAKE_SWAP_SLOTS; i++)
		ones[i] = 1;
	p->swap_map = fake_alloc(g, FAKE_SWAP_SLOTS, 64);
	fake_write(g, p->swap_map, ones, sizeof(ones));
	fake_u64(g, areas, area.v);
	fake_variable(g, S_nr_swapfiles, 1);
	fake_set(g, area, F_swap_info_swap_map, p->swap_map.v);
	fake_set(g, area, F_swap_info_max, FAKE_SWAP_SLOTS);
}
