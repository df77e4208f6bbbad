/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Privileges of our own processes. Input: the operator's choice of a user. */
#include "remotetrans/base/process.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

const struct err *process_hide(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "prctl");
	return NULL;
}

const struct err *process_harden(void)
{
	static const struct rlimit none = {0, 0};

	umask(0077);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "prctl");
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot forbid core dumps");
	return process_hide();
}

static const struct err *find_user(const char *user, const struct passwd **ret)
{
	*ret = getpwnam(user[0] ? user : PROCESS_USER_DEFAULT);
	if (user[0] && !*ret)
		return ERR(ERR_USAGE, "there is no user '%.64s'", user);
	if (geteuid() == 0 || !user[0] || (*ret)->pw_uid == geteuid())
		return NULL;
	return ERR(ERR_USAGE, "only root can become user '%.64s'", user);
}

static const struct err *become(const struct passwd *p)
{
	if (initgroups(p->pw_name, p->pw_gid) == 0 &&
	    setresgid(p->pw_gid, p->pw_gid, p->pw_gid) == 0 &&
	    setresuid(p->pw_uid, p->pw_uid, p->pw_uid) == 0)
		return NULL;
	return ERR_ERRNO(ERR_SYSTEM, errno, "cannot become user '%.64s'", p->pw_name);
}

/* What stays in the bounding set where that may not be changed is out of reach for a process that
 * gets no new privileges. */
static void clear_bounding_set(void)
{
	for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		(void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
}

static const struct err *drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	static const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
	struct __user_cap_data_struct have[_LINUX_CAPABILITY_U32S_3];

	/* a service manager's filter may forbid to change what is empty */
	if (syscall(SYS_capget, &header, have) == 0 && memcmp(have, none, sizeof(none)) == 0)
		return NULL;
	if (syscall(SYS_capset, &header, none) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot drop capabilities");
	return NULL;
}

const struct err *process_drop(const char *user, bool *ret_root)
{
	const struct passwd *p;

	TRY(find_user(user, &p));
	clear_bounding_set();
	if (geteuid() == 0 && p)
		TRY(become(p));
	else if (geteuid() == 0 && setgroups(0, NULL) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot leave root's groups");
	*ret_root = geteuid() == 0;
	TRY(drop_capabilities());
	return process_harden(); /* changing the user made the process as dumpable as any */
}

pid_t process_fork(int *ret_pidfd)
{
	return (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_PIDFD | SIGCHLD), 0, ret_pidfd, 0,
			      0);
}

void process_kill(int pidfd)
{
	(void)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}
