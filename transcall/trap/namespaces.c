/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Identity and ids of processes. Mounts are in mounts.c. */
#include "transcall/trap/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/trap/mounts.h"

#define PID_ROOM  60000u   /* ids left for the tool, whatever the guest's pid_max */
#define PID_LIMIT 4194304u /* PID_MAX_LIMIT on 64 bit, include/linux/threads.h */

uint64_t namespaces_flags(bool privileged)
{
	uint64_t flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET;

	return privileged ? flags : flags | CLONE_NEWUSER;
}

static const struct err *put(const char *path, const char *text)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write %s", path);
	return NULL;
}

/* One user and one group, as root. */
static const struct err *map_identity(uid_t uid, gid_t gid)
{
	char line[64];

	TRY(put("/proc/self/setgroups", "deny"));
	snprintf(line, sizeof(line), "0 %u 1", uid);
	TRY(put("/proc/self/uid_map", line));
	snprintf(line, sizeof(line), "0 %u 1", gid);
	return put("/proc/self/gid_map", line);
}

/* pid_max is each pid namespace's own from Linux 6.14; before, ids stay low and mix. */
static int pid_limit(void)
{
	AUTO_CLOSE int fd = open("/proc/sys/kernel/pid_max", O_RDONLY | O_CLOEXEC);
	char line[16] = "";
	int limit = 0;

	if (fd >= 0 && read(fd, line, sizeof(line) - 1) > 0)
		sscanf(line, "%d", &limit);
	return limit;
}

uint32_t namespaces_pids_above(uint32_t pid_max, uint32_t limit)
{
	uint32_t above = pid_max > PID_LIMIT - PID_ROOM ? PID_LIMIT - PID_ROOM : pid_max;

	if (above < PID_LIMIT / 2)
		above = PID_LIMIT / 2;
	return limit > above + PID_ROOM / 2 ? above : 0;
}

static const struct err *open_namespaces(bool privileged, int fds[static CONTROL_FDS])
{
	static const struct {
		enum world_fd at;
		const char *path;
	} ours[] = {{WORLD_MNT, "/proc/self/ns/mnt"},
		    {WORLD_PID, "/proc/self/ns/pid"},
		    {WORLD_NET, "/proc/self/ns/net"},
		    {WORLD_USER, "/proc/self/ns/user"}};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (ours[i].at == WORLD_USER && privileged)
			continue;
		fds[ours[i].at] = open(ours[i].path, O_RDONLY | O_CLOEXEC);
		if (fds[ours[i].at] < 0)
			return ERR_ERRNO(ERR_SYSTEM, errno, "cannot open %s", ours[i].path);
	}
	return NULL;
}

const struct err *namespaces_make(bool privileged, uid_t uid, gid_t gid, struct control *ret)
{
	mode_t mask = umask(022);
	const struct err *e;

	*ret = control_of(CONTROL_TREE);
	if (!privileged)
		TRY(map_identity(uid, gid));
	ret->value = pid_limit();
	ret->fds[WORLD_LAST_PID] = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	TRY(open_namespaces(privileged, ret->fds));
	e = mounts_make(&ret->fds[WORLD_ROOT], &ret->fds[WORLD_PROCFS]);
	umask(mask);
	return e;
}
