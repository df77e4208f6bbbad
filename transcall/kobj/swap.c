/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Swap (mm/swapfile.c, mm/swap_state.c). Input: attacker-controlled. */
#include "transcall/kobj/swap.h"

#define SWP_USED    1u /* include/linux/swap.h */
#define SWP_WRITEOK 2u
#define SPACES_MAX  65536 /* swap caches of one area: one for each 64 MiB */

#define MAP_HAS_CACHE 0x40u /* SWAP_HAS_CACHE */
#define MAP_CONTINUED 0x80u /* COUNT_CONTINUED: there are more users than fit here */

/* mm/swap_table.h: the count is in the topmost bits of entries that are no pointer */
#define CLUSTER_SLOTS     512u /* SWAPFILE_CLUSTER */
#define TABLE_COUNT_SHIFT 60
#define TABLE_COUNT_MAX   15u

static const struct err *area_at(const struct kernel *k, unsigned number, gva_t *ret)
{
	uint32_t count;

	TRY(kread_u32(k, kernel_symbol(k, S_nr_swapfiles), &count));
	if (number >= count || number >= SWAP_AREAS_MAX)
		return ERR(ERR_ABSENT, "no swap area %u", number);
	return kread_ptr(k, gva_add(kernel_symbol(k, S_swap_info), 8 * number), ret);
}

/* Since 6.12 the topmost bit of the count is a flag (SWAP_USAGE_OFFLIST_BIT). */
static const struct err *area_used(const struct kernel *k, gva_t area, uint64_t *ret)
{
	const struct field *f = &k->profile->fields[F_swap_info_inuse_pages];

	TRY(kfield_uint(k, area, F_swap_info_inuse_pages, ret));
	if (f->size_bytes == 8)
		*ret &= ~(UINT64_C(1) << 62);
	return NULL;
}

/* An area that is being emptied counts with what is still in it. */
static const struct err *leaving_pages(const struct kernel *k, uint64_t *ret)
{
	*ret = 0;
	for (unsigned i = 0; i < SWAP_AREAS_MAX; i++) {
		uint64_t flags, used;
		gva_t area;
		const struct err *e = area_at(k, i, &area);

		if (e)
			return e->kind == ERR_ABSENT ? NULL : e;
		TRY(kfield_uint(k, area, F_swap_info_flags, &flags));
		TRY(area_used(k, area, &used));
		if (flags & SWP_USED && !(flags & SWP_WRITEOK))
			*ret += used;
	}
	return NULL;
}

const struct err *swap_totals_read(const struct kernel *k, struct swap_totals *ret)
{
	uint64_t leaving;

	TRY(leaving_pages(k, &leaving));
	TRY(kread_u64(k, kernel_symbol(k, S_total_swap_pages), &ret->total));
	TRY(kread_u64(k, kernel_symbol(k, S_nr_swap_pages), &ret->free));
	ret->total += leaving;
	ret->free += leaving;
	return NULL;
}

const struct err *swap_area_read(const struct kernel *k, unsigned number, struct swap_area *ret)
{
	uint64_t flags;
	int64_t prio;
	gva_t area;

	*ret = (struct swap_area){0};
	TRY(area_at(k, number, &area));
	TRY(kfield_uint(k, area, F_swap_info_flags, &flags));
	if (!(flags & SWP_USED))
		return NULL;
	TRY(kfield_ptr(k, area, F_swap_info_swap_file, &ret->file));
	TRY(kfield_uint(k, area, F_swap_info_pages, &ret->pages));
	TRY(kfield_int(k, area, F_swap_info_prio, &prio));
	ret->priority = (int32_t)prio;
	return area_used(k, area, &ret->used);
}

const struct err *swap_has_area(const struct kernel *k, unsigned type, bool *ret)
{
	uint32_t count;

	TRY(kread_u32(k, kernel_symbol(k, S_nr_swapfiles), &count));
	*ret = type < count && type < SWAP_AREAS_MAX;
	return NULL;
}

static const struct err *users_of_map(const struct kernel *k, gva_t area, uint64_t offset,
				      uint32_t *ret)
{
	uint8_t count;
	gva_t map;

	TRY(kfield_ptr(k, area, F_swap_info_swap_map, &map));
	TRY(kread_u8(k, gva_add(map, offset), &count));
	if (count & MAP_CONTINUED)
		return ERR_AT(ERR_ABSENT, area.v,
			      "more users of a swapped page than its map counts");
	*ret = count & ~MAP_HAS_CACHE;
	return NULL;
}

