/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/mib.h"

#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_symbols.h"

static struct fake_guest g;
static struct mib_iter it;
static gva_t list;

/* A list of @bytes, which the symbol behind it ends. */
static void set_up(uint32_t bytes)
{
	struct fake_named symbols[] = {{0, "Dsnmp4_udp_list"}, {0, "Dbehind"}, {0, "Dlast"}};

	fake_guest_init(&g);
	list = fake_symbol(&g, S_snmp4_udp_list, bytes);
	symbols[0].address = list.v;
	symbols[1].address = list.v + bytes;
	symbols[2].address = list.v + bytes + 16;
	fake_kallsyms(&g, FAKE_SELF_RELATIVE, symbols, 3);
}

static void entry_set(unsigned i, gva_t name, uint32_t entry)
{
	fake_u64(&g, gva_add(list, 16 * i), name.v);
	fake_u32(&g, gva_add(list, 16 * i + 8), entry);
}

static void expect(const char *name, uint32_t entry)
{
	char found[MIB_NAME_BYTES];
	uint32_t number = 0;

	CHECK_OK(mib_iter_next(&it, &g.k, found, &number));
	CU_ASSERT_STRING_EQUAL(found, name);
	CU_ASSERT_EQUAL(number, entry);
}

TEST(mib, names_end_with_the_list_or_with_none)
{
	set_up(32);
	entry_set(0, fake_str(&g, "InDatagrams"), 1);
	entry_set(1, fake_str(&g, "NoPorts"), 7);
	CHECK_OK(mib_iter_init(&it, &g.k, S_snmp4_udp_list));
	expect("InDatagrams", 1);
	expect("NoPorts", 7);
	expect("", 0);
	entry_set(1, gva(0), 9);
	CHECK_OK(mib_iter_init(&it, &g.k, S_snmp4_udp_list));
	expect("InDatagrams", 1);
	expect("", 0);
}

TEST(mib, a_kernel_may_not_have_it)
{
	set_up(32);
	CHECK_ERR(mib_iter_init(&it, &g.k, S_snmp4_tcp_list), ERR_ABSENT);
}

TEST(mib, names_and_numbers_that_cannot_be)
{
	char name[MIB_NAME_BYTES], text[300];
	uint32_t entry;

	set_up(32);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	entry_set(0, fake_str(&g, text), UINT32_MAX);
	CHECK_OK(mib_iter_init(&it, &g.k, S_snmp4_udp_list));
	CHECK_ERR(mib_iter_next(&it, &g.k, name, &entry), ERR_RACE);
	CU_ASSERT_EQUAL(strlen(name), sizeof(name) - 1);
	entry_set(0, gva(8), 0);
	CHECK_ERR(mib_iter_next(&it, &g.k, name, &entry), ERR_FAULT);
}

TEST(mib, counters_are_summed_over_the_cpus)
{
	gva_t counters = gva(0);
	uint64_t sum;

	set_up(32);
	counters = fake_alloc(&g, 128, 8);
	g.k.cpu_count = 2;
	g.k.percpu_base[1] = 64;
	fake_u64(&g, gva_add(counters, 8 * 3), 40);
	fake_u64(&g, gva_add(counters, 64 + 8 * 3), UINT64_MAX); /* -1 */
	CHECK_OK(mib_sum(&g.k, counters, 3, &sum));
	CU_ASSERT_EQUAL(sum, 39);
	CHECK_ERR(mib_sum(&g.k, gva(0), 3, &sum), ERR_FAULT);
}
