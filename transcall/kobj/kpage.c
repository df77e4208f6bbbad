/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct page. Input: attacker-controlled. */
#include "transcall/kobj/kpage.h"

#define MAPPING_FLAGS   3u /* PAGE_MAPPING_FLAGS */
#define MAPPING_ANON    1u
#define MAPPING_KSM     3u
#define FOLIO_PAGES_MAX (UINT64_C(1) << 18) /* of 1 GiB */

/* page_mapcount_is_type(): below, a type of page is in the counter's place. */
#define MAPCOUNT_LEAST (-(INT32_C(1) << 24))

/*
 * _compound_head(): a tail page has its head's address, or since 7.0, where pages of hugetlb share
 * their struct pages, the mask that makes the head's address of its own. A mask is above all
 * addresses of the array of pages.
 */
static gva_t head_of(const struct kernel *k, gva_t page, uint64_t info)
{
	uint64_t size = k->profile->sizes[SIZE_page];

	if (!(info & 1))
		return page;
	info &= ~UINT64_C(1);
	return page.v - info < FOLIO_PAGES_MAX * size ? gva(info) : gva(page.v & info);
}

static const struct err *head_read(const struct kernel *k, const struct kobject_copy *head,
				   struct kpage *ret)
{
	int64_t refcount;

	TRY(kobject_uint(head, k, F_page_flags, &ret->flags));
	TRY(kobject_uint(head, k, F_page_mapping, &ret->mapping));
	TRY(kobject_int(head, k, F_page_refcount, &refcount));
	ret->refcount = (int32_t)refcount;
	ret->is_large = !gva_equal(ret->at, ret->head) || kpage_has(k, ret, E_PG_head);
	return NULL;
}

static int32_t own_count(int64_t mapcount)
{
	return mapcount < MAPCOUNT_LEAST ? 0 : (int32_t)(mapcount + 1);
}

static const struct err *read_at(const struct kernel *k, gva_t at, struct kpage *ret)
{
	struct kobject_copy page;
	int64_t mapcount;
	uint64_t info;

	*ret = (struct kpage){.at = at};
	TRY(kobject_init(&page, k, at, SIZE_page));
	TRY(kobject_int(&page, k, F_page_mapcount, &mapcount));
	TRY(kobject_uint(&page, k, F_page_compound_head, &info));
	ret->mapcount = own_count(mapcount);
	ret->head = head_of(k, at, info);
	if (!gva_equal(ret->head, at))
		TRY(kobject_init(&page, k, ret->head, SIZE_page));
	return head_read(k, &page, ret);
}

const struct err *kpage_read(const struct kernel *k, gfn_t frame, struct kpage *ret)
{
	return read_at(k, kernel_page_of(k, frame), ret);
}

static bool flag_of(const struct kernel *k, uint64_t flags, enum enumerator_id flag)
{
	int64_t bit = k->profile->enumerators[flag].value;

	return k->profile->enumerators[flag].present && bit >= 0 && bit < 64 && flags >> bit & 1;
}

bool kpage_has(const struct kernel *k, const struct kpage *p, enum enumerator_id flag)
{
	return flag_of(k, p->flags, flag);
}

bool kpage_is_anon(const struct kpage *p)
{
	return p->mapping & MAPPING_ANON;
}

bool kpage_is_ksm(const struct kpage *p)
{
	return (p->mapping & MAPPING_FLAGS) == MAPPING_KSM;
}

/* Until 6.1 the count of whole mappings is in the second page; pages of files have both in one. */
static const struct err *entire_of_second(const struct kernel *k, const struct kpage *p,
					  bool is_hugetlb, int32_t *ret)
{
	gva_t second = gva_add(p->head, k->profile->sizes[SIZE_page]);
	int64_t entire;
	uint64_t flags;

	*ret = 0;
	if (!kpage_is_anon(p) && !is_hugetlb)
		return NULL;
	TRY(kfield_int(k, second, F_page_compound_mapcount, &entire));
	TRY(kfield_uint(k, second, F_page_flags, &flags));
	*ret = (int32_t)(entire + 1) - (flag_of(k, flags, E_PG_double_map) ? 1 : 0);
	return NULL;
}

/* Mappings of the folio as a whole. */
static const struct err *entire_read(const struct kernel *k, const struct kpage *p, bool is_hugetlb,
				     int32_t *ret)
{
	int64_t entire;

	*ret = 0;
	if (!p->is_large)
		return NULL;
	if (!profile_has(k->profile, F_folio_entire_mapcount))
		return entire_of_second(k, p, is_hugetlb, ret);
	TRY(kfield_int(k, p->head, F_folio_entire_mapcount, &entire));
	*ret = (int32_t)(entire + 1);
	return NULL;
}

const struct err *kpage_mappings(const struct kernel *k, const struct kpage *p, bool is_hugetlb,
				 int32_t *ret)
{
	int32_t entire;

	TRY(entire_read(k, p, is_hugetlb, &entire));
	*ret = (int32_t)((uint32_t)p->mapcount + (uint32_t)entire);
	return NULL;
}

const struct err *kpage_mappings_of(const struct kernel *k, const struct kpage *head,
				    unsigned index, int32_t *ret)
{
	struct kpage page = *head;
	int64_t mapcount;

	page.at = gva_add(head->head, (uint64_t)index * k->profile->sizes[SIZE_page]);
	TRY(kfield_int(k, page.at, F_page_mapcount, &mapcount));
	page.mapcount = own_count(mapcount);
	return kpage_mappings(k, &page, false, ret);
}
