/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A shell that gives the terminal back to the process group it was started in. That group is
 * outside its pid namespace, so it knows it as 0, which its kernel refuses. Input: the tool's
 * arguments.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/sys/sys.h"

/* tcsetpgrp() of a background process, as the shell's is at that time, else stops it. */
static int give_to_our_group(int fd)
{
	sigset_t set, before;
	int errnum;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &before);
	errnum = tcsetpgrp(fd, getpgrp()) < 0 ? errno : 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return errnum;
}

const struct err *sys_set_foreground(struct sys *s, const struct call *call, struct answer *ret)
{
	char link[64];
	AUTO_CLOSE int fd = -1;
	int32_t group;

	(void)s;
	answer_native(ret);
	if (tracee_read(&call->who, call->args[2], &group, sizeof(group)) || group != 0)
		return NULL;
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", call->who.tid, (int)call->args[0]);
	fd = open(link, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		answer_written(ret, give_to_our_group(fd));
	return NULL;
}
