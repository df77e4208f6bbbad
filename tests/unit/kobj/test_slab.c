/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/slab.h"

static struct fake_guest g;
static gva_t cache, node, slab;

/* One cache of slabs with 2^1 pages and 16 objects, on one node with one partial slab. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_kmem_cache_list, 16}, {F_kmem_cache_name, 8}, {F_kmem_cache_size, 4},
		     {F_kmem_cache_oo, 4}, {F_kmem_cache_nodes, 64});
	FAKE_MEMBERS(&g, {F_kmem_cache_node_partial, 16}, {F_kmem_cache_node_nr_slabs, 8},
		     {F_kmem_cache_node_total_objects, 8});
	FAKE_MEMBERS(&g, {F_slab_list, 16}, {F_slab_objects, 2}, {F_slab_inuse, 2});
	cache = fake_object(&g);
	node = fake_object(&g);
	slab = fake_object(&g);
	fake_list(&g, fake_symbol(&g, S_slab_caches, 16));
	fake_list_add(&g, kernel_symbol(&g.k, S_slab_caches),
		      kfield_at(&g.k, cache, F_kmem_cache_list));
	fake_u32(&g, fake_symbol(&g, S_nr_node_ids, 4), 1);
	fake_set(&g, cache, F_kmem_cache_name, fake_str(&g, "dentry").v);
	fake_set(&g, cache, F_kmem_cache_size, 192);
	fake_set(&g, cache, F_kmem_cache_oo, 1u << 16 | 16);
	fake_u64(&g, kfield_at(&g.k, cache, F_kmem_cache_nodes), node.v);
	fake_set(&g, node, F_kmem_cache_node_nr_slabs, 3);
	fake_set(&g, node, F_kmem_cache_node_total_objects, 48);
	fake_list(&g, kfield_at(&g.k, node, F_kmem_cache_node_partial));
	fake_list_add(&g, kfield_at(&g.k, node, F_kmem_cache_node_partial),
		      kfield_at(&g.k, slab, F_slab_list));
	fake_set(&g, slab, F_slab_objects, 16);
	fake_set(&g, slab, F_slab_inuse, 5);
}

static void check_counts(void)
{
	struct slab_cache c;

	CHECK_OK(slab_cache_read(&g.k, cache, &c));
	CU_ASSERT_STRING_EQUAL(c.name, "dentry");
	CU_ASSERT_EQUAL(c.object_bytes, 192);
	CU_ASSERT_EQUAL(c.objects_per_slab, 16);
	CU_ASSERT_EQUAL(c.pages_per_slab, 2);
	CU_ASSERT_EQUAL(c.slabs, 3);
	CU_ASSERT_EQUAL(c.objects, 48);
	CU_ASSERT_EQUAL(c.active, 48 - 11);
}

TEST(slab, walks_the_caches)
{
	struct list_iter it;
	gva_t at;

	set_up();
	CHECK_OK(slab_caches_init(&it, &g.k));
	CHECK_OK(slab_caches_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, cache.v);
	CHECK_OK(slab_caches_next(&it, &g.k, &at));
	CU_ASSERT(gva_is_null(at));
}

TEST(slab, counts_free_objects_of_partial_slabs)
{
	set_up();
	check_counts();
}

TEST(slab, finds_nodes_behind_a_structure_too)
{
	set_up();
	g.p.sizes[SIZE_kmem_cache_per_node_ptrs] = 16;
	fake_field(&g, F_kmem_cache_per_node_ptrs_node, 8, 8);
	fake_u64(&g, kfield_at(&g.k, cache, F_kmem_cache_nodes), 0);
	fake_u64(&g, gva_add(kfield_at(&g.k, cache, F_kmem_cache_nodes), 8), node.v);
	check_counts();
}

TEST(slab, passes_over_nodes_that_are_not_there)
{
	struct slab_cache c;

	set_up();
	fake_u64(&g, kfield_at(&g.k, cache, F_kmem_cache_nodes), 0);
	CHECK_OK(slab_cache_read(&g.k, cache, &c));
	CU_ASSERT_EQUAL(c.objects, 0);
}

TEST(slab, refuses_lists_that_loop_and_slabs_that_cannot_be)
{
	gva_t link;
	struct slab_cache c;

	set_up();
	link = kfield_at(&g.k, slab, F_slab_list);
	fake_u64(&g, link, link.v);
	CHECK_ERR(slab_cache_read(&g.k, cache, &c), ERR_RACE);
	set_up();
	fake_set(&g, cache, F_kmem_cache_oo, 40u << 16 | 16);
	CHECK_ERR(slab_cache_read(&g.k, cache, &c), ERR_RACE);
	set_up();
	fake_u64(&g, kfield_at(&g.k, cache, F_kmem_cache_nodes), 8);
	CHECK_ERR(slab_cache_read(&g.k, cache, &c), ERR_FAULT);
}
