/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transparent huge pages (mm/huge_memory.c, mm/shmem.c). Input: attacker-controlled. */
#include "transcall/kobj/thp.h"

#include "transcall/kobj/inode.h"
#include "transcall/kobj/pagetable.h"
#include "transcall/kobj/shmem.h"

#define ORDER_PMD    9u
#define ORDERS_PMD   (UINT64_C(1) << ORDER_PMD)
#define ORDERS_ANON  UINT64_C(0x3fc)         /* THP_ORDERS_ALL_ANON */
#define ORDERS_FILE  UINT64_C(0x3fe)         /* THP_ORDERS_ALL_FILE_DEFAULT */
#define ORDERS_OTHER (ORDERS_PMD | 1u << 18) /* THP_ORDERS_ALL_SPECIAL */
#define ORDER_BITS   5u                      /* AS_FOLIO_ORDER_BITS */

/* enum transparent_hugepage_flag, the same since 5.8 */
#define FLAG_UNSUPPORTED 1u
#define FLAG_ALWAYS      2u
#define FLAG_MADVISE     4u

#define MM_EXCEPT_ADVISED (1u << 23) /* MMF_DISABLE_THP_EXCEPT_ADVISED, since 6.18 */

#define NO_COLLAPSE (VMA_IO | VMA_DONTEXPAND | VMA_PFNMAP | VMA_MIXEDMAP | VMA_HUGETLB)

/* shmem_huge, and the mount option of tmpfs */
enum { HUGE_FORCE = -2, HUGE_DENY, HUGE_NEVER, HUGE_ALWAYS, HUGE_WITHIN_SIZE, HUGE_ADVISE };

/* A question about an area. */
struct thp {
	const struct kernel *k;
	gva_t mm;
	const struct vma *v;
	uint64_t flags; /* transparent_hugepage_flags */
	bool advised;   /* madvise(MADV_HUGEPAGE) */
};

bool thp_has_sizes(const struct kernel *k)
{
	return k->profile->has_symbol[S_huge_anon_orders_always];
}

/* Since 6.18 the kind of the question is an enumerator, and its answers have changed a little. */
static bool is_recent(const struct kernel *k)
{
	return k->profile->enumerators[E_TVA_SMAPS].present;
}

static bool is_anonymous(const struct thp *t)
{
	return gva_is_null(t->v->ops);
}

/* transhuge_vma_suitable(), thp_vma_suitable_order(): room for an aligned page of @order? */
static bool has_room(const struct thp *t, unsigned order)
{
	uint64_t pages = UINT64_C(1) << order, bytes = pages * PAGE_BYTES, last;

	if (!is_anonymous(t) && (t->v->start / PAGE_BYTES - t->v->page) % pages)
		return false;
	last = (t->v->end - bytes) & ~(bytes - 1);
	return t->v->end >= bytes && last >= t->v->start;
}

/* Those of @orders that fit: all below the highest that does. */
static uint64_t fitting(const struct thp *t, uint64_t orders)
{
	for (unsigned order = 63; order; order--) {
		if (orders >> order & 1 && has_room(t, order))
			return orders;
		orders &= ~(UINT64_C(1) << order);
	}
	return 0;
}

static const struct err *word_of(const struct thp *t, enum symbol_id id, uint64_t *ret)
{
	return kread_u64(t->k, kernel_symbol(t->k, id), ret);
}

static bool by_flags(const struct thp *t)
{
	return t->flags & FLAG_ALWAYS || (t->advised && t->flags & FLAG_MADVISE);
}

/* Which orders the settings allow anonymous memory. */
static const struct err *anon_orders(const struct thp *t, uint64_t *ret)
{
	uint64_t madvise, inherit;

	TRY(word_of(t, S_huge_anon_orders_always, ret));
	TRY(word_of(t, S_huge_anon_orders_madvise, &madvise));
	TRY(word_of(t, S_huge_anon_orders_inherit, &inherit));
	*ret |= (t->advised ? madvise : 0) | (by_flags(t) ? inherit : 0);
	return NULL;
}

/* --- files in memory ------------------------------------------------------------------------ */

