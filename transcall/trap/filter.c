/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Build and install the filter. A call of another architecture ends the program (SIGSYS). */
#include "transcall/trap/filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/sys/syscalls.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

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

/* The compiled program, by way of a file: libseccomp before 2.6 has no other. */
static const struct err *export(scmp_filter_ctx context, struct filter *ret)
{
	AUTO_CLOSE int fd = memfd_create("filter", MFD_CLOEXEC);
	AUTO_FREE struct sock_filter *code = NULL;
	struct stat st;

	if (fd < 0 || seccomp_export_bpf(context, fd) < 0 || fstat(fd, &st) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot compile the seccomp filter");
	if (st.st_size > (off_t)(BPF_MAXINSNS * sizeof(*code)))
		return ERR(ERR_SYSTEM, "the seccomp filter is too long");
	code = malloc((size_t)st.st_size);
	if (!code || pread(fd, code, (size_t)st.st_size, 0) != st.st_size)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot read the seccomp filter");
	*ret = (struct filter){.len = (unsigned short)((size_t)st.st_size / sizeof(*code)),
			       .code = TAKE(code)};
	return NULL;
}

const struct err *filter_build(struct filter *ret)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
	const struct err *e;

	if (!context)
		return ERR(ERR_SYSTEM, "no memory for the seccomp filter");
	seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a binary tree */
	e = add_rows(context);
	if (!e)
		e = export(context, ret);
	seccomp_release(context);
	return e;
}

void filter_deinit(struct filter *f)
{
	free(f->code);
	*f = (struct filter){0};
}

const struct err *filter_install(const struct filter *f, int *ret)
{
	struct sock_fprog program = {.len = f->len, .filter = f->code};
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long fd;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot give up new privileges");
	fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
	if (fd < 0 && errno == EINVAL) /* before 5.19 signals may interrupt a trapped call */
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot install the seccomp filter");
	*ret = (int)fd;
	return NULL;
}
