/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AppArmor labels (security/apparmor/label.c). Input: attacker-controlled. */
#include "transcall/kobj/apparmor.h"

#include <stdio.h>
#include <string.h>

#define PROFILES_MAX  64 /* stacked in one label; real ones have one or two */
#define POINTER_BYTES 8
#define MODE_NONE     (-1)
#define MODE_MIXED    (-2)

/* aa_profile_mode_names[]; "user" since 6.6 */
static const char *const mode_names[] = {"enforce", "complain", "kill", "unconfined", "user"};
#define MODE_COUNT ((int64_t)(sizeof(mode_names) / sizeof(mode_names[0])))

/* cred_label() */
static const struct err *label_of(const struct kernel *k, gva_t task, gva_t *ret)
{
	gva_t cred, security;
	uint64_t offset;

	TRY(kfield_ptr(k, task, F_task_struct_real_cred, &cred));
	TRY(kfield_ptr(k, cred, F_cred_security, &security));
	TRY(kfield_uint(k, kernel_symbol(k, S_apparmor_blob_sizes), F_lsm_blob_sizes_lbs_cred,
			&offset));
	return kread_ptr(k, gva_add(security, (uint32_t)offset), ret);
}

static const struct err *profile_at(const struct kernel *k, gva_t label, unsigned i, gva_t *ret)
{
	return kread_ptr(k, gva_add(kfield_at(k, label, F_aa_label_vec), POINTER_BYTES * i), ret);
}

/* labels_ns(): that of the last profile. */
static const struct err *label_ns(const struct kernel *k, gva_t label, unsigned *ret_count,
				  gva_t *ret)
{
	uint64_t count;
	gva_t profile;

	TRY(kfield_uint(k, label, F_aa_label_size, &count));
	if (!count || count > PROFILES_MAX)
		return ERR_AT(ERR_RACE, label.v, "a label of %u profiles", (unsigned)count);
	*ret_count = (unsigned)count;
	TRY(profile_at(k, label, *ret_count - 1, &profile));
	return kfield_ptr(k, profile, F_aa_profile_ns, ret);
}

/* label_modename(): the namespace's own unconfined profile does not count. */
static const struct err *mode_add(const struct kernel *k, gva_t profile, gva_t ns, int64_t *mode)
{
	gva_t unconfined;
	int64_t own;

	TRY(kfield_ptr(k, ns, F_aa_ns_unconfined, &unconfined));
	if (gva_equal(profile, unconfined))
		return NULL;
	TRY(kfield_int(k, profile, F_aa_profile_mode, &own));
	if (own < 0 || own >= MODE_COUNT)
		return ERR_AT(ERR_RACE, profile.v, "a profile of mode %d", (int)own);
	*mode = *mode == MODE_NONE || *mode == own ? own : MODE_MIXED;
	return NULL;
}

static const struct err *name_add(const struct kernel *k, gva_t profile, bool first, char *text)
{
	size_t used = strlen(text);
	char name[1024];
	gva_t at;

	TRY(kfield_ptr(k, profile, F_aa_profile_hname, &at));
	TRY(kread_str(k, at, name, sizeof(name)));
	int len = snprintf(text + used, APPARMOR_LABEL_BYTES - used, "%s%s", first ? "" : "//&",
			   name);
	if ((size_t)len >= APPARMOR_LABEL_BYTES - used)
		return ERR(ERR_ABSENT, "a label is too long");
	return NULL;
}

static const struct err *label_print(const struct kernel *k, gva_t label, unsigned count, gva_t ns,
				     char *text)
{
	int64_t mode = MODE_NONE;
	gva_t profile, profile_ns;

	*text = 0;
	for (unsigned i = 0; i < count; i++) {
		TRY(profile_at(k, label, i, &profile));
		TRY(kfield_ptr(k, profile, F_aa_profile_ns, &profile_ns));
		if (!gva_equal(profile_ns, ns))
			return ERR(ERR_ABSENT, "a label of several policy namespaces");
		TRY(mode_add(k, profile, ns, &mode));
		TRY(name_add(k, profile, i == 0, text));
	}
	size_t used = strlen(text);
	if (mode != MODE_NONE)
		snprintf(text + used, APPARMOR_LABEL_BYTES - used, " (%s)",
			 mode == MODE_MIXED ? "mixed" : mode_names[mode]);
	return NULL;
}

static const struct err *check_used(const struct kernel *k)
{
	uint32_t initialized = 0;

	if (k->profile->has_symbol[S_apparmor_initialized])
		TRY(kread_u32(k, kernel_symbol(k, S_apparmor_initialized), &initialized));
	return initialized ? NULL : ERR(ERR_ABSENT, "the guest does not use AppArmor");
}

const struct err *apparmor_has_label(const struct kernel *k, gva_t task, enum field_id which,
				     bool *ret)
{
	gva_t security, label;
	uint64_t offset;

	TRY(check_used(k));
	TRY(kfield_ptr(k, task, F_task_struct_security, &security));
	TRY(kfield_uint(k, kernel_symbol(k, S_apparmor_blob_sizes), F_lsm_blob_sizes_lbs_task,
			&offset));
	TRY(kfield_ptr(k, gva_add(security, (uint32_t)offset), which, &label));
	*ret = !gva_is_null(label);
	return NULL;
}

const struct err *apparmor_label(const struct kernel *k, gva_t task, gva_t reader,
				 char ret[static APPARMOR_LABEL_BYTES])
{
	unsigned count, reader_count;
	gva_t label, ns, reader_ns;

	TRY(check_used(k));
	TRY(label_of(k, reader, &label));
	TRY(label_ns(k, label, &reader_count, &reader_ns));
	TRY(label_of(k, task, &label));
	TRY(label_ns(k, label, &count, &ns));
	if (!gva_equal(ns, reader_ns))
		return ERR(ERR_ABSENT, "a label of another policy namespace");
	return label_print(k, label, count, ns, ret);
}
