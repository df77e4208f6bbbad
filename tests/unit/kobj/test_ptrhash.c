/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/ptrhash.h"

static struct fake_guest g;
static char text[PTRHASH_TEXT_BYTES];
static gva_t restriction, filled;

/* The key of the reference vectors of SipHash: 00 01 ... 0f. */
static void set_up(void)
{
	uint8_t key[16];

	fake_guest_init(&g);
	restriction = fake_symbol(&g, S_kptr_restrict, 4);
	filled = fake_symbol(&g, S_filled_random_ptr_key, 4);
	fake_u32(&g, filled, 1);
	for (unsigned i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	fake_write(&g, fake_symbol(&g, S_ptr_key, sizeof(key)), key, sizeof(key));
}

static void expect(uint64_t pointer, const char *expected)
{
	CHECK_OK(ptrhash_restricted(&g.k, gva(pointer), text));
	CU_ASSERT_STRING_EQUAL(text, expected);
}

/* Vector 8 of SipHash-2-4 (Aumasson, Bernstein 2012): input 00..07, output 0x93f5f5799a932462. */
TEST(ptrhash, is_the_low_half_of_siphash)
{
	set_up();
	expect(UINT64_C(0x0706050403020100), "000000009a932462");
}

TEST(ptrhash, says_that_there_is_no_key_yet)
{
	set_up();
	fake_u32(&g, filled, 0);
	expect(0xffff888012345678, "(____ptrval____)");
}

/* Until 5.19: a static key that is above 0 as long as there is none. */
TEST(ptrhash, older_kernels_say_so_by_a_static_key)
{
	set_up();
	g.p.has_symbol[S_filled_random_ptr_key] = false;
	fake_variable(&g, S_not_filled_random_ptr_key, 1);
	expect(0xffff888012345678, "(____ptrval____)");
	fake_variable(&g, S_not_filled_random_ptr_key, 0);
	expect(UINT64_C(0x0706050403020100), "000000009a932462");
	g.p.has_symbol[S_not_filled_random_ptr_key] = false;
	CHECK_ERR(ptrhash_restricted(&g.k, gva(0xffff888012345678), text), ERR_PROFILE);
}

TEST(ptrhash, follows_kptr_restrict_and_no_hash_pointers)
{
	set_up();
	fake_u32(&g, restriction, 1);
	expect(0xffff888012345678, "ffff888012345678");
	fake_u32(&g, restriction, 2);
	expect(0xffff888012345678, "0000000000000000");
	fake_u32(&g, restriction, 0);
	fake_variable(&g, S_no_hash_pointers, 1);
	expect(0xffff888012345678, "ffff888012345678");
}

TEST(ptrhash, null_is_not_hashed)
{
	set_up();
	expect(0, "0000000000000000");
}
