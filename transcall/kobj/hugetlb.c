/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Huge pages (mm/hugetlb.c). Input: attacker-controlled. */
#include "transcall/kobj/hugetlb.h"

#define POOLS_MAX 8 /* HUGE_MAX_HSTATE is 2 */
#define ORDER_MAX 40
#define PAGE_KB   4

static const struct err *read_default(const struct kernel *k, gva_t pool, struct hugetlb *ret)
{
	TRY(kfield_uint(k, pool, F_hstate_free_huge_pages, &ret->free));
	TRY(kfield_uint(k, pool, F_hstate_resv_huge_pages, &ret->reserved));
	return kfield_uint(k, pool, F_hstate_surplus_huge_pages, &ret->surplus);
}

static const struct err *read_pool(const struct kernel *k, gva_t pool, bool is_default,
				   struct hugetlb *ret)
{
	uint64_t order, total;

	TRY(kfield_uint(k, pool, F_hstate_order, &order));
	TRY(kfield_uint(k, pool, F_hstate_nr_huge_pages, &total));
	if (order > ORDER_MAX)
		return ERR_AT(ERR_FAULT, pool.v, "huge pages of order %llu",
			      (unsigned long long)order);
	ret->all_kb += total * ((uint64_t)PAGE_KB << order);
	if (!is_default)
		return NULL;
	ret->total = total;
	ret->size_kb = (uint64_t)PAGE_KB << order;
	return read_default(k, pool, ret);
}

const struct err *hugetlb_read(const struct kernel *k, struct hugetlb *ret)
{
	gva_t pool = kernel_symbol(k, S_hstates);
	uint32_t count, standard;

	*ret = (struct hugetlb){.present = !gva_is_null(pool)};
	if (!ret->present)
		return NULL;
	TRY(kread_u32(k, kernel_symbol(k, S_hugetlb_max_hstate), &count));
	TRY(kread_u32(k, kernel_symbol(k, S_default_hstate_idx), &standard));
	for (uint32_t i = 0; i < count && i < POOLS_MAX; i++) {
		TRY(read_pool(k, pool, i == standard, ret));
		pool = gva_add(pool, k->profile->sizes[SIZE_hstate]);
	}
	return NULL;
}
