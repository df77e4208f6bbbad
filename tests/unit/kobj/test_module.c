/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_symbols.h"
#include "transcall/kobj/module.h"

#define TEXT UINT64_C(0xffffffffc0000000)

static struct fake_guest g;

static gva_t set_up(void)
{
	fake_guest_init(&g);
	fake_modules(&g);
	return fake_module(&g, "virtio", gva(TEXT), 0x800, NULL, 0);
}

TEST(module, reads_one_with_two_layouts)
{
	struct kmodule m;

	gva_t at = set_up();
	fake_set(&g, at, F_module_refcnt, 4);
	CHECK_OK(module_read(&g.k, at, &m));
	CU_ASSERT_STRING_EQUAL(m.name, "virtio");
	CU_ASSERT_EQUAL(m.references, 3);
	CU_ASSERT_EQUAL(m.size_bytes, 0x4000);
	CU_ASSERT_EQUAL(m.base.v, TEXT);
	CU_ASSERT_EQUAL(m.text_bytes, 0x800);
	CU_ASSERT_EQUAL(m.state, MODULE_LIVE);
	CU_ASSERT(!m.permanent);
	fake_set(&g, at, F_module_init, 1);
	CHECK_OK(module_read(&g.k, at, &m));
	CU_ASSERT(m.permanent);
	fake_set(&g, at, F_module_state, 77);
	CHECK_OK(module_read(&g.k, at, &m));
	CU_ASSERT_EQUAL(m.state, MODULE_UNFORMED);
}

TEST(module, reads_one_with_regions)
{
	struct kmodule m;

	set_up();
	gva_t at = fake_alloc(&g, 512, 64);
	fake_list(&g, kfield_at(&g.k, at, F_module_source_list));
	fake_field(&g, F_module_mem, 192, 3 * 24);
	g.p.sizes[SIZE_module_memory] = 24;
	fake_field(&g, F_module_memory_base, 0, 8);
	fake_field(&g, F_module_memory_size, 12, 4);
	for (unsigned i = 0; i < 3; i++) {
		fake_u64(&g, gva_add(at, 192 + 24 * i), TEXT + 0x1000 * i);
		fake_u32(&g, gva_add(at, 192 + 24 * i + 12), 0x100u << i);
	}
	CHECK_OK(module_read(&g.k, at, &m));
	CU_ASSERT_EQUAL(m.base.v, TEXT);
	CU_ASSERT_EQUAL(m.text_bytes, 0x100);
	CU_ASSERT_EQUAL(m.size_bytes, 0x700);
}

TEST(module, walks_its_users)
{
	struct list_iter it;
	gva_t user;

	gva_t at = set_up(), other = fake_module(&g, "virtio_net", gva(TEXT), 0, NULL, 0);
	gva_t use = fake_alloc(&g, 64, 64);
	fake_set(&g, use, F_module_use_source, other.v);
	fake_list_add(&g, kfield_at(&g.k, at, F_module_source_list), use);
	CHECK_OK(module_users_init(&it, &g.k, at));
	CHECK_OK(module_users_next(&it, &g.k, &user));
	CU_ASSERT_EQUAL(user.v, other.v);
	CHECK_OK(module_users_next(&it, &g.k, &user));
	CU_ASSERT(gva_is_null(user));
}

TEST(module, ends_on_a_list_that_loops)
{
	gva_t found;

	gva_t at = set_up();
	gva_t link = kfield_at(&g.k, at, F_module_list);
	fake_u64(&g, link, link.v);
	CHECK_ERR(module_of_text(&g.k, gva(1), &found), ERR_RACE);
}

TEST(module, refuses_a_symbol_table_without_end)
{
	char name[16];

	gva_t at = set_up(), kallsyms = fake_alloc(&g, 64, 64);
	fake_set(&g, at, F_module_kallsyms, kallsyms.v);
	fake_set(&g, kallsyms, F_mod_kallsyms_num_symtab, UINT32_MAX);
	CHECK_ERR(module_symbol_name(&g.k, at, gva(TEXT), name, sizeof(name)), ERR_FAULT);
}
