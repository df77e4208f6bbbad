/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpage - struct page: what a frame is used for, and how often it is mapped.
 * (include/linux/mm_types.h, include/linux/page-flags.h)
 */
#ifndef TC_KOBJ_KPAGE_H
#define TC_KOBJ_KPAGE_H

#include "transcall/kobj/kernel.h"

struct kpage {
	gva_t at;
	gva_t head;       /* the first page of its folio, often itself */
	bool is_large;    /* its folio has several pages */
	uint64_t flags;   /* of the folio; bits are numbered by E_PG_* */
	uint64_t mapping; /* of the folio */
	int32_t refcount; /* of the folio */
	int32_t mapcount; /* its own, from 0; not yet what the folio's adds */
};

/* The page of frame @frame. Return: NULL; FAULT: the kernel has none; RACE; fatal. */
MUST_CHECK const struct err *kpage_read(const struct kernel *k, gfn_t frame, struct kpage *ret);

/* A flag of its folio (enum pageflags). */
bool kpage_has(const struct kernel *k, const struct kpage *p, enum enumerator_id flag);

bool kpage_is_anon(const struct kpage *p);
bool kpage_is_ksm(const struct kpage *p);

/**
 * kpage_mappings() - page_mapcount(), folio_precise_page_mapcount()
 *
 * How many page table entries map it, alone or with its folio. Of huge pages of hugetlb, use the
 * first. A kernel built not to know (CONFIG_NO_PAGE_MAPCOUNT, since 6.15) is not told apart.
 */
MUST_CHECK const struct err *kpage_mappings(const struct kernel *k, const struct kpage *p,
					    bool is_hugetlb, int32_t *ret);

/* The same of page number @index of the folio whose first page is @head. */
MUST_CHECK const struct err *kpage_mappings_of(const struct kernel *k, const struct kpage *head,
					       unsigned index, int32_t *ret);

#endif