/* Would a page of one of @orders that holds page @index be within the file's size? */
static bool within_size(uint64_t orders, uint64_t index, uint64_t size_bytes, uint64_t *ret)
{
	uint64_t pages = (size_bytes + PAGE_BYTES - 1) / PAGE_BYTES;

	for (unsigned order = 63; order; order--) {
		uint64_t of_order = UINT64_C(1) << order;

		if (orders & of_order && pages >= ((index + of_order) & ~(of_order - 1))) {
			*ret = orders;
			return true;
		}
		orders &= ~of_order;
	}
	return false;
}

/* shmem_huge_global_enabled(), shmem_is_huge() */
static const struct err *mount_orders(const struct thp *t, gva_t inode, int32_t shmem_huge,
				      uint64_t *ret)
{
	uint64_t all = is_recent(t->k) ? ORDERS_FILE : ORDERS_PMD, huge, size_bytes;
	gva_t sb, info;

	*ret = 0;
	if (shmem_huge == HUGE_DENY)
		return NULL;
	if (shmem_huge == HUGE_FORCE) {
		*ret = ORDERS_PMD;
		return NULL;
	}
	TRY(kfield_ptr(t->k, inode, F_inode_sb, &sb));
	TRY(kfield_ptr(t->k, sb, F_super_block_fs_info, &info));
	TRY(kfield_uint(t->k, info, F_shmem_sb_info_huge, &huge));
	TRY(kfield_uint(t->k, inode, F_inode_size, &size_bytes));
	if (huge == HUGE_ALWAYS)
		*ret = all;
	else if (huge == HUGE_WITHIN_SIZE && within_size(all, t->v->page, size_bytes, ret))
		return NULL;
	else if ((huge == HUGE_WITHIN_SIZE || huge == HUGE_ADVISE) && t->advised)
		*ret = all;
	return NULL;
}

/* shmem_allowable_huge_orders() of shared anonymous memory */
static const struct err *shared_orders(const struct thp *t, gva_t inode, int32_t shmem_huge,
				       uint64_t of_mount, uint64_t *ret)
{
	uint64_t madvise, inherit, within, fit = 0, size_bytes;

	*ret = 0;
	if (shmem_huge == HUGE_DENY)
		return NULL;
	TRY(word_of(t, S_huge_shmem_orders_inherit, &inherit));
	if (shmem_huge == HUGE_FORCE) {
		*ret = inherit;
		return NULL;
	}
	TRY(word_of(t, S_huge_shmem_orders_always, ret));
	TRY(word_of(t, S_huge_shmem_orders_madvise, &madvise));
	TRY(word_of(t, S_huge_shmem_orders_within_size, &within));
	TRY(kfield_uint(t->k, inode, F_inode_size, &size_bytes));
	if (within_size(within, t->v->page, size_bytes, &fit))
		*ret |= fit;
	*ret |= (t->advised ? madvise : 0) | (of_mount ? inherit : 0);
	*ret &= ORDERS_FILE;
	return NULL;
}

static const struct err *shmem_orders(const struct thp *t, gva_t inode, uint64_t *ret)
{
	gva_t anon_ops = kernel_symbol(t->k, S_shmem_anon_vm_ops);
	uint32_t shmem_huge;

	TRY(kread_u32(t->k, kernel_symbol(t->k, S_shmem_huge), &shmem_huge));
	TRY(mount_orders(t, inode, (int32_t)shmem_huge, ret));
	if (!t->k->profile->has_symbol[S_huge_shmem_orders_always] ||
	    !gva_equal(t->v->ops, anon_ops))
		return NULL;
	return shared_orders(t, inode, (int32_t)shmem_huge, *ret, ret);
}

/* --- other files ---------------------------------------------------------------------------- */

