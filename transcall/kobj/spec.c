/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ssb_prctl_get() and ib_prctl_get(), arch/x86/kernel/cpu/bugs.c. Input: attacker-controlled. */
#include "transcall/kobj/spec.h"

/* task->atomic_flags (include/linux/sched.h) */
#define SSB_DISABLE       (1u << 3)
#define SSB_FORCE_DISABLE (1u << 4)
#define IB_DISABLE        (1u << 5)
#define IB_FORCE_DISABLE  (1u << 6)
#define SSB_NOEXEC        (1u << 7)

/* Bug bits follow the capabilities in cpuinfo_x86 (arch/x86/include/asm/cpufeatures.h). */
#define BUG_SPECTRE_V2 16
#define BUG_SSB        17
#define WORD_NAMES     256 /* bytes of names of one word's bits: 32 pointers */
#define BUG_WORDS_MAX  8

/* NBUGINTS from the names: x86_cap_flags[] follows x86_bug_flags[NBUGINTS * 32] (capflags.c). */
static const struct err *cpu_has_bug(const struct kernel *k, unsigned bug, bool *ret)
{
	const struct field *caps = &k->profile->fields[F_cpuinfo_x86_capability];
	uint64_t names =
		k->profile->symbols[S_x86_cap_flags] - k->profile->symbols[S_x86_bug_flags];
	uint64_t words = names / WORD_NAMES;
	uint32_t word;

	if (names % WORD_NAMES || !words || words > BUG_WORDS_MAX || words * 4 > caps->size_bytes)
		return ERR(ERR_PROFILE, "the profile does not tell the number of CPU bug words");
	TRY(kread_u32(
		k,
		gva_add(kfield_at(k, kernel_symbol(k, S_boot_cpu_data), F_cpuinfo_x86_capability),
			caps->size_bytes - 4 * words),
		&word));
	*ret = word >> bug & 1;
	return NULL;
}

static const struct err *mode_read(const struct kernel *k, enum symbol_id id, int64_t *ret)
{
	uint32_t v;

	TRY(kread_u32(k, kernel_symbol(k, id), &v));
	*ret = (int32_t)v;
	return NULL;
}

static bool mode_is(const struct kernel *k, int64_t mode, enum enumerator_id id)
{
	const struct enumerator *e = &k->profile->enumerators[id];

	return e->present && e->value == mode;
}

const struct err *spec_store_bypass(const struct kernel *k, gva_t task, const char **ret)
{
	uint64_t flags;
	int64_t mode;
	bool bug;

	TRY(mode_read(k, S_ssb_mode, &mode));
	TRY(kfield_uint(k, task, F_task_struct_atomic_flags, &flags));
	if (mode_is(k, mode, E_SPEC_STORE_BYPASS_NONE)) {
		TRY(cpu_has_bug(k, BUG_SSB, &bug));
		*ret = bug ? "vulnerable" : "not vulnerable";
	} else if (mode_is(k, mode, E_SPEC_STORE_BYPASS_DISABLE)) {
		*ret = "globally mitigated";
	} else if (flags & SSB_FORCE_DISABLE) {
		*ret = "thread force mitigated";
	} else if (flags & SSB_NOEXEC) {
		*ret = "vulnerable"; /* PR_SPEC_DISABLE_NOEXEC falls to the default of
					task_seccomp() */
	} else {
		*ret = flags & SSB_DISABLE ? "thread mitigated" : "thread vulnerable";
	}
	return NULL;
}

static bool mode_is_user(const struct kernel *k, int64_t mode)
{
	return mode_is(k, mode, E_SPECTRE_V2_USER_PRCTL) ||
	       mode_is(k, mode, E_SPECTRE_V2_USER_SECCOMP);
}

static const char *user_branch_text(uint64_t flags)
{
	if (flags & IB_FORCE_DISABLE)
		return "conditional force disabled";
	return flags & IB_DISABLE ? "conditional disabled" : "conditional enabled";
}

const struct err *spec_indirect_branch(const struct kernel *k, gva_t task, const char **ret)
{
	int64_t ibpb, stibp;
	uint64_t flags;
	bool bug;

	TRY(mode_read(k, S_spectre_v2_user_ibpb, &ibpb));
	TRY(mode_read(k, S_spectre_v2_user_stibp, &stibp));
	TRY(kfield_uint(k, task, F_task_struct_atomic_flags, &flags));
	TRY(cpu_has_bug(k, BUG_SPECTRE_V2, &bug));
	if (!bug)
		*ret = "not affected";
	else if (mode_is(k, ibpb, E_SPECTRE_V2_USER_NONE) &&
		 mode_is(k, stibp, E_SPECTRE_V2_USER_NONE))
		*ret = "always enabled";
	else if (mode_is_user(k, ibpb) || mode_is_user(k, stibp))
		*ret = user_branch_text(flags);
	else if (mode_is(k, ibpb, E_SPECTRE_V2_USER_STRICT) ||
		 mode_is(k, stibp, E_SPECTRE_V2_USER_STRICT) ||
		 mode_is(k, stibp, E_SPECTRE_V2_USER_STRICT_PREFERRED))
		*ret = "always disabled";
	else
		*ret = "not affected";
	return NULL;
}
