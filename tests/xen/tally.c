// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/xen/tally.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vmm/include/rtvmm.h"

void tally_result(struct tally *t, int status)
{
	t->calls++;
	if (status > 0 || status <= -TALLY_ERRORS)
		t->strange++;
	else
		t->results[-status]++;
}

void tally_add(struct tally *sum, const struct tally *t)
{
	const uint64_t *from = (const uint64_t *)t;
	uint64_t *to = (uint64_t *)sum;

	for (size_t i = 0; i < sizeof(*t) / sizeof(*from); i++)
		to[i] += from[i];
}

/* vmm/xen/include/public/remotetrans.h */
static bool documented(int error)
{
	static const int errors[] = {
		0,           EPERM,          ESRCH,
		EFAULT,      EOPNOTSUPP,     ENOSYS,
		EINVAL,      ENOBUFS,        RTVMM_ENOSESSION,
		RTVMM_EBUSY, RTVMM_ENOSPC,   RTVMM_EIO,
		RTVMM_ETIME, RTVMM_EVERSION, RTVMM_EKEY,
		ENOENT,
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (errors[i] == error)
			return true;
	return false;
}

void tally_print(struct tally *t)
{
	for (int i = 0; i < TALLY_ERRORS; i++) {
		if (!t->results[i])
			continue;
		printf("  %9llu %s%s\n", (unsigned long long)t->results[i],
		       i ? strerrorname_np(i) : "success", documented(i) ? "" : " NOT DOCUMENTED");
		if (!documented(i))
			t->violations++;
	}
	if (t->strange)
		printf("  %9llu results out of all bounds\n", (unsigned long long)t->strange);
	t->violations += t->strange;
	printf("%llu calls, %llu of them rewritten on the way; %llu sessions, %llu records "
	       "verified, "
	       "%llu of marked pages; %llu violations\n",
	       (unsigned long long)t->calls, (unsigned long long)t->rewritten,
	       (unsigned long long)t->sessions, (unsigned long long)t->records,
	       (unsigned long long)t->marked, (unsigned long long)t->violations);
}
