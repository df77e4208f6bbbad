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
	CU_ASSERT_EQUAL(needs_of("/proc/1"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/1/stat"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/1/fd"), BASE | WORKSET_FILES);
	CU_ASSERT_EQUAL(needs_of("/proc/1/fd/3"), BASE | WORKSET_FILES);
	CU_ASSERT_EQUAL(needs_of("/proc/1/fdx"), BASE);
	CU_ASSERT_EQUAL(needs_of("/proc/net"), BASE | WORKSET_FILES | WORKSET_SOCKETS);
	CU_ASSERT_EQUAL(needs_of("/proc/1/net/tcp"), BASE | WORKSET_FILES | WORKSET_SOCKETS);
	CU_ASSERT_EQUAL(needs_of("/proc/1/task/7/stat"), BASE | WORKSET_THREADS);
	CU_ASSERT_EQUAL(needs_of("/proc/1/task/7/fd/0"), BASE | WORKSET_THREADS | WORKSET_FILES);
}
