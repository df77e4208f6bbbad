/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/vmmd/secret.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The VmFlags line of the mapping that holds @at (proc(5), /proc/PID/smaps). */
static bool flags_of(const void *at, char *ret, int size)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	bool inside = false, found = false;
	char line[512];

	while (f && !found && fgets(line, sizeof(line), f)) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = (uintptr_t)at >= from && (uintptr_t)at < to;
		if (inside && !strncmp(line, "VmFlags:", 8)) {
			snprintf(ret, (size_t)size, "%s", line + 8);
			found = true;
		}
	}
	if (f)
		fclose(f);
	return found;
}

TEST(secret, memory_is_locked_and_kept_out_of_dumps_and_children)
{
	char flags[512] = "";
	void *at = NULL;

	CHECK_OK(secret_alloc(70000, &at));
	memset(at, 0x5a, 70000);
	CU_ASSERT_TRUE(flags_of(at, flags, sizeof(flags)));
	CU_ASSERT_PTR_NOT_NULL(strstr(flags, " lo")); /* locked */
	CU_ASSERT_PTR_NOT_NULL(strstr(flags, " dd")); /* not dumped */
	CU_ASSERT_PTR_NOT_NULL(strstr(flags, " dc")); /* not copied on fork */
	secret_free(at, 70000);
}
