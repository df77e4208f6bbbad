/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/proc/schedtext.h"

static struct fake_guest g;
static gva_t task;
static char *text;
static size_t size;

static FILE *begin(void)
{
	fake_guest_init(&g);
	task = fake_object(&g);
	return open_memstream(&text, &size);
}

static void check(FILE *out, const char *wanted)
{
	fclose(out);
	CU_ASSERT_STRING_EQUAL(text, wanted);
	free(text);
}

TEST(schedtext, a_fraction_has_no_sign)
{
	FILE *out = begin();

	schedtext_time(out, "a", -1);
	schedtext_time(out, "a", -2500001);
	schedtext_time(out, "a", INT64_MIN);
	schedtext_time(out, "a", 1000000);
	check(out, "a                                            :             0.000001\n"
		   "a                                            :            -2.500001\n"
		   "a                                            :-9223372036854.775808\n"
		   "a                                            :             1.000000\n");
}

TEST(schedtext, a_member_that_is_not_there_has_no_line)
{
	FILE *out = begin();

	FAKE_MEMBERS(&g, {F_task_struct_numa_pages_migrated, 8},
		     {F_task_struct_numa_preferred_nid, 4});
	fake_set(&g, task, F_task_struct_numa_preferred_nid, UINT32_MAX);
	CHECK_OK(schedtext_part(&g.k, task, NUMA, "", out));
	check(out, "numa_pages_migrated                          :                    0\n"
		   "numa_preferred_nid                           :                   -1\n");
}

TEST(schedtext, labels_have_their_prefix)
{
	FILE *out = begin();

	FAKE_MEMBERS(&g, {F_task_struct_wait_max, 8},
		     {F_task_struct_nr_wakeups_affine_attempts, 8});
	fake_set(&g, task, F_task_struct_wait_max, 1234567);
	CHECK_OK(schedtext_part(&g.k, task, STATS, "se.statistics.", out));
	check(out, "se.statistics.wait_max                       :             1.234567\n"
		   "se.statistics.nr_wakeups_affine_attempts     :                    0\n");
}

TEST(schedtext, a_task_nowhere_is_a_fault)
{
	FILE *out = begin();

	FAKE_MEMBERS(&g, {F_task_struct_exec_start, 8});
	CHECK_ERR(schedtext_part(&g.k, gva(8), RUN, "", out), ERR_FAULT);
	check(out, "");
}
