/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory type ranges. Input: attacker-controlled. */
#include "transcall/kobj/mtrr.h"

#define PAGE_SHIFT 12
#define MASK_VALID 0x800u /* MTRR_PHYSMASK_V; Intel SDM vol. 3A, 'MTRRs', variable range MTRRs */

static const struct err *pair_read(const struct kernel *k, gva_t range, enum field_id low,
				   enum field_id high, uint64_t *ret)
{
	uint64_t lo, hi;

	TRY(kfield_uint(k, range, low, &lo));
	TRY(kfield_uint(k, range, high, &hi));
	*ret = hi << 32 | lo;
	return NULL;
}

/* Address bits that the CPU does not have are ones, as generic_get_mtrr() takes them. */
static const struct err *size_of_mask(const struct kernel *k, uint64_t mask, uint64_t *ret_pages)
{
	uint64_t bits;

	mask >>= PAGE_SHIFT;
	if (mask) {
		bits = 64 - (uint64_t)__builtin_clzll(mask);
	} else {
		TRY(kfield_uint(k, kernel_symbol(k, S_boot_cpu_data), F_cpuinfo_x86_phys_bits,
				&bits));
		if (bits <= PAGE_SHIFT || bits >= 64)
			return ERR(ERR_RACE, "addresses of %u bits", (unsigned)bits);
		bits -= PAGE_SHIFT;
	}
	*ret_pages = (UINT64_C(1) << bits) - mask;
	return NULL;
}

const struct err *mtrr_count(const struct kernel *k, unsigned *ret)
{
	gva_t at = kernel_symbol(k, S_num_var_ranges);
	uint32_t count;

	if (gva_is_null(at) || !profile_has(k->profile, F_mtrr_state_var_ranges))
		return ERR(ERR_ABSENT, "the guest's kernel has no memory type ranges");
	TRY(kread_u32(k, at, &count));
	if (count > MTRR_RANGES_MAX)
		return ERR_AT(ERR_RACE, at.v, "%u memory type ranges", count);
	*ret = count;
	return NULL;
}

const struct err *mtrr_read(const struct kernel *k, unsigned i, struct mtrr_range *ret)
{
	gva_t at = kfield_at(k, kernel_symbol(k, S_mtrr_state), F_mtrr_state_var_ranges);
	uint64_t base, mask;

	*ret = (struct mtrr_range){0};
	at = gva_add(at, (uint64_t)i * k->profile->sizes[SIZE_mtrr_var_range]);
	TRY(pair_read(k, at, F_mtrr_var_range_mask_lo, F_mtrr_var_range_mask_hi, &mask));
	if (!(mask & MASK_VALID))
		return NULL;
	TRY(pair_read(k, at, F_mtrr_var_range_base_lo, F_mtrr_var_range_base_hi, &base));
	ret->base_pages = base >> PAGE_SHIFT;
	ret->type = (uint8_t)base;
	TRY(kread_u32(k, gva_add(kernel_symbol(k, S_mtrr_usage_table), 4 * (uint64_t)i),
		      &ret->users));
	return size_of_mask(k, mask, &ret->size_pages);
}
