/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Caches of kernel objects. Input: attacker-controlled. */
#include "transcall/kobj/slab.h"

#include "transcall/kobj/node.h"

#define OO_SHIFT  16 /* struct kmem_cache_order_objects, mm/slub.c */
#define ORDER_MAX 10 /* MAX_PAGE_ORDER */

const struct err *slab_caches_init(struct list_iter *it, const struct kernel *k)
{
	return list_init(it, k, kernel_symbol(k, S_slab_caches));
}

const struct err *slab_caches_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	TRY(list_next(it, k, ret));
	if (!gva_is_null(*ret))
		*ret = kfield_container(k, *ret, F_kmem_cache_list);
	return NULL;
}

/* The struct kmem_cache_node of memory node @number; null: the cache has nothing there. */
static const struct err *cache_node(const struct kernel *k, gva_t cache, unsigned number,
				    gva_t *ret)
{
	uint32_t entry_bytes = k->profile->sizes[SIZE_kmem_cache_per_node_ptrs];
	gva_t entry = kfield_at(k, cache, F_kmem_cache_nodes);

	if (!entry_bytes)
		return kread_ptr(k, gva_add(entry, 8 * (uint64_t)number), ret);
	entry = gva_add(entry, (uint64_t)entry_bytes * number);
	return kfield_ptr(k, entry, F_kmem_cache_per_node_ptrs_node, ret);
}

/* Free objects of slabs that have some, and some in use. */
static const struct err *partial_free(const struct kernel *k, gva_t node, uint64_t *sum)
{
	struct list_iter it;
	uint64_t objects, inuse;
	gva_t link;

	TRY(list_init(&it, k, kfield_at(k, node, F_kmem_cache_node_partial)));
	for (;;) {
		TRY(list_next(&it, k, &link));
		if (gva_is_null(link))
			return NULL;
		gva_t slab = kfield_container(k, link, F_slab_list);
		TRY(kfield_uint(k, slab, F_slab_objects, &objects));
		TRY(kfield_uint(k, slab, F_slab_inuse, &inuse));
		*sum += objects - inuse;
	}
}

static const struct err *add_node(const struct kernel *k, gva_t node, struct slab_cache *ret,
				  uint64_t *free)
{
	uint64_t slabs, objects;

	TRY(kfield_uint(k, node, F_kmem_cache_node_nr_slabs, &slabs));
	TRY(kfield_uint(k, node, F_kmem_cache_node_total_objects, &objects));
	ret->slabs += slabs;
	ret->objects += objects;
	return partial_free(k, node, free);
}

/* for_each_kmem_cache_node(): of all possible nodes. */
static const struct err *add_nodes(const struct kernel *k, gva_t cache, struct slab_cache *ret)
{
	uint64_t free = 0;
	uint32_t count;
	gva_t node;

	TRY(kread_u32(k, kernel_symbol(k, S_nr_node_ids), &count));
	for (unsigned i = 0; i < count && i < NODES_MAX; i++) {
		TRY(cache_node(k, cache, i, &node));
		if (!gva_is_null(node))
			TRY(add_node(k, node, ret, &free));
	}
	ret->active = ret->objects - free;
	return NULL;
}

const struct err *slab_cache_read(const struct kernel *k, gva_t cache, struct slab_cache *ret)
{
	uint64_t size, order_objects;
	gva_t name;

	*ret = (struct slab_cache){0};
	TRY(kfield_ptr(k, cache, F_kmem_cache_name, &name));
	TRY(kread_str(k, name, ret->name, sizeof(ret->name)));
	TRY(kfield_uint(k, cache, F_kmem_cache_size, &size));
	TRY(kfield_uint(k, cache, F_kmem_cache_oo, &order_objects));
	if (order_objects >> OO_SHIFT > ORDER_MAX)
		return ERR_AT(ERR_RACE, cache.v, "a cache with impossibly large slabs");
	ret->object_bytes = (uint32_t)size;
	ret->objects_per_slab = order_objects & ((1u << OO_SHIFT) - 1);
	ret->pages_per_slab = 1u << (order_objects >> OO_SHIFT);
	return add_nodes(k, cache, ret);
}
