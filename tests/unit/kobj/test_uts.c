/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/uts.h"

#include <string.h>

static struct fake_guest g;

static gva_t set_up(void)
{
	static const enum field_id names[] = {F_new_utsname_sysname, F_new_utsname_nodename,
					      F_new_utsname_release, F_new_utsname_version,
					      F_new_utsname_machine, F_new_utsname_domainname};
	static const char *const texts[] = {"Linux", "lab", "6.1", "#1 SMP", "x86_64", "(none)"};

	fake_guest_init(&g);
	gva_t task = fake_alloc(&g, 64, 64), proxy = fake_alloc(&g, 64, 64);
	gva_t ns = fake_alloc(&g, 512, 64);
	fake_field(&g, F_task_struct_nsproxy, 0, 8);
	fake_field(&g, F_nsproxy_uts, 8, 8);
	fake_field(&g, F_uts_namespace_name, 4, 390);
	fake_set(&g, task, F_task_struct_nsproxy, proxy.v);
	fake_set(&g, proxy, F_nsproxy_uts, ns.v);
	for (uint32_t i = 0; i < 6; i++) {
		fake_field(&g, names[i], 65 * i, 65);
		fake_write(&g, gva_add(ns, 4 + 65 * i), texts[i], strlen(texts[i]));
	}
	return task;
}

TEST(uts, reads_the_names_of_a_tasks_namespace)
{
	struct utsname u;

	CHECK_OK(uts_of_task(&g.k, set_up(), &u));
	CU_ASSERT_STRING_EQUAL(u.sysname, "Linux");
	CU_ASSERT_STRING_EQUAL(u.nodename, "lab");
	CU_ASSERT_STRING_EQUAL(u.version, "#1 SMP");
	CU_ASSERT_STRING_EQUAL(u.domainname, "(none)");
}

TEST(uts, ends_names_that_have_no_end)
{
	struct utsname u;
	char full[65];

	gva_t task = set_up();
	memset(full, 'x', sizeof(full));
	gva_t proxy, ns;
	CHECK_OK(kfield_ptr(&g.k, task, F_task_struct_nsproxy, &proxy));
	CHECK_OK(kfield_ptr(&g.k, proxy, F_nsproxy_uts, &ns));
	fake_write(&g, gva_add(ns, 4 + 65), full, sizeof(full));
	CHECK_OK(uts_of_task(&g.k, task, &u));
	CU_ASSERT_EQUAL(strlen(u.nodename), 64);
}

TEST(uts, says_absent_for_an_exiting_task)
{
	struct utsname u;

	gva_t task = set_up();
	fake_set(&g, task, F_task_struct_nsproxy, 0);
	CHECK_ERR(uts_of_task(&g.k, task, &u), ERR_ABSENT);
}
