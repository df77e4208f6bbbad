/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "kernel-profiles/btf.h"
#include "tests/lib/unit.h"
#include "tests/unit/profiles/maker.h"

static struct btf_maker b;
static struct maker section;

/*
 * typedef unsigned int u32;
 * struct inner { u32 x; u32 y; };
 * struct outer {
 *         u32 a;
 *         union { u32 u1; const struct inner in; };     anonymous
 *         struct inner named;
 *         u32 flag0 : 1, flag1 : 3;                     bit-fields
 *         struct outer *next;
 *         struct inner pair[2];
 *         u32 rest[];                                   flexible
 * };
 */
static void outer_make(void)
{
	btf_maker_init(&b);
	uint32_t uint_id = btf_make(&b, "unsigned int", BTF_INT, 0, 4);
	btf_word(&b, 32);
	uint32_t u32_id = btf_make(&b, "u32", BTF_TYPEDEF, 0, uint_id);
	uint32_t inner = btf_make(&b, "inner", BTF_STRUCT, 2, 8);
	btf_make_member(&b, "x", u32_id, 0);
	btf_make_member(&b, "y", u32_id, 32);
	uint32_t const_inner = btf_make(&b, "", BTF_CONST, 0, inner);
	uint32_t anonymous = btf_make(&b, "", BTF_UNION, 2, 8);
	btf_make_member(&b, "u1", u32_id, 0);
	btf_make_member(&b, "in", const_inner, 0);
	uint32_t pair = btf_make(&b, "", BTF_ARRAY, 0, 0);
	btf_word(&b, inner);
	btf_word(&b, uint_id);
	btf_word(&b, 2);
	uint32_t rest = btf_make(&b, "", BTF_ARRAY, 0, 0);
	btf_word(&b, u32_id);
	btf_word(&b, uint_id);
	btf_word(&b, 0);
	uint32_t pointer = btf_make(&b, "", BTF_PTR, 0, 9);
	uint32_t outer = btf_make(&b, "outer", BTF_STRUCT, 8 | BTF_FLAG, 48);
	btf_make_member(&b, "a", u32_id, 0);
	btf_make_member(&b, "", anonymous, 32);
	btf_make_member(&b, "named", inner, 96);
	btf_make_member(&b, "flag0", u32_id, 160 | 1u << 24);
	btf_make_member(&b, "flag1", u32_id, 161 | 3u << 24);
	btf_make_member(&b, "next", pointer, 192);
	btf_make_member(&b, "pair", pair, 256);
	btf_make_member(&b, "rest", rest, 384);
	btf_make(&b, "outer_t", BTF_TYPEDEF, 0, outer);
}

/* The kinds that carry no layout, all of them, so that the reader has to step over each. */
static void other_kinds_make(void)
{
	btf_make(&b, "e", BTF_ENUM, 2, 4);
	btf_word(&b, btf_string(&b, "E_ONE"));
	btf_word(&b, 1);
	btf_word(&b, btf_string(&b, "E_MINUS"));
	btf_word(&b, (uint32_t)-5);
	btf_make(&b, "fwd", BTF_FWD, 0, 0);
	btf_make(&b, "", BTF_VOLATILE, 0, 1);
	btf_make(&b, "", BTF_RESTRICT, 0, 1);
	uint32_t proto = btf_make(&b, "", BTF_FUNC_PROTO, 1, 1);
	btf_word(&b, btf_string(&b, "argument"));
	btf_word(&b, 1);
	btf_make(&b, "function", BTF_FUNC, 1, proto);
	uint32_t variable = btf_make(&b, "variable", BTF_VAR, 0, 1);
	btf_word(&b, 1);
	btf_make(&b, ".data..percpu", BTF_DATASEC, 1, 64);
	btf_make_member(&b, "", variable, 64);
	btf_make(&b, "double", BTF_FLOAT, 0, 8);
	btf_make(&b, "tag", BTF_DECL_TAG, 0, 3);
	btf_word(&b, 0);
	btf_make(&b, "user", BTF_TYPE_TAG, 0, 1);
	btf_make(&b, "e64", BTF_ENUM64, 1, 8);
	btf_word(&b, btf_string(&b, "E_BIG"));
	btf_word(&b, 0x9abcdef0);
	btf_word(&b, 0x12345678);
}

static const struct err *all_open(struct btf *ret)
{
	outer_make();
	other_kinds_make();
	btf_make_all(&b, &section);
	struct span s = make_span(&section, 0);
	return btf_init(ret, &s);
}

