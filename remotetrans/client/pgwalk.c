/* SPDX-License-Identifier: GPL-2.0-or-later */
/* x86-64 page walk. Input: attacker-controlled page tables. */
#include "remotetrans/client/pgwalk.h"

#include "remotetrans/base/buf.h"

#define PTE_PRESENT  (UINT64_C(1) << 0)
#define PTE_LARGE    (UINT64_C(1) << 7)
#define PTE_PROTNONE (UINT64_C(1) << 8) /* Linux: _PAGE_PROTNONE, meaningful when not present */
#define PTE_ADDRESS  UINT64_C(0x000ffffffffff000)

static bool is_canonical(gva_t at, unsigned levels)
{
	unsigned sign_bit = 12 + 9 * levels - 1;
	uint64_t upper = at.v >> sign_bit;

	return upper == 0 || upper == UINT64_MAX >> sign_bit;
}

static const struct err *read_entry(struct framesrc *frames, gpa_t table, unsigned index,
				    uint64_t *ret)
{
	const uint8_t *bytes;

	TRY(frames->get(frames, gpa_frame(table), &bytes));
	struct buf_reader r = buf_reader_over(bytes + 8 * index, 8);
	return buf_read_u64(&r, ret);
}

static const struct err *leaf(uint64_t entry, unsigned level, gva_t at, struct translation *ret)
{
	uint64_t page_bytes = UINT64_C(1) << (12 + 9 * level);
	uint64_t base = entry & PTE_ADDRESS & ~(page_bytes - 1);

	ret->is_present = true;
	ret->page_bytes = page_bytes;
	ret->at = gpa(base | (at.v & (page_bytes - 1)));
	return NULL;
}

static const struct err *not_present(uint64_t entry, unsigned level, gva_t at,
				     struct translation *ret)
{
	if (entry & PTE_PROTNONE) {
		TRY(leaf(~entry, level, at, ret));
		ret->is_present = false;
		return NULL;
	}
	if (entry)
		return ERR_AT(ERR_ABSENT, at.v, "page at 0x%llx is not in memory",
			      (unsigned long long)at.v);
	return ERR_AT(ERR_FAULT, at.v, "address 0x%llx is not mapped", (unsigned long long)at.v);
}

const struct err *pgwalk(struct framesrc *frames, gpa_t root, unsigned levels, gva_t at,
			 struct translation *ret)
{
	gpa_t table = gpa(root.v & PTE_ADDRESS);

	if (!is_canonical(at, levels))
		return ERR_AT(ERR_FAULT, at.v, "address 0x%llx is not canonical",
			      (unsigned long long)at.v);
	for (unsigned level = levels - 1;; level--) {
		unsigned index = (unsigned)(at.v >> (12 + 9 * level)) & 511;
		uint64_t entry;

		TRY(read_entry(frames, table, index, &entry));
		if (!(entry & PTE_PRESENT))
			return level <= 2 ? not_present(entry, level, at, ret)
					  : not_present(0, level, at, ret);
		if (level == 0 || (level <= 2 && (entry & PTE_LARGE)))
			return leaf(entry, level, at, ret);
		table = gpa(entry & PTE_ADDRESS);
	}
}
