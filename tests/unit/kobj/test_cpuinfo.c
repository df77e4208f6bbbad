/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/cpuinfo.h"

#include <string.h>

static struct fake_guest g;
static gva_t info;

static void set_up(void)
{
	static const enum field_id small[] = {
		F_cpuinfo_x86_family,         F_cpuinfo_x86_model,
		F_cpuinfo_x86_stepping,       F_cpuinfo_x86_microcode,
		F_cpuinfo_x86_pkg_id,         F_cpuinfo_x86_core_id,
		F_cpuinfo_x86_booted_cores,   F_cpuinfo_x86_apicid,
		F_cpuinfo_x86_initial_apicid, F_cpuinfo_x86_clflush_size,
		F_cpuinfo_x86_power,          F_cpuinfo_x86_phys_bits,
		F_cpuinfo_x86_virt_bits,      F_cpuinfo_x86_cpuid_level,
		F_cpuinfo_x86_cache_size,     F_cpuinfo_x86_cache_alignment,
		F_cpuinfo_x86_tlbsize};

	fake_guest_init(&g);
	g.k.cpu_count = 4;
	info = fake_symbol(&g, S_cpu_info, 256);
	for (uint32_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		fake_field(&g, small[i], 64 + 4 * i, 4);
	fake_field(&g, F_cpuinfo_x86_vendor_id, 0, 16);
	fake_field(&g, F_cpuinfo_x86_model_id, 16, 48);
	fake_field(&g, F_cpuinfo_x86_lpj, 160, 8);
	fake_field(&g, F_cpuinfo_x86_capability, 168, 16);
	fake_field(&g, F_task_struct_cpus_mask, 0, 1024);
	fake_field(&g, F_irq_desc_pending_mask, 0, 8);
	fake_variable(&g, S_cpu_khz, 2596153);
	gva_t mask = fake_alloc(&g, 1024, 64);
	fake_u64(&g, mask, 0x7);
	fake_variable(&g, S_cpu_core_map, mask.v);
	fake_symbol_at(&g, S_x86_bug_flags, gva(0x1000));
	fake_symbol_at(&g, S_x86_cap_flags, gva(0x1000 + 32 * 8));
}

TEST(cpuinfo, reads_what_the_kernel_found)
{
	struct cpuinfo c;

	set_up();
	fake_write(&g, info, "AuthenticAMD", 12);
	fake_set(&g, info, F_cpuinfo_x86_family, 15);
	fake_set(&g, info, F_cpuinfo_x86_cpuid_level, (uint32_t)-1);
	fake_u32(&g, gva_add(info, 168 + 4), 1u << 3);
	CHECK_OK(cpuinfo_read(&g.k, 0, &c));
	CU_ASSERT_STRING_EQUAL(c.vendor, "AuthenticAMD");
	CU_ASSERT_EQUAL(c.family, 15);
	CU_ASSERT_EQUAL(c.cpuid_level, -1);
	CU_ASSERT_EQUAL(c.khz, 2596153);
	CU_ASSERT_EQUAL(c.siblings, 3);
	CU_ASSERT_EQUAL(c.feature_words, 4);
	CU_ASSERT_EQUAL(c.bug_words, 1);
	CU_ASSERT(cpuinfo_has(&c, 35));
	CU_ASSERT(!cpuinfo_has(&c, 3));
	CU_ASSERT(!cpuinfo_has(&c, 10000));
}

TEST(cpuinfo, reads_masks_that_are_no_pointers)
{
	struct cpuinfo c;

	set_up();
	fake_field(&g, F_irq_desc_pending_mask, 0, 64);
	fake_variable(&g, S_cpu_core_map, 1);
	CHECK_OK(cpuinfo_read(&g.k, 0, &c));
	CU_ASSERT_EQUAL(c.siblings, 1);
}

TEST(cpuinfo, names_flags_from_the_guests_table)
{
	char name[CPUINFO_NAME_BYTES], longest[128];
	bool unnamed;

	set_up();
	gva_t table = fake_symbol(&g, S_x86_cap_flags, 64);
	memset(longest, 'x', sizeof(longest));
	longest[127] = 0;
	fake_u64(&g, table, fake_str(&g, "fpu").v);
	fake_u64(&g, gva_add(table, 16), fake_str(&g, longest).v);
	CHECK_OK(cpuinfo_flag_name(&g.k, S_x86_cap_flags, 0, name, &unnamed));
	CU_ASSERT(!unnamed);
	CU_ASSERT_STRING_EQUAL(name, "fpu");
	CHECK_OK(cpuinfo_flag_name(&g.k, S_x86_cap_flags, 1, name, &unnamed));
	CU_ASSERT(unnamed);
	CHECK_OK(cpuinfo_flag_name(&g.k, S_x86_cap_flags, 2, name, &unnamed));
	CU_ASSERT_EQUAL(strlen(name), CPUINFO_NAME_BYTES - 1);
}
