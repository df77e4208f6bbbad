/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Areas of the kernel's address space. Input: attacker-controlled. */
#include "transcall/kobj/vmalloc.h"

#include "transcall/kobj/meminfo.h"

#define VMAP_NODES_MAX 1024 /* nr_vmap_nodes: at most 128 */
#define VMAP_RAM       1    /* vmap_area.flags, mm/vmalloc.c */
#define PAGES_MAX      (1u << 26)
#define ORDER_MAX      18 /* 1 GiB */

/* Since 6.9 areas are in several nodes; before, in two lists. */
static bool has_nodes(const struct kernel *k)
{
	return !gva_is_null(kernel_symbol(k, S_vmap_nodes));
}

static const struct err *node_count(const struct kernel *k, unsigned *ret)
{
	uint32_t count = 1;

	if (has_nodes(k))
		TRY(kread_u32(k, kernel_symbol(k, S_nr_vmap_nodes), &count));
	*ret = count < VMAP_NODES_MAX ? count : VMAP_NODES_MAX;
	return NULL;
}

/* List @number of all: of each node the areas in use, then of each the unpurged ones. */
static const struct err *list_begin(struct vmalloc_iter *it, const struct kernel *k, unsigned nodes)
{
	bool purge = it->list >= nodes;
	gva_t node, purged = kernel_symbol(k, S_purge_vmap_area_list);

	if (!has_nodes(k) && !purge)
		return list_init(&it->it, k, kernel_symbol(k, S_vmap_area_list));
	if (!has_nodes(k))
		return gva_is_null(purged)
			       ? hlist_init(&it->it, k, kernel_symbol(k, S_vmap_purge_list))
			       : list_init(&it->it, k, purged);
	TRY(kread_ptr(k, kernel_symbol(k, S_vmap_nodes), &node));
	node = gva_add(node, (uint64_t)k->profile->sizes[SIZE_vmap_node] * (it->list % nodes));
	return list_init(&it->it, k,
			 kfield_at(k, node, purge ? F_vmap_node_lazy : F_vmap_node_busy));
}

static const struct err *owner_read(const struct kernel *k, gva_t vm, struct vmalloc_area *ret)
{
	uint64_t order = 0;

	TRY(kfield_ptr(k, vm, F_vm_struct_addr, &ret->address));
	TRY(kfield_ptr(k, vm, F_vm_struct_caller, &ret->caller));
	TRY(kfield_ptr(k, vm, F_vm_struct_pages, &ret->pages));
	TRY(kfield_uint(k, vm, F_vm_struct_size, &ret->bytes));
	TRY(kfield_uint(k, vm, F_vm_struct_flags, &ret->flags));
	TRY(kfield_uint(k, vm, F_vm_struct_nr_pages, &ret->page_count));
	TRY(kfield_uint(k, vm, F_vm_struct_phys_addr, &ret->physical));
	if (profile_has(k->profile, F_vm_struct_page_order))
		TRY(kfield_uint(k, vm, F_vm_struct_page_order, &order));
	if (order > ORDER_MAX)
		return ERR_AT(ERR_RACE, vm.v, "pages of an impossible order");
	ret->page_order = (unsigned)order;
	return NULL;
}

static const struct err *area_read(const struct kernel *k, gva_t area, struct vmalloc_area *ret)
{
	gva_t vm;

	TRY(kfield_uint(k, area, F_vmap_area_va_start, &ret->start));
	TRY(kfield_uint(k, area, F_vmap_area_va_end, &ret->end));
	if (ret->is_unpurged)
		return NULL;
	TRY(kfield_ptr(k, area, F_vmap_area_vm, &vm));
	ret->has_owner = !gva_is_null(vm);
	return ret->has_owner ? owner_read(k, vm, ret) : NULL;
}

/* Since 6.9 an area without an owner is shown only where it is known to be used in parts. */
static const struct err *is_shown(const struct kernel *k, gva_t area, const struct vmalloc_area *a,
				  bool *ret)
{
	uint64_t flags;

	*ret = true;
	if (!has_nodes(k) || a->is_unpurged)
		return NULL;
	*ret = !(a->flags & VMALLOC_UNINITIALIZED);
	if (a->has_owner)
		return NULL;
	TRY(kfield_uint(k, area, F_vmap_area_flags, &flags));
	*ret = flags & VMAP_RAM;
	return NULL;
}

void vmalloc_iter_init(struct vmalloc_iter *it)
{
	*it = (struct vmalloc_iter){0};
}

/* The next entry of the list that is being walked; null: it ends, and the next one begins. */
static const struct err *entry_next(struct vmalloc_iter *it, const struct kernel *k, unsigned nodes,
				    gva_t *ret)
{
	const struct err *e = NULL;

	*ret = (gva_t){0};
	if (!it->inside)
		e = list_begin(it, k, nodes);
	it->inside = !e;
	if (!e)
		e = list_next(&it->it, k, ret);
	if (e || gva_is_null(*ret)) {
		it->inside = false;
		it->list++;
	}
	return e;
}

const struct err *vmalloc_iter_next(struct vmalloc_iter *it, const struct kernel *k,
				    struct vmalloc_area *ret, bool *ret_end)
{
	unsigned nodes;
	gva_t link;
	bool shown = false;

	TRY(node_count(k, &nodes));
	while (!shown) {
		*ret = (struct vmalloc_area){.is_unpurged = it->list >= nodes};
		*ret_end = it->list >= 2 * nodes;
		if (*ret_end)
			return NULL;
		TRY(entry_next(it, k, nodes, &link));
		if (gva_is_null(link))
			continue;
		bool chained = ret->is_unpurged && profile_has(k->profile, F_vmap_area_purge_list);
		gva_t area = kfield_container(k, link,
					      chained ? F_vmap_area_purge_list : F_vmap_area_list);
		TRY(area_read(k, area, ret));
		TRY(is_shown(k, area, ret, &shown));
	}
	return NULL;
}

/* page_to_nid(): on top of the page's flags. */
static const struct err *page_node(const struct kernel *k, gva_t page, unsigned *ret)
{
	unsigned nodes = k->profile->sizes[SIZE_nodemask_t] * 8, width = 0;
	uint64_t flags;

	while (1u << width < nodes && width < 16)
		width++;
	TRY(kfield_uint(k, page, F_page_flags, &flags));
	*ret = width ? (unsigned)(flags >> (64 - width)) : 0;
	return NULL;
}

const struct err *vmalloc_nodes(const struct kernel *k, const struct vmalloc_area *area,
				uint64_t ret[static NODES_MAX])
{
	uint64_t step = UINT64_C(1) << area->page_order;
	unsigned node;
	gva_t page;

	for (unsigned i = 0; i < NODES_MAX; i++)
		ret[i] = 0;
	if (area->page_count > PAGES_MAX)
		return ERR_AT(ERR_RACE, area->start, "an area of more pages than there can be");
	for (uint64_t i = 0; i < area->page_count; i += step) {
		TRY(kread_ptr(k, gva_add(area->pages, 8 * i), &page));
		TRY(page_node(k, page, &node));
		if (node < NODES_MAX)
			ret[node] += step;
	}
	return NULL;
}

const struct err *vmalloc_has(const struct kernel *k, gva_t address, bool *ret)
{
	uint64_t start, kb;

	TRY(kread_u64(k, kernel_symbol(k, S_vmalloc_base), &start));
	TRY(meminfo_vmalloc_kb(k, &kb));
	*ret = address.v >= start && address.v - start <= (kb << 10 | 1023);
	return NULL;
}
