/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the walk's child may still do: compute, and one byte in, one byte out. */
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

#include "remotetrans/server/walk_shared.h"

static const int allowed[] = {
	SCMP_SYS(exit),  SCMP_SYS(exit_group),    SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
	SCMP_SYS(brk),   SCMP_SYS(munmap),        SCMP_SYS(mremap),       SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(sigaltstack),
};

static int add_rules(scmp_filter_ctx filter, int fd)
{
	int error = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && !error; i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
					 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
					 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd));
	if (!error) /* anonymous memory only */
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
					 SCMP_A4(SCMP_CMP_MASKED_EQ, UINT32_MAX, UINT32_MAX));
	return error;
}

const struct err *walk_confine(int fd)
{
	const struct rlimit none = {0, 0};
	scmp_filter_ctx filter = NULL;
	int error;

	/* Keep @fd alone: no standard streams, no client, no vmmd. */
	close_range(0, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
	if (setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_NOFILE, &none) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "setrlimit");
	/* Refused, not killed: the C library asks the kernel about its surroundings now and then.
	 */
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	error = filter ? add_rules(filter, fd) : -ENOMEM;
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error ? ERR_ERRNO(ERR_SYSTEM, -error, "seccomp") : NULL;
}
