/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/resource.h"

static struct fake_guest g;
static gva_t root, ram, code, rom;

static gva_t resource(uint64_t start, const char *name)
{
	gva_t at = fake_object(&g);

	fake_set(&g, at, F_resource_start, start);
	fake_set(&g, at, F_resource_end, start + 0xff);
	if (name)
		fake_set(&g, at, F_resource_name, fake_str(&g, name).v);
	return at;
}

/* root: ram (in it: code), rom */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_resource_start, 8}, {F_resource_end, 8}, {F_resource_name, 8},
		     {F_resource_sibling, 8}, {F_resource_child, 8});
	root = resource(0, "PCI mem");
	ram = resource(0x1000, "System RAM");
	code = resource(0x1010, "Kernel code");
	rom = resource(0x2000, NULL);
	fake_set(&g, root, F_resource_child, ram.v);
	fake_set(&g, ram, F_resource_child, code.v);
	fake_set(&g, ram, F_resource_sibling, rom.v);
}

static void check_next(struct resource_iter *it, uint64_t start, unsigned depth, const char *name)
{
	struct resource r;

	CHECK_OK(resource_iter_next(it, &g.k, &r));
	CU_ASSERT_EQUAL(r.start, start);
	CU_ASSERT_EQUAL(r.depth, depth);
	CU_ASSERT_STRING_EQUAL(r.name, name);
}

TEST(resource, each_comes_before_what_is_in_it)
{
	struct resource_iter it;
	struct resource r;

	set_up();
	CHECK_OK(resource_iter_init(&it, &g.k, root));
	check_next(&it, 0x1000, 0, "System RAM");
	check_next(&it, 0x1010, 1, "Kernel code");
	check_next(&it, 0x2000, 0, "<BAD>");
	CHECK_OK(resource_iter_next(&it, &g.k, &r));
	CU_ASSERT(gva_is_null(r.at));
}

/* How a walk that need not end does. */
static enum err_kind walk_end(void)
{
	struct resource_iter it;
	struct resource r;

	CHECK_OK(resource_iter_init(&it, &g.k, root));
	for (;;) {
		const struct err *e = resource_iter_next(&it, &g.k, &r);

		if (!e && !gva_is_null(r.at))
			continue;
		enum err_kind kind = e ? e->kind : 0;
		CHECK_OK(resource_iter_next(&it, &g.k, &r));
		CU_ASSERT(gva_is_null(r.at)); /* the end comes after an error */
		return kind;
	}
}

TEST(resource, what_is_in_itself_or_beside_itself_is_a_race)
{
	set_up();
	fake_set(&g, code, F_resource_child, code.v);
	CU_ASSERT_EQUAL(walk_end(), ERR_RACE);
	set_up();
	fake_set(&g, rom, F_resource_sibling, ram.v);
	CU_ASSERT_EQUAL(walk_end(), ERR_RACE);
}

TEST(resource, pointers_to_nowhere_are_faults)
{
	set_up();
	fake_set(&g, ram, F_resource_sibling, 0x1000);
	CU_ASSERT_EQUAL(walk_end(), ERR_FAULT);
	set_up();
	fake_set(&g, ram, F_resource_name, 0x1000);
	CU_ASSERT_EQUAL(walk_end(), ERR_FAULT);
}