static void field_check(const char *structure, const char *path, uint32_t offset, uint32_t size)
{
	struct btf btf;
	struct field f = {0};

	CHECK_OK(all_open(&btf));
	CHECK_OK(btf_field(&btf, structure, path, &f));
	CU_ASSERT_EQUAL(f.offset_bytes, offset);
	CU_ASSERT_EQUAL(f.size_bytes, size);
	CU_ASSERT_EQUAL(f.bit_size, 0);
	btf_deinit(&btf);
}

static void absent_check(const char *structure, const char *path)
{
	struct btf btf;
	struct field f = {0};

	CHECK_OK(all_open(&btf));
	CHECK_ERR(btf_field(&btf, structure, path, &f), ERR_ABSENT);
	btf_deinit(&btf);
}

TEST(btf, finds_plain_members)
{
	field_check("outer", "a", 0, 4);
	field_check("outer", "next", 24, 8);
	field_check("outer", "pair", 32, 16);
}

TEST(btf, finds_nested_members)
{
	field_check("outer", "named.y", 16, 4);
}

TEST(btf, finds_through_anonymous_members)
{
	field_check("outer", "u1", 4, 4);
	field_check("outer", "in", 4, 8);
	field_check("outer", "in.y", 8, 4);
}

TEST(btf, resolves_typedefs_of_structures)
{
	field_check("outer_t", "named", 12, 8);
}

TEST(btf, gives_a_flexible_array_its_elements_size)
{
	field_check("outer", "rest", 48, 4);
}

TEST(btf, takes_the_first_alternative_that_exists)
{
	field_check("no_such|outer", "older|named.x|a", 12, 4);
}

TEST(btf, does_not_find_what_is_not_there)
{
	absent_check("outer", "b");
	absent_check("outer", "next.a"); /* not through pointers */
	absent_check("outer", "pair.x"); /* nor arrays */
	absent_check("outer", "named.");
	absent_check("outer", ".a");
	absent_check("outer", "");
	absent_check("", "a");
	absent_check("oute", "a");
	absent_check("outer1", "a");
	absent_check("e", "E_ONE");
}

TEST(btf, places_bit_fields_in_their_unit)
{
	struct btf btf;
	struct field f = {0};

	CHECK_OK(all_open(&btf));
	CHECK_OK(btf_field(&btf, "outer", "flag1", &f));
	CU_ASSERT_EQUAL(f.offset_bytes, 20);
	CU_ASSERT_EQUAL(f.size_bytes, 4);
	CU_ASSERT_EQUAL(f.bit_offset, 1);
	CU_ASSERT_EQUAL(f.bit_size, 3);
	btf_deinit(&btf);
}

/* Without kind_flag the width is the integer's own. */
TEST(btf, reads_bit_fields_of_old_compilers)
{
	struct btf btf;
	struct field f = {0};

	btf_maker_init(&b);
	uint32_t bits = btf_make(&b, "unsigned int", BTF_INT, 0, 4);
	btf_word(&b, 5);
	btf_make(&b, "s", BTF_STRUCT, 1, 8);
	btf_make_member(&b, "five", bits, 32 + 7);
	btf_make_all(&b, &section);
	struct span s = make_span(&section, 0);
	CHECK_OK(btf_init(&btf, &s));
	CHECK_OK(btf_field(&btf, "s", "five", &f));
	CU_ASSERT_EQUAL(f.offset_bytes, 4);
	CU_ASSERT_EQUAL(f.bit_offset, 7);
	CU_ASSERT_EQUAL(f.bit_size, 5);
	btf_deinit(&btf);
}

TEST(btf, knows_sizes)
{
	struct btf btf;
	uint32_t size = 0;

	CHECK_OK(all_open(&btf));
	CHECK_OK(btf_size(&btf, "outer", &size));
	CU_ASSERT_EQUAL(size, 48);
	CHECK_OK(btf_size(&btf, "none|outer_t", &size));
	CU_ASSERT_EQUAL(size, 48);
	CHECK_OK(btf_size(&btf, "u32", &size));
	CU_ASSERT_EQUAL(size, 4);
	CHECK_OK(btf_size(&btf, "double", &size));
	CU_ASSERT_EQUAL(size, 8);
	CHECK_ERR(btf_size(&btf, "fwd", &size), ERR_ABSENT);
	CHECK_ERR(btf_size(&btf, "function", &size), ERR_ABSENT);
	btf_deinit(&btf);
}

TEST(btf, knows_enumerators)
{
	struct btf btf;
	int64_t v = 0;

	CHECK_OK(all_open(&btf));
	CHECK_OK(btf_enumerator(&btf, "E_ONE", &v));
	CU_ASSERT_EQUAL(v, 1);
	CHECK_OK(btf_enumerator(&btf, "NONE|E_MINUS", &v));
	CU_ASSERT_EQUAL(v, -5);
	CHECK_OK(btf_enumerator(&btf, "E_BIG", &v));
	CU_ASSERT_EQUAL(v, 0x123456789abcdef0);
	CHECK_ERR(btf_enumerator(&btf, "E_TWO", &v), ERR_ABSENT);
	btf_deinit(&btf);
}

