/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/apparmor.h"

static struct fake_guest g;
static gva_t ns, free_profile, task, reader;
static char label[APPARMOR_LABEL_BYTES];

static gva_t profile_new(gva_t in, const char *name, uint32_t mode)
{
	gva_t profile = fake_object(&g);

	fake_set(&g, profile, F_aa_profile_hname, fake_str(&g, name).v);
	fake_set(&g, profile, F_aa_profile_ns, in.v);
	fake_set(&g, profile, F_aa_profile_mode, mode);
	return profile;
}

static void put_label(gva_t of, const gva_t *profiles, unsigned count)
{
	gva_t at = fake_object(&g), cred = fake_object(&g), blob = fake_object(&g);

	fake_set(&g, at, F_aa_label_size, count);
	for (unsigned i = 0; i < count; i++)
		fake_u64(&g, gva_add(kfield_at(&g.k, at, F_aa_label_vec), 8 * (uint64_t)i),
			 profiles[i].v);
	fake_set(&g, of, F_task_struct_real_cred, cred.v);
	fake_set(&g, cred, F_cred_security, blob.v);
	fake_u64(&g, gva_add(blob, 24), at.v);
}

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_real_cred, 8});
	FAKE_MEMBERS(&g, {F_cred_security, 8});
	FAKE_MEMBERS(&g, {F_lsm_blob_sizes_lbs_cred, 4});
	FAKE_MEMBERS(&g, {F_aa_label_size, 4}, {F_aa_label_vec, 8});
	FAKE_MEMBERS(&g, {F_aa_profile_hname, 8}, {F_aa_profile_ns, 8}, {F_aa_profile_mode, 8});
	FAKE_MEMBERS(&g, {F_aa_ns_unconfined, 8});
	fake_variable(&g, S_apparmor_initialized, 1);
	fake_set(&g, fake_symbol(&g, S_apparmor_blob_sizes, 256), F_lsm_blob_sizes_lbs_cred, 24);
	ns = fake_object(&g);
	free_profile = profile_new(ns, "unconfined", 3);
	fake_set(&g, ns, F_aa_ns_unconfined, free_profile.v);
	task = fake_object(&g);
	reader = fake_object(&g);
	put_label(reader, &free_profile, 1);
}

static const char *label_of_task(const gva_t *profiles, unsigned count)
{
	put_label(task, profiles, count);
	*label = 0;
	CHECK_OK(apparmor_label(&g.k, task, reader, label));
	return label;
}

TEST(apparmor, labels_name_profile_and_mode)
{
	set_up();
	CU_ASSERT_STRING_EQUAL(label_of_task(&free_profile, 1), "unconfined");
	gva_t strict = profile_new(ns, "/usr/sbin/cups", 0), lax = profile_new(ns, "man", 1);
	gva_t named = profile_new(ns, "busybox", 3); /* unconfined, but by a profile of its own */
	CU_ASSERT_STRING_EQUAL(label_of_task(&strict, 1), "/usr/sbin/cups (enforce)");
	CU_ASSERT_STRING_EQUAL(label_of_task(&lax, 1), "man (complain)");
	CU_ASSERT_STRING_EQUAL(label_of_task(&named, 1), "busybox (unconfined)");
	CU_ASSERT_STRING_EQUAL(label_of_task((gva_t[]){strict, lax}, 2),
			       "/usr/sbin/cups//&man (mixed)");
	CU_ASSERT_STRING_EQUAL(label_of_task((gva_t[]){strict, free_profile}, 2),
			       "/usr/sbin/cups//&unconfined (enforce)");
}

TEST(apparmor, what_the_reader_cannot_be_shown_is_absent)
{
	set_up();
	gva_t other = fake_object(&g), elsewhere = profile_new(other, "x", 0);
	put_label(task, &elsewhere, 1);
	CHECK_ERR(apparmor_label(&g.k, task, reader, label), ERR_ABSENT);
	fake_variable(&g, S_apparmor_initialized, 0);
	CHECK_ERR(apparmor_label(&g.k, task, reader, label), ERR_ABSENT);
}

TEST(apparmor, labels_that_cannot_be_are_a_race)
{
	gva_t many[2];

	set_up();
	put_label(task, NULL, 0);
	CHECK_ERR(apparmor_label(&g.k, task, reader, label), ERR_RACE);
	many[0] = many[1] = profile_new(ns, "x", 77);
	put_label(task, many, 2);
	CHECK_ERR(apparmor_label(&g.k, task, reader, label), ERR_RACE);
	put_label(task, many, 1);
	gva_t cred, blob, at;
	CHECK_OK(kfield_ptr(&g.k, task, F_task_struct_real_cred, &cred));
	CHECK_OK(kfield_ptr(&g.k, cred, F_cred_security, &blob));
	CHECK_OK(kread_ptr(&g.k, gva_add(blob, 24), &at));
	fake_set(&g, at, F_aa_label_size, UINT32_MAX);
	CHECK_ERR(apparmor_label(&g.k, task, reader, label), ERR_RACE);
}
