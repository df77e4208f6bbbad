/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Build the filter. A call of another architecture ends the program (SIGSYS). */
#include "transcall/trap/filter.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/sys/syscalls.h"

static int add_row(scmp_filter_ctx context, const struct syscall_row *row)
{
	uint32_t action = row->policy == POLICY_DENY ? SCMP_ACT_ERRNO((uint32_t)row->errnum)
						     : SCMP_ACT_NOTIFY;
	struct scmp_arg_cmp test = {.arg = row->arg, .op = SCMP_CMP_MASKED_EQ};

	if (row->test == TEST_ALWAYS)
		return seccomp_rule_add_exact_array(context, action, row->nr, 0, NULL);
	test.datum_a = row->mask;
	test.datum_b = row->value;
	if (row->test == TEST_UNLESS) {
		test.op = SCMP_CMP_NE;
		test.datum_a = row->value;
	}
	return seccomp_rule_add_exact_array(context, action, row->nr, 1, &test);
}

static const struct err *add_rows(scmp_filter_ctx context)
{
	const struct syscall_row *row;

	for (size_t i = 0; (row = syscalls_row(i)); i++) {
		int failed = add_row(context, row);

		if (failed < 0)
			return ERR_ERRNO(ERR_SYSTEM, -failed, "no seccomp rule for %s", row->name);
	}
	return NULL;
}

/* By way of a file: libseccomp before 2.6 has no other. */
static const struct err *export(scmp_filter_ctx context, int *ret)
{
	AUTO_CLOSE int fd = memfd_create("filter", MFD_CLOEXEC);

	if (fd < 0 || seccomp_export_bpf(context, fd) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot compile the seccomp filter");
	*ret = fd_take(&fd);
	return NULL;
}

const struct err *filter_build(int *ret_fd)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
	const struct err *e;

	if (!context)
		return ERR(ERR_SYSTEM, "no memory for the seccomp filter");
	seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a binary tree */
	e = add_rows(context);
	if (!e)
		e = export(context, ret_fd);
	seccomp_release(context);
	return e;
}
