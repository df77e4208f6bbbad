/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slab - the kernel's caches of objects (mm/slub.c). */
#ifndef TC_KOBJ_SLAB_H
#define TC_KOBJ_SLAB_H

#include "transcall/kobj/list.h"

#define SLAB_NAME_BYTES 64

struct slab_cache {
	char name[SLAB_NAME_BYTES];
	uint32_t object_bytes; /* with what the cache adds to each */
	uint32_t objects_per_slab, pages_per_slab;
	uint64_t slabs, objects, active; /* of all nodes */
};

/* Walk over the caches in the kernel's order: @ret a struct kmem_cache; null: the end. */
MUST_CHECK const struct err *slab_caches_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *slab_caches_next(struct list_iter *it, const struct kernel *k,
					      gva_t *ret);

/*
 * get_slabinfo(). Free objects are counted in all partial slabs; since 6.10 the kernel estimates
 * them where a node has more than 10000.
 */
MUST_CHECK const struct err *slab_cache_read(const struct kernel *k, gva_t cache,
					     struct slab_cache *ret);

#endif
