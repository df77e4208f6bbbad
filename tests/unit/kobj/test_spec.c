/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/spec.h"

static struct fake_guest g;
static gva_t task, cpu;

enum { CAP_WORDS = 22, BUG_WORDS = 2 };

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_atomic_flags, 8});
	fake_field(&g, F_cpuinfo_x86_capability, 40, 4 * (CAP_WORDS + BUG_WORDS));
	cpu = fake_symbol(&g, S_boot_cpu_data, 256);
	g.p.symbols[S_x86_bug_flags] = UINT64_C(0xffffffff82000000);
	g.p.symbols[S_x86_cap_flags] = g.p.symbols[S_x86_bug_flags] + 256 * BUG_WORDS;
	fake_variable(&g, S_ssb_mode, 0);
	fake_variable(&g, S_spectre_v2_user_ibpb, 0);
	fake_variable(&g, S_spectre_v2_user_stibp, 0);
	fake_enumerator(&g, E_SPEC_STORE_BYPASS_NONE, 0);
	fake_enumerator(&g, E_SPEC_STORE_BYPASS_DISABLE, 1);
	fake_enumerator(&g, E_SPECTRE_V2_USER_NONE, 0);
	fake_enumerator(&g, E_SPECTRE_V2_USER_STRICT, 1);
	fake_enumerator(&g, E_SPECTRE_V2_USER_STRICT_PREFERRED, 2);
	fake_enumerator(&g, E_SPECTRE_V2_USER_PRCTL, 3);
	fake_enumerator(&g, E_SPECTRE_V2_USER_SECCOMP, 4);
	task = fake_object(&g);
}

static void set_bugs(uint32_t bits)
{
	fake_u32(&g, gva_add(kfield_at(&g.k, cpu, F_cpuinfo_x86_capability), 4 * CAP_WORDS), bits);
}

static const char *bypass(uint32_t mode, uint64_t flags)
{
	const char *text = "";

	fake_variable(&g, S_ssb_mode, mode);
	fake_set(&g, task, F_task_struct_atomic_flags, flags);
	CHECK_OK(spec_store_bypass(&g.k, task, &text));
	return text;
}

static const char *branch(uint32_t ibpb, uint32_t stibp, uint64_t flags)
{
	const char *text = "";

	fake_variable(&g, S_spectre_v2_user_ibpb, ibpb);
	fake_variable(&g, S_spectre_v2_user_stibp, stibp);
	fake_set(&g, task, F_task_struct_atomic_flags, flags);
	CHECK_OK(spec_indirect_branch(&g.k, task, &text));
	return text;
}

TEST(spec, store_bypass_is_worded_as_the_kernel_does)
{
	set_up();
	CU_ASSERT_STRING_EQUAL(bypass(0, 0), "not vulnerable");
	set_bugs(1u << 17);
	CU_ASSERT_STRING_EQUAL(bypass(0, 0), "vulnerable");
	CU_ASSERT_STRING_EQUAL(bypass(1, 0), "globally mitigated");
	CU_ASSERT_STRING_EQUAL(bypass(2, 0), "thread vulnerable");
	CU_ASSERT_STRING_EQUAL(bypass(2, 1u << 3), "thread mitigated");
	CU_ASSERT_STRING_EQUAL(bypass(3, 1u << 3 | 1u << 4), "thread force mitigated");
	CU_ASSERT_STRING_EQUAL(bypass(2, 1u << 3 | 1u << 7), "vulnerable");
}

TEST(spec, indirect_branches_are_worded_as_the_kernel_does)
{
	set_up();
	CU_ASSERT_STRING_EQUAL(branch(0, 0, 0), "not affected");
	set_bugs(1u << 16);
	CU_ASSERT_STRING_EQUAL(branch(0, 0, 0), "always enabled");
	CU_ASSERT_STRING_EQUAL(branch(3, 0, 0), "conditional enabled");
	CU_ASSERT_STRING_EQUAL(branch(0, 4, 1u << 5), "conditional disabled");
	CU_ASSERT_STRING_EQUAL(branch(3, 4, 1u << 5 | 1u << 6), "conditional force disabled");
	CU_ASSERT_STRING_EQUAL(branch(1, 0, 0), "always disabled");
	CU_ASSERT_STRING_EQUAL(branch(0, 2, 0), "always disabled");
}

TEST(spec, a_profile_that_does_not_tell_the_bug_words_is_refused)
{
	const char *text;

	set_up();
	g.p.symbols[S_x86_cap_flags] += 8;
	CHECK_ERR(spec_store_bypass(&g.k, task, &text), ERR_PROFILE);
	g.p.symbols[S_x86_cap_flags] = g.p.symbols[S_x86_bug_flags] - 256;
	CHECK_ERR(spec_store_bypass(&g.k, task, &text), ERR_PROFILE);
}