/* A kind of the future is stepped over when the section says how long it is, and refused otherwise.
 */
TEST(btf, steps_over_kinds_of_the_layout_section)
{
	struct btf btf;
	struct field f;
	const unsigned future = BTF_KIND_COUNT;

	btf_maker_init(&b);
	btf_make(&b, "new", future, 3, 0);
	for (unsigned i = 0; i < 2 + 3; i++)
		btf_word(&b, 0xffffffff); /* 8 bytes, and 4 for each of 3 */
	uint32_t number = btf_make(&b, "int", BTF_INT, 0, 4);
	btf_word(&b, 32);
	btf_make(&b, "s", BTF_STRUCT, 1, 4);
	btf_make_member(&b, "m", number, 0);
	btf_make_all(&b, &section);
	struct span s = make_span(&section, 0);
	CHECK_ERR(btf_init(&btf, &s), ERR_PROTO);

	static struct maker longer;
	longer.used_bytes = 0;
	make_bytes(&longer, section.bytes, 24);
	make_number(&longer, section.used_bytes - 24, 4);
	make_number(&longer, 4 * (future + 1), 4);
	make_bytes(&longer, section.bytes + 24, section.used_bytes - 24);
	for (unsigned kind = 0; kind <= future; kind++)
		make_number(&longer, kind == future ? 8 | 4 << 8 : 0, 4);
	longer.bytes[4] = 32;
	s = make_span(&longer, 0);
	CHECK_OK(btf_init(&btf, &s));
	CHECK_OK(btf_field(&btf, "s", "m", &f));
	btf_deinit(&btf);
}

/* A union that contains itself, many times over: bounded work, no answer. */
TEST(btf, is_not_trapped_by_cycles)
{
	struct btf btf;
	struct field f;
	uint32_t size;

	btf_maker_init(&b);
	btf_make(&b, "loop", BTF_UNION, 200, 8);
	for (unsigned i = 0; i < 200; i++)
		btf_make_member(&b, "", 1, 0);
	btf_make(&b, "self", BTF_TYPEDEF, 0, 2);
	btf_make(&b, "array", BTF_TYPEDEF, 0, 4);
	btf_make(&b, "", BTF_ARRAY, 0, 0);
	btf_word(&b, 4);
	btf_word(&b, 1);
	btf_word(&b, 0xffffffff);
	btf_make_all(&b, &section);
	struct span s = make_span(&section, 0);
	CHECK_OK(btf_init(&btf, &s));
	CHECK_ERR(btf_field(&btf, "loop", "x", &f), ERR_ABSENT);
	CHECK_ERR(btf_field(&btf, "self", "x", &f), ERR_ABSENT);
	CHECK_ERR(btf_size(&btf, "self", &size), ERR_ABSENT);
	CHECK_ERR(btf_size(&btf, "array", &size), ERR_ABSENT);
	btf_deinit(&btf);
}

static void ask_everything(const struct btf *btf)
{
	struct field f;
	uint32_t size;
	int64_t v;

	IGNORE(btf_field(btf, "outer", "named.y|in.y|flag1|rest|pair", &f));
	IGNORE(btf_field(btf, "outer_t", "nothing", &f));
	IGNORE(btf_size(btf, "outer|inner|u32|e", &size));
	IGNORE(btf_enumerator(btf, "NOTHING", &v));
}

static void prefix_run(const uint8_t *bytes, size_t len_bytes)
{
	struct span s = {bytes, len_bytes, 0};
	struct btf btf;

	CHECK_ERR(btf_init(&btf, &s), ERR_PROTO);
}

TEST(btf, refuses_every_prefix)
{
	struct btf btf;

	CHECK_OK(all_open(&btf));
	btf_deinit(&btf);
	each_prefix(&section, prefix_run);
}

TEST(btf, survives_any_wrong_byte)
{
	struct btf btf;
	unsigned opened = 0, refused = 0;

	CHECK_OK(all_open(&btf));
	btf_deinit(&btf);
	for (size_t i = 0; i < section.used_bytes * 3; i++) {
		uint8_t *byte = &section.bytes[i / 3];
		uint8_t wrong = (uint8_t[]){0xff, 0x80, 0x01}[i % 3];
		struct span s = make_span(&section, 0);

		*byte ^= wrong;
		if (btf_init(&btf, &s)) {
			refused++;
		} else {
			opened++;
			ask_everything(&btf);
			btf_deinit(&btf);
		}
		*byte ^= wrong;
	}
	CU_ASSERT(opened > 0);
	CU_ASSERT(refused > 0);
}
