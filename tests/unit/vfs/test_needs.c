/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "transcall/target/target.h"
#include "transcall/vfs/needs.h"

#define BASE (WORKSET_TASKS | WORKSET_SYSTEM)

TEST(needs, follow_the_entry)
{
	CU_ASSERT_EQUAL(needs_of("/proc"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/stat"), BASE);
	CU_ASSERT_EQUAL(needs_of("/etc/passwd"), BASE);
	CU_ASSERT_EQUAL(needs_of("/sys/fs/cgroup/a"), BASE | WORKSET_GROUPS);
	CU_ASSERT_EQUAL(needs_of("/sys/fs"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/1"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/1/stat"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/1/fd"), BASE | WORKSET_FILES);
	CU_ASSERT_EQUAL(needs_of("/proc/1/fd/3"), BASE | WORKSET_FILES);
	CU_ASSERT_EQUAL(needs_of("/proc/1/fdx"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/net"), BASE | WORKSET_FILES | WORKSET_SOCKETS);
	CU_ASSERT_EQUAL(needs_of("/proc/1/net/tcp"), BASE | WORKSET_FILES | WORKSET_SOCKETS);
	CU_ASSERT_EQUAL(needs_of("/proc/irq/24/node"), BASE | WORKSET_DRIVERS);
	CU_ASSERT_EQUAL(needs_of("/proc/1/task/7/stat"), BASE | WORKSET_THREADS);
	CU_ASSERT_EQUAL(needs_of("/proc/1/task/7/fd/0"), BASE | WORKSET_THREADS | WORKSET_FILES);
}

TEST(needs, name_the_process_whose_pages_are_meant)
{
	CU_ASSERT_EQUAL(needs_of("/proc/7/smaps"), BASE | workset_pages_of(7));
	CU_ASSERT_EQUAL(needs_of("/proc/7/smaps_rollup"), BASE | workset_pages_of(7));
	CU_ASSERT_EQUAL(needs_of("/proc/7/task/8/smaps"),
			BASE | WORKSET_THREADS | workset_pages_of(7));
}

TEST(needs, join_to_the_pages_of_one_process_or_of_all)
{
	uint64_t one = BASE | workset_pages_of(7);

	CU_ASSERT_EQUAL(workset_join(BASE, one), one);
	CU_ASSERT_EQUAL(workset_join(one, WORKSET_FILES), one | WORKSET_FILES);
	CU_ASSERT_EQUAL(workset_join(one, workset_pages_of(7)), one);
	CU_ASSERT_EQUAL(workset_join(one, workset_pages_of(8)), BASE | WORKSET_PAGES);
	CU_ASSERT_EQUAL(workset_join(BASE | WORKSET_PAGES, one), BASE | WORKSET_PAGES);
}
