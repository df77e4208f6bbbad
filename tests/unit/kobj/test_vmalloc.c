/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/vmalloc.h"

static struct fake_guest g;
static gva_t used, purged, owner;

static gva_t add_area(gva_t head, uint64_t start, gva_t vm)
{
	gva_t area = fake_object(&g);

	fake_set(&g, area, F_vmap_area_va_start, start);
	fake_set(&g, area, F_vmap_area_va_end, start + 8192);
	fake_set(&g, area, F_vmap_area_vm, vm.v);
	fake_list_add(&g, head, kfield_at(&g.k, area, F_vmap_area_list));
	return area;
}

static void declare(void)
{
	FAKE_MEMBERS(&g, {F_vmap_area_va_start, 8}, {F_vmap_area_va_end, 8}, {F_vmap_area_list, 16},
		     {F_vmap_area_vm, 8}, {F_vmap_area_flags, 8});
	FAKE_MEMBERS(&g, {F_vm_struct_addr, 8}, {F_vm_struct_size, 8}, {F_vm_struct_flags, 8},
		     {F_vm_struct_pages, 8}, {F_vm_struct_page_order, 4}, {F_vm_struct_nr_pages, 4},
		     {F_vm_struct_phys_addr, 8}, {F_vm_struct_caller, 8});
	FAKE_MEMBERS(&g, {F_vmap_node_busy, 16}, {F_vmap_node_lazy, 16});
	fake_field(&g, F_page_flags, 0, 8);
	g.p.sizes[SIZE_nodemask_t] = 8;
}

/* One area with an owner, one without, one unpurged; in two lists, or (@nodes) in a node of two. */
static void set_up(bool nodes)
{
	fake_guest_init(&g);
	declare();
	owner = fake_object(&g);
	fake_set(&g, owner, F_vm_struct_addr, 0x1000);
	fake_set(&g, owner, F_vm_struct_size, 8192);
	used = nodes ? gva(0) : fake_symbol(&g, S_vmap_area_list, 16);
	purged = nodes ? gva(0) : fake_symbol(&g, S_purge_vmap_area_list, 16);
	if (nodes) {
		gva_t at = fake_alloc(&g, 128, 64);

		g.p.sizes[SIZE_vmap_node] = 64;
		fake_variable(&g, S_vmap_nodes, at.v);
		fake_u32(&g, fake_symbol(&g, S_nr_vmap_nodes, 4), 2);
		fake_list(&g, kfield_at(&g.k, gva_add(at, 64), F_vmap_node_busy));
		fake_list(&g, kfield_at(&g.k, gva_add(at, 64), F_vmap_node_lazy));
		used = kfield_at(&g.k, at, F_vmap_node_busy);
		purged = kfield_at(&g.k, at, F_vmap_node_lazy);
	}
	fake_list(&g, used);
	fake_list(&g, purged);
	add_area(used, 0x1000, owner);
	gva_t parts = add_area(used, 0x9000, gva(0));
	fake_set(&g, parts, F_vmap_area_flags, 1);
	add_area(purged, 0x5000, gva(0));
}

static void check_walk(void)
{
	static const uint64_t starts[] = {0x1000, 0x9000, 0x5000};
	struct vmalloc_iter it;
	struct vmalloc_area a;
	bool end;

	vmalloc_iter_init(&it);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_OK(vmalloc_iter_next(&it, &g.k, &a, &end));
		CU_ASSERT(!end);
		CU_ASSERT_EQUAL(a.start, starts[i]);
		CU_ASSERT_EQUAL(a.has_owner, i == 0);
		CU_ASSERT_EQUAL(a.is_unpurged, i == 2);
	}
	CHECK_OK(vmalloc_iter_next(&it, &g.k, &a, &end));
	CU_ASSERT(end);
}

TEST(vmalloc, walks_two_lists)
{
	set_up(false);
	check_walk();
}

TEST(vmalloc, walks_the_lists_of_nodes)
{
	set_up(true);
	check_walk();
}

TEST(vmalloc, counts_pages_by_node)
{
	struct vmalloc_area a = {.page_count = 3};
	uint64_t nodes[NODES_MAX];

	set_up(false);
	a.pages = fake_object(&g);
	for (unsigned i = 0; i < 3; i++) {
		gva_t page = fake_object(&g);

		fake_u64(&g, page, (uint64_t)(i == 2) << 58);
		fake_u64(&g, gva_add(a.pages, 8 * i), page.v);
	}
	CHECK_OK(vmalloc_nodes(&g.k, &a, nodes));
	CU_ASSERT_EQUAL(nodes[0], 2);
	CU_ASSERT_EQUAL(nodes[1], 1);
	a.page_count = 1u << 31;
	CHECK_ERR(vmalloc_nodes(&g.k, &a, nodes), ERR_RACE);
}

TEST(vmalloc, ends_where_lists_loop)
{
	const struct err *e = NULL;
	struct vmalloc_iter it;
	struct vmalloc_area a;
	bool end = false;
	gva_t link;

	set_up(false);
	CHECK_OK(kread_ptr(&g.k, used, &link));
	fake_u64(&g, link, link.v);
	vmalloc_iter_init(&it);
	for (unsigned i = 0; !e && !end && i < 100; i++)
		e = vmalloc_iter_next(&it, &g.k, &a, &end);
	CHECK_ERR(e, ERR_RACE);
}

TEST(vmalloc, refuses_pages_of_an_impossible_order)
{
	struct vmalloc_iter it;
	struct vmalloc_area a;
	bool end;

	set_up(false);
	fake_set(&g, owner, F_vm_struct_page_order, 40);
	vmalloc_iter_init(&it);
	CHECK_ERR(vmalloc_iter_next(&it, &g.k, &a, &end), ERR_RACE);
}
