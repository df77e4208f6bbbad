/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals: the tool's own processes natively; of the guest's only whether they are there. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "transcall/sys/process.h"
#include "transcall/sys/refuse.h"

/* Groups are the tool's own, and whoever sends a signal means a child; "is it there" asks about
 * the guest first. */
static const struct err *means_own(struct sys *s, const struct call *call, int32_t pid,
				   int32_t signal, bool *ret)
{
	*ret = pid > 0 && signal != 0 && vfs_pid_is_own(&s->vfs, (uint32_t)pid);
	return *ret ? NULL : process_is_own(s, call, pid, ret);
}

static const struct err *signal_guest(struct sys *s, const struct call *call, int32_t pid,
				      int32_t signal, struct answer *ret)
{
	struct proc_node node;
	const struct err *e = process_find(s, (uint32_t)pid, &node);

	if (e && e->kind != ERR_ABSENT)
		return e;
	if (e) {
		answer_error(ret, ESRCH);
		return NULL;
	}
	if (signal == 0 && call->nr != SYS_pidfd_open) {
		answer_value(ret, 0);
		return NULL;
	}
	if (call->nr == SYS_pidfd_open)
		answer_error(ret, EPERM);
	else
		refuse(s, call, ret);
	return NULL;
}

static const struct err *signal_any(struct sys *s, const struct call *call, int32_t pid,
				    int32_t signal, struct answer *ret)
{
	bool own;

	TRY(means_own(s, call, pid, signal, &own));
	if (own) {
		answer_native(ret);
		return NULL;
	}
	return signal_guest(s, call, pid, signal, ret);
}

const struct err *sys_kill(struct sys *s, const struct call *call, struct answer *ret)
{
	int32_t signal = call->nr == SYS_pidfd_open ? 0 : (int32_t)call->args[1];

	return signal_any(s, call, (int32_t)call->args[0], signal, ret);
}

const struct err *sys_tgkill(struct sys *s, const struct call *call, struct answer *ret)
{
	return signal_any(s, call, (int32_t)call->args[1], (int32_t)call->args[2], ret);
}

/* The process whose directory /proc/PID a descriptor of the tool is; false: it is none of those. */
static bool directory_process(const struct tracee *who, int fd, int32_t *ret)
{
	char path[PATH_MAX], again[32];

	if (fd < 0 || tracee_directory(who, fd, path, sizeof(path)) ||
	    strncmp(path, "/proc/", strlen("/proc/")) != 0)
		return false;
	*ret = (int32_t)strtol(path + strlen("/proc/"), NULL, 10);
	snprintf(again, sizeof(again), "/proc/%d", *ret);
	return *ret > 0 && strcmp(path, again) == 0;
}

/* In place of a pidfd, /proc/PID opened as a directory will do: a guest process. Pidfds proper are
 * of the tool's own. */
const struct err *sys_pidfd_send_signal(struct sys *s, const struct call *call, struct answer *ret)
{
	int32_t pid;

	answer_native(ret);
	if (!directory_process(&call->who, (int)(uint32_t)call->args[0], &pid))
		return NULL;
	return signal_guest(s, call, pid, (int32_t)call->args[1], ret);
}
