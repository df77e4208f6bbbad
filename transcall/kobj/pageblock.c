/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of blocks of memory. Input: attacker-controlled. */
#include "transcall/kobj/pageblock.h"

#define SECTION_SHIFT     15         /* PFN_SECTION_SHIFT: 128 MiB */
#define SECTIONS_MAX      (1u << 19) /* of 46 bits of physical addresses */
#define BLOCKS_MAX        (1u << 22) /* 8 TiB */
#define SECTION_IS_ONLINE 4          /* in mem_section.section_mem_map */
#define ZONES_WIDTH       3          /* in page.flags; above it is the node */

static bool bit_at(uint64_t word, unsigned bit)
{
	return word >> (bit % 64) & 1;
}

/* The section's struct mem_section_usage; null: there is no such memory, or it is offline. */
static const struct err *section_usage(const struct kernel *k, uint64_t section, gva_t *ret)
{
	uint32_t bytes = k->profile->sizes[SIZE_mem_section];
	uint32_t per_root = FRAME_BYTES / bytes;
	uint64_t map;
	gva_t roots, root;

	*ret = (gva_t){0};
	TRY(kread_ptr(k, kernel_symbol(k, S_mem_section), &roots));
	if (gva_is_null(roots) || section >= SECTIONS_MAX)
		return NULL;
	TRY(kread_ptr(k, gva_add(roots, 8 * (section / per_root)), &root));
	if (gva_is_null(root))
		return NULL;
	root = gva_add(root, section % per_root * bytes);
	TRY(kfield_uint(k, root, F_mem_section_map, &map));
	return map & SECTION_IS_ONLINE ? kfield_ptr(k, root, F_mem_section_usage, ret) : NULL;
}

/* page_zone() == @zone: the zone's number and its node's are on top of the page's flags. */
static const struct err *page_is_of(const struct kernel *k, uint64_t frame, unsigned number,
				    unsigned index, bool *ret)
{
	unsigned nodes = k->profile->sizes[SIZE_nodemask_t] * 8, width = 0;
	uint64_t flags;

	while (1u << width < nodes && width < 16)
		width++;
	TRY(kfield_uint(k, kernel_page_of(k, (gfn_t){frame}), F_page_flags, &flags));
	*ret = flags >> (64 - width) == number &&
	       (flags >> (64 - width - ZONES_WIDTH) & ((1u << ZONES_WIDTH) - 1)) == index;
	return NULL;
}

/* get_pageblock_migratetype(). Four bits a block, until isolation became one of its own (6.17). */
static const struct err *block_type(const struct kernel *k, gva_t usage, uint64_t frame,
				    unsigned *ret)
{
	const struct enumerator *isolated = &k->profile->enumerators[E_PB_migrate_isolate];
	unsigned bits = isolated->present ? 8 : 4;
	uint64_t at = (frame >> PAGEBLOCK_ORDER) % (1u << (SECTION_SHIFT - PAGEBLOCK_ORDER)) * bits;
	uint64_t word;

	TRY(kread_u64(k, gva_add(kfield_at(k, usage, F_mem_section_usage_flags), at / 64 * 8),
		      &word));
	word >>= at % 64;
	*ret = word & 7;
	if (isolated->present && bit_at(word, (unsigned)isolated->value))
		*ret = (unsigned)k->profile->enumerators[E_MIGRATE_ISOLATE].value;
	return NULL;
}

/* @ret: PAGEBLOCK_TYPES_MAX where the block is not the zone's. */
static const struct err *block_look(const struct kernel *k, uint64_t frame, unsigned number,
				    unsigned index, unsigned *ret)
{
	unsigned part = frame % (1u << SECTION_SHIFT) >> PAGEBLOCK_ORDER;
	uint64_t valid;
	gva_t usage;
	bool own;

	*ret = PAGEBLOCK_TYPES_MAX;
	TRY(section_usage(k, frame >> SECTION_SHIFT, &usage));
	if (gva_is_null(usage))
		return NULL;
	TRY(kfield_uint(k, usage, F_mem_section_usage_subsections, &valid));
	if (!bit_at(valid, part))
		return NULL;
	TRY(page_is_of(k, frame, number, index, &own));
	return own ? block_type(k, usage, frame, ret) : NULL;
}

const struct err *pageblock_count(const struct kernel *k, gva_t zone, unsigned number,
				  unsigned index, struct pageblock_counts *ret)
{
	uint64_t first, pages;
	unsigned type;

	*ret = (struct pageblock_counts){0};
	TRY(kfield_uint(k, zone, F_zone_zone_start_pfn, &first));
	TRY(kfield_uint(k, zone, F_zone_spanned_pages, &pages));
	if (pages / PAGEBLOCK_PAGES > BLOCKS_MAX)
		return ERR_AT(ERR_RACE, zone.v, "a zone of more memory than there can be");
	for (uint64_t i = 0; i < pages; i += PAGEBLOCK_PAGES) {
		TRY(block_look(k, first + i, number, index, &type));
		if (type < PAGEBLOCK_TYPES_MAX)
			ret->of_type[type]++;
	}
	return NULL;
}
