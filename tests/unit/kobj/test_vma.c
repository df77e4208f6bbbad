/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_user.h"
#include "transcall/kobj/vma.h"

#define SPECIAL_NAME UINT64_C(0xffffffff81000000) /* special_mapping_name() */
#define PAGE         UINT64_C(0x1000)

enum { VMA_BYTES = 128, VMAS = 5 };

static struct fake_guest g;
static gva_t mm, area[VMAS];
static struct mm_layout layout;

static void declare(void)
{
	fake_field(&g, F_mm_struct_mmap, 96, 8);
	fake_field(&g, F_vm_area_struct_start, 0, 8);
	fake_field(&g, F_vm_area_struct_end, 8, 8);
	fake_field(&g, F_vm_area_struct_next, 16, 8);
	fake_field(&g, F_vm_area_struct_flags, 24, 8);
	fake_field(&g, F_vm_area_struct_pgoff, 32, 8);
	fake_field(&g, F_vm_area_struct_file, 40, 8);
	fake_field(&g, F_vm_area_struct_ops, 48, 8);
	fake_field(&g, F_vm_area_struct_private_data, 56, 8);
	fake_field(&g, F_vm_operations_struct_name, 0, 8);
	fake_field(&g, F_vm_special_mapping_name, 0, 8);
	fake_symbol_at(&g, S_special_mapping_name, gva(SPECIAL_NAME));
}

/* A list of areas of one page each, a page apart. */
static void set_up(void)
{
	fake_guest_init(&g);
	fake_user_init(&g);
	declare();
	layout = (struct mm_layout){0};
	mm = fake_mm(&g, 0, 0, 0, 0);
	for (unsigned i = 0; i < VMAS; i++) {
		area[i] = fake_alloc(&g, VMA_BYTES, 64);
		fake_set(&g, area[i], F_vm_area_struct_start, (2 * i + 2) * PAGE);
		fake_set(&g, area[i], F_vm_area_struct_end, (2 * i + 3) * PAGE);
		if (i)
			fake_set(&g, area[i - 1], F_vm_area_struct_next, area[i].v);
	}
	fake_set(&g, mm, F_mm_struct_mmap, area[0].v);
}

static const struct err *walk(unsigned *ret)
{
	struct vma_iter it;
	struct vma v;

	*ret = 0;
	TRY(vma_iter_init(&it, &g.k, mm));
	for (; *ret < 100; ++*ret) {
		TRY(vma_iter_next(&it, &g.k, &v));
		if (gva_is_null(v.at))
			return NULL;
		CU_ASSERT_EQUAL(v.at.v, area[*ret].v);
	}
	return NULL;
}

static void check_name(const struct vma *v, const char *expected)
{
	char name[VMA_NAME_BYTES];

	CHECK_OK(vma_name(&g.k, v, &layout, name));
	CU_ASSERT_STRING_EQUAL(name, expected);
}

TEST(vma, list_is_walked_in_order)
{
	unsigned count;

	set_up();
	CHECK_OK(walk(&count));
	CU_ASSERT_EQUAL(count, VMAS);
	fake_set(&g, mm, F_mm_struct_mmap, 0);
	CHECK_OK(walk(&count));
	CU_ASSERT_EQUAL(count, 0);
}

TEST(vma, list_that_loops_is_a_race)
{
	for (unsigned to = 0; to < VMAS; to++) {
		unsigned count;

		set_up();
		fake_set(&g, area[VMAS - 1], F_vm_area_struct_next, area[to].v);
		CHECK_ERR(walk(&count), ERR_RACE);
		CU_ASSERT_EQUAL(count, VMAS);
	}
}

TEST(vma, after_a_list_that_loops_comes_the_end)
{
	struct vma_iter it;
	struct vma v;

	set_up();
	fake_set(&g, area[0], F_vm_area_struct_next, area[0].v);
	CHECK_OK(vma_iter_init(&it, &g.k, mm));
	CHECK_OK(vma_iter_next(&it, &g.k, &v));
	CHECK_ERR(vma_iter_next(&it, &g.k, &v), ERR_RACE);
	CHECK_OK(vma_iter_next(&it, &g.k, &v));
	CU_ASSERT_TRUE(gva_is_null(v.at));
}

TEST(vma, areas_that_overlap_or_are_empty_are_a_race)
{
	unsigned count;

	set_up();
	fake_set(&g, area[2], F_vm_area_struct_start, 4 * PAGE);
	CHECK_ERR(walk(&count), ERR_RACE);
	CU_ASSERT_EQUAL(count, 2);
	set_up();
	fake_set(&g, area[3], F_vm_area_struct_end, 8 * PAGE);
	CHECK_ERR(walk(&count), ERR_RACE);
	CU_ASSERT_EQUAL(count, 3);
}

TEST(vma, that_is_not_mapped_is_a_fault)
{
	unsigned count;

	set_up();
	fake_set(&g, area[0], F_vm_area_struct_next, 5);
	CHECK_ERR(walk(&count), ERR_FAULT);
}

TEST(vma, heap_and_stack_are_told_by_the_layout)
{
	struct vma v = {.at = gva(FAKE_BASE), .start = 4 * PAGE, .end = 5 * PAGE};

	set_up();
	layout = (struct mm_layout){.start_brk = 4 * PAGE, .brk = 5 * PAGE};
	check_name(&v, "[heap]");
	layout = (struct mm_layout){
		.start_brk = 8 * PAGE, .brk = 9 * PAGE, .start_stack = 4 * PAGE + 1};
	check_name(&v, "[stack]");
	layout.start_stack = 6 * PAGE;
	check_name(&v, "");
}

TEST(vma, beside_the_heap_was_heap_too)
{
	struct vma v = {.at = gva(FAKE_BASE), .start = 4 * PAGE, .end = 5 * PAGE};

	set_up();
	layout = (struct mm_layout){.start_brk = 5 * PAGE, .brk = 6 * PAGE};
	check_name(&v, "[heap]");
	fake_field(&g, F_backing_file_user_path, 0, 16); /* a kernel where it is not */
	check_name(&v, "");
}

TEST(vma, special_mapping_has_the_name_it_was_given)
{
	struct vma v = {.at = gva(FAKE_BASE), .start = PAGE, .end = 2 * PAGE};
	gva_t mapping;

	set_up();
	v.ops = fake_alloc(&g, 8, 8);
	mapping = fake_alloc(&g, 8, 8);
	v.private_data = mapping;
	fake_set(&g, mapping, F_vm_special_mapping_name, fake_str(&g, "[vdso]").v);
	layout.start_brk = UINT64_MAX;
	layout.start_stack = UINT64_MAX;
	fake_set(&g, v.ops, F_vm_operations_struct_name, SPECIAL_NAME);
	check_name(&v, "[vdso]");
	/* what another function would say is not known */
	fake_set(&g, v.ops, F_vm_operations_struct_name, SPECIAL_NAME + 16);
	check_name(&v, "");
}
