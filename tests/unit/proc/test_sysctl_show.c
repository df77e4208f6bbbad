/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/proc/sysctl_show.h"

static struct fake_guest g;
static struct proc_view view;
static struct sysctl_entry entry;

static void set_up(void)
{
	fake_guest_init(&g);
	view = (struct proc_view){.kernel = &g.k};
	entry = (struct sysctl_entry){0};
}

static const struct err *show(sysctl_show_fn *fn, const char *expected)
{
	struct proc_node node = {0};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	const struct err *e = fn(&view, &node, &entry, out);

	fclose(out);
	if (!e)
		CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
	return e;
}

TEST(sysctl_show, names_of_what_registered)
{
	static const char *const names[] = {"default", "bpf_rr"};
	gva_t list, at;

	set_up();
	CHECK_ERR(show(show_mptcp_schedulers, ""), ERR_ABSENT);
	FAKE_MEMBERS(&g, {F_mptcp_sched_ops_list, 16}, {F_mptcp_sched_ops_name, 16});
	list = fake_symbol(&g, S_mptcp_sched_list, 16);
	fake_list(&g, list);
	CHECK_OK(show(show_mptcp_schedulers, "\n"));
	for (unsigned i = 0; i < 2; i++) {
		at = fake_object(&g);
		fake_write(&g, kfield_at(&g.k, at, F_mptcp_sched_ops_name), names[i],
			   strlen(names[i]) + 1);
		fake_list_add(&g, list, kfield_at(&g.k, at, F_mptcp_sched_ops_list));
	}
	CHECK_OK(show(show_mptcp_schedulers, "default bpf_rr\n"));
	fake_u64(&g, list, 0x1000);
	CHECK_ERR(show(show_mptcp_schedulers, ""), ERR_FAULT);
}

TEST(sysctl_show, a_boot_id_that_nobody_drew_is_an_error_and_no_zero)
{
	static const uint8_t id[16] = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0x4d, 0xef, 0x81, 1};
	const struct err *e;

	set_up();
	entry.data = fake_alloc(&g, 16, 8);
	e = show(show_uuid, "");
	CHECK_ERR(e, ERR_ABSENT);
	CU_ASSERT_EQUAL(e->errnum, EIO);
	fake_write(&g, entry.data, id, sizeof(id));
	CHECK_OK(show(show_uuid, "12345678-9abc-4def-8101-000000000000\n"));
}

TEST(sysctl_show, the_strictest_namespace_rules_whether_memory_may_be_executed)
{
	gva_t inner, outer;

	set_up();
	FAKE_MEMBERS(&g, {F_pid_namespace_memfd_noexec_scope, 4}, {F_pid_namespace_parent, 8});
	inner = fake_object(&g);
	outer = fake_object(&g);
	view.pid_ns = inner;
	fake_set(&g, inner, F_pid_namespace_parent, outer.v);
	CHECK_OK(show(show_memfd_noexec, "0\n"));
	fake_set(&g, inner, F_pid_namespace_memfd_noexec_scope, 1);
	CHECK_OK(show(show_memfd_noexec, "1\n"));
	fake_set(&g, outer, F_pid_namespace_memfd_noexec_scope, 2);
	CHECK_OK(show(show_memfd_noexec, "2\n"));
	fake_set(&g, outer, F_pid_namespace_parent, inner.v);
	CHECK_ERR(show(show_memfd_noexec, ""), ERR_RACE);
}

TEST(sysctl_show, energy_is_no_question_where_all_cpus_are_alike)
{
	set_up();
	entry.data = fake_alloc(&g, 8, 8);
	entry.max_len = 4;
	fake_u32(&g, entry.data, 1);
	CHECK_OK(show(show_energy_aware, "1\n"));
	fake_symbol(&g, S_sched_is_eas_possible, 8);
	fake_variable(&g, S_sd_asym_cpucapacity, 0);
	CHECK_OK(show(show_energy_aware, ""));
	fake_variable(&g, S_sd_asym_cpucapacity, 1);
	CHECK_ERR(show(show_energy_aware, ""), ERR_ABSENT);
}