/* swp_tb_get_count() */
static const struct err *users_of_table(const struct kernel *k, gva_t area, uint64_t offset,
					uint32_t *ret)
{
	gva_t clusters, cluster, table;
	uint64_t entry;

	TRY(kfield_ptr(k, area, F_swap_info_cluster_info, &clusters));
	cluster = gva_add(clusters,
			  offset / CLUSTER_SLOTS * k->profile->sizes[SIZE_swap_cluster_info]);
	TRY(kfield_ptr(k, cluster, F_swap_cluster_info_table, &table));
	TRY(kread_u64(k, gva_add(table, 8 * (offset % CLUSTER_SLOTS)), &entry));
	*ret = entry & 3 || !entry ? (uint32_t)(entry >> TABLE_COUNT_SHIFT) : 0;
	if (*ret < TABLE_COUNT_MAX)
		return NULL;
	TRY(kfield_ptr(k, cluster, F_swap_cluster_info_extend_table, &table));
	return kread_u32(k, gva_add(table, 4 * (offset % CLUSTER_SLOTS)), ret);
}

const struct err *swap_users(const struct kernel *k, unsigned type, uint64_t offset, uint32_t *ret)
{
	uint64_t slots;
	gva_t area;

	TRY(area_at(k, type, &area));
	TRY(kfield_uint(k, area, F_swap_info_max, &slots));
	if (offset >= slots)
		return ERR_AT(ERR_RACE, area.v, "a swap area without slot %llu",
			      (unsigned long long)offset);
	return profile_has(k->profile, F_swap_info_swap_map) ? users_of_map(k, area, offset, ret)
							     : users_of_table(k, area, offset, ret);
}

static const struct err *cached_of_area(const struct kernel *k, unsigned number, uint64_t *sum)
{
	gva_t spaces;
	uint32_t count;

	TRY(kread_u32(k, gva_add(kernel_symbol(k, S_nr_swapper_spaces), 4 * number), &count));
	TRY(kread_ptr(k, gva_add(kernel_symbol(k, S_swapper_spaces), 8 * number), &spaces));
	for (uint32_t i = 0; i < count && i < SPACES_MAX; i++) {
		uint64_t pages;

		TRY(kfield_uint(k, spaces, F_address_space_nrpages, &pages));
		*sum += pages;
		spaces = gva_add(spaces, k->profile->sizes[SIZE_address_space]);
	}
	return NULL;
}

const struct err *swap_cached(const struct kernel *k, uint64_t *ret)
{
	uint32_t count;

	*ret = 0;
	TRY(kread_u32(k, kernel_symbol(k, S_nr_swapfiles), &count));
	for (unsigned i = 0; i < count && i < SWAP_AREAS_MAX; i++)
		TRY(cached_of_area(k, i, ret));
	return NULL;
}

/* zswap_total_pages(): of the current pool, which is the first of the list. */
static const struct err *compressed_pages(const struct kernel *k, uint64_t *ret)
{
	gva_t head = kernel_symbol(k, S_zswap_pools), first, pool;

	*ret = 0;
	TRY(kread_ptr(k, head, &first));
	if (gva_equal(first, head))
		return NULL;
	gva_t zswap = kfield_container(k, first, F_zswap_pool_list);
	if (profile_has(k->profile, F_zswap_pool_zs_pool)) {
		TRY(kfield_ptr(k, zswap, F_zswap_pool_zs_pool, &pool));
	} else {
		TRY(kfield_ptr(k, zswap, F_zswap_pool_zpool, &pool));
		TRY(kfield_ptr(k, pool, F_zpool_pool, &pool));
	}
	return kfield_uint(k, pool, F_zs_pool_pages_allocated, ret);
}

const struct err *swap_compressed_read(const struct kernel *k, struct swap_compressed *ret)
{
	gva_t stored = kernel_symbol(k, S_zswap_stored_pages);
	gva_t size = kernel_symbol(k, S_zswap_pool_total_size);
	uint64_t pages;

	*ret = (struct swap_compressed){.present = k->profile->enumerators[E_ZSWPIN].present};
	if (!ret->present)
		return NULL;
	/* An atomic_long_t since 6.13; 32 bits are 16 TiB. */
	TRY(kread_u32(k, stored, &ret->stored_pages));
	if (!gva_is_null(size))
		return kread_u64(k, size, &ret->pool_bytes);
	TRY(compressed_pages(k, &pages));
	ret->pool_bytes = pages * FRAME_BYTES;
	return NULL;
}