/* mapping_pmd_folio_support() of a regular file; before, file systems were not asked */
static const struct err *file_has_huge(const struct thp *t, gva_t inode, bool *ret)
{
	const struct enumerator *least = &t->k->profile->enumerators[E_AS_FOLIO_ORDER_MIN];
	const struct enumerator *most = &t->k->profile->enumerators[E_AS_FOLIO_ORDER_MAX];
	uint64_t flags, mode, mask = (1u << ORDER_BITS) - 1;
	gva_t mapping;

	*ret = false;
	if (!is_recent(t->k) || gva_is_null(inode))
		return NULL;
	TRY(kfield_ptr(t->k, inode, F_inode_mapping, &mapping));
	TRY(kfield_uint(t->k, mapping, F_address_space_flags, &flags));
	TRY(kfield_uint(t->k, inode, F_inode_mode, &mode));
	*ret = (flags >> (least->value & 63) & mask) <= ORDER_PMD &&
	       (flags >> (most->value & 63) & mask) >= ORDER_PMD && (mode & S_IFMT) == S_IFREG;
	return NULL;
}

/* vma_can_map_huge_file() */
static const struct err *file_eligible(const struct thp *t, gva_t inode, bool *ret)
{
	gva_t huge_fault;

	*ret = false;
	if (!thp_has_sizes(t->k))
		return NULL;
	TRY(kfield_ptr(t->k, t->v->ops, F_vm_operations_struct_huge_fault, &huge_fault));
	*ret = !gva_is_null(huge_fault);
	if (!by_flags(t) && !(*ret && t->v->flags & VMA_PFNMAP)) {
		*ret = false;
		return NULL;
	}
	return *ret ? NULL : file_has_huge(t, inode, ret);
}

/* --- all ------------------------------------------------------------------------------------- */

/* vma_thp_disabled(), and what hardware lacks */
static const struct err *is_disabled(const struct thp *t, bool *ret)
{
	uint64_t flags;

	TRY(mm_thp_disabled(t->k, t->mm, ret));
	TRY(kfield_uint(t->k, t->mm, F_mm_struct_flags, &flags));
	*ret |= t->v->flags & VMA_NOHUGEPAGE || t->flags & FLAG_UNSUPPORTED;
	*ret |= is_recent(t->k) && !t->advised && flags & MM_EXCEPT_ADVISED;
	return NULL;
}

/* Orders that the kind of area can have, and has room for. */
static const struct err *possible_orders(const struct thp *t, uint64_t *ret)
{
	if (!thp_has_sizes(t->k)) {
		*ret = t->v->flags & NO_COLLAPSE ? 0 : ORDERS_PMD;
	} else if (!is_anonymous(t)) {
		*ret = t->v->flags & (VMA_PFNMAP | VMA_MIXEDMAP) ? ORDERS_OTHER : ORDERS_FILE;
	} else {
		TRY(anon_orders(t, ret));
		*ret &= ORDERS_ANON;
	}
	*ret = fitting(t, *ret);
	return NULL;
}

/* vma_is_temporary_stack() */
static bool is_new_stack(const struct vma *v)
{
	return v->flags & VMA_GROWSDOWN && v->flags & VMA_SEQ_READ && v->flags & VMA_RAND_READ;
}

static const struct err *eligible(const struct thp *t, bool *ret)
{
	uint64_t orders, allowed;
	bool disabled, shmem;
	gva_t inode;

	*ret = false;
	TRY(is_disabled(t, &disabled));
	TRY(possible_orders(t, &orders));
	if (disabled || !orders)
		return NULL;
	TRY(shmem_maps(t->k, t->v, &inode, &shmem));
	if (shmem) {
		TRY(shmem_orders(t, inode, &allowed));
		*ret = is_recent(t->k) ? orders & allowed : allowed;
		return NULL;
	}
	if (!is_anonymous(t))
		return file_eligible(t, inode, ret);
	*ret = !is_new_stack(t->v) && (thp_has_sizes(t->k) || by_flags(t));
	return NULL;
}

const struct err *thp_eligible(const struct kernel *k, gva_t mm, const struct vma *v, bool *ret)
{
	struct thp t = {.k = k, .mm = mm, .v = v, .advised = v->flags & VMA_HUGEPAGE};

	*ret = false;
	if (!k->profile->has_symbol[S_transparent_hugepage_flags] ||
	    gva_equal(v->at, kernel_symbol(k, S_gate_vma)))
		return NULL;
	TRY(word_of(&t, S_transparent_hugepage_flags, &t.flags));
	return eligible(&t, ret);
}
