/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters of vmmd and its guard. Input: tables of ours. */
#include "vmm/vmmd/confinement.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "remotetrans/base/confine.h"

#define PATH_BYTES 4096

/* vmmd, and a guard that it has just started */
static const struct confine_rule vmmd[] = {
	/* callers */
	CONFINE_CALL(ppoll),
	CONFINE_CALL(accept4),
	CONFINE_CALL(recvfrom),
	CONFINE_CALL(sendto),
	CONFINE_CALL(read),
	CONFINE_CALL(write),
	CONFINE_CALL(close),
	CONFINE_CALL(unlink),
	/* QEMU, which may come back: its sockets, RAM file and device state */
	CONFINE_CALL_IF(socket, CONFINE_IS(0, AF_UNIX), CONFINE_BITS(1, 0xf, SOCK_STREAM)),
	CONFINE_CALL(connect),
	CONFINE_CALL(sendmsg),
	CONFINE_CALL(poll),
	CONFINE_OPEN_READ,
	CONFINE_CALL(newfstatat),
	CONFINE_CALL(fstat),
	CONFINE_CALL(pread64),
	CONFINE_CALL(lseek),
	CONFINE_CALL(ftruncate),
	CONFINE_CALL_IF(mmap, CONFINE_IS(2, PROT_READ)),
	CONFINE_CALL(getrandom),
	/* a new guard, and that it confines itself */
	CONFINE_CALL_IF(socketpair, CONFINE_IS(0, AF_UNIX)),
	CONFINE_FORK,
	CONFINE_KILL,
	CONFINE_CALL(wait4),
	CONFINE_CALL(shutdown),
	CONFINE_CALL(dup2),
	CONFINE_CALL(close_range),
	CONFINE_CALL(setsid),
	CONFINE_CALL(rt_sigaction),
	CONFINE_CALL(clock_nanosleep),
	CONFINE_CALL_IF(prctl, CONFINE_IS(0, PR_SET_NAME)),
	CONFINE_CALL_IF(prctl, CONFINE_IS(0, PR_SET_NO_NEW_PRIVS)),
	CONFINE_CALL_IF(prctl, CONFINE_IS(0, PR_SET_SECCOMP)),
	CONFINE_CALL(seccomp),
};

static const struct confine_rule guard[] = {
	CONFINE_CALL(ppoll),           CONFINE_CALL(poll),    CONFINE_CALL(recvfrom),
	CONFINE_CALL(sendto),          CONFINE_CALL(sendmsg), CONFINE_CALL(close),
	CONFINE_CALL(clock_nanosleep),
};

const struct err *confinement_vmmd(const char *socket_path)
{
	const char *slash = strrchr(socket_path, '/');
	char folder[PATH_BYTES] = ".";

	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - socket_path + 1),
			 socket_path);
	TRY(confine_files(folder, LANDLOCK_ACCESS_FS_REMOVE_FILE, NULL));
	return confine_calls(vmmd, sizeof(vmmd) / sizeof(vmmd[0]), NULL, 0);
}

const struct err *confinement_guard(void)
{
	return confine_calls(guard, sizeof(guard) / sizeof(guard[0]), NULL, 0);
}
