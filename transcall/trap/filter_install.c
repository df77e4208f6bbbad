/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter in the process that becomes the tool. Input: what filter_build() made. */
#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "transcall/trap/filter.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

const struct err *filter_load(int fd, struct filter *ret)
{
	ssize_t len = pread(fd, ret->code, sizeof(ret->code), 0);

	if (len < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot read the seccomp filter");
	ret->len = (unsigned short)((size_t)len / sizeof(ret->code[0]));
	return NULL;
}

const struct err *filter_install(struct filter *f, int *ret)
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
