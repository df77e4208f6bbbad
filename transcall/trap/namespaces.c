/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tool's namespaces: identity, ids of processes, clocks, host name. Mounts are in mounts.c. */
#include "transcall/trap/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/trap/mounts.h"

#ifndef CLONE_NEWTIME /* Linux 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif

#define PID_ROOM      60000u   /* ids left for the tool, whatever the guest's pid_max */
#define PID_LIMIT     4194304u /* PID_MAX_LIMIT on 64 bit, include/linux/threads.h */
#define NS_PER_SECOND INT64_C(1000000000)

uint64_t namespaces_flags(bool privileged)
{
	uint64_t flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET;

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
static const struct err *map_identity(const struct world *world)
{
	char line[64];

	TRY(put("/proc/self/setgroups", "deny"));
	snprintf(line, sizeof(line), "0 %u 1", world->uid);
	TRY(put("/proc/self/uid_map", line));
	snprintf(line, sizeof(line), "0 %u 1", world->gid);
	return put("/proc/self/gid_map", line);
}

/* pid_max is each pid namespace's own from Linux 6.14; before, ids stay low and mix. */
static uint32_t lift_pids(const struct world *world)
{
	uint32_t above =
		world->pid_max > PID_LIMIT - PID_ROOM ? PID_LIMIT - PID_ROOM : world->pid_max;
	AUTO_FCLOSE FILE *file = fopen("/proc/sys/kernel/pid_max", "re");
	unsigned limit = 0;
	char line[16];

	if (above < PID_LIMIT / 2)
		above = PID_LIMIT / 2;
	if (!file || fscanf(file, "%u", &limit) != 1 || limit <= above + PID_ROOM / 2)
		return 0;
	snprintf(line, sizeof(line), "%u", above);
	if (put("/proc/sys/kernel/ns_last_pid", line))
		return 0;
	return above;
}

/* What this clock is ahead of the kernel's own already: we may be in a time namespace ourselves. */
static int64_t offset_now(const char *name)
{
	AUTO_FCLOSE FILE *file = fopen("/proc/self/timens_offsets", "re");
	long long seconds, ns;
	char clock[16];

	while (file && fscanf(file, "%15s %lld %lld", clock, &seconds, &ns) == 3)
		if (strcmp(clock, name) == 0)
			return seconds * NS_PER_SECOND + ns;
	return 0;
}

/* @clock in the new time namespace is to stand at @wanted_ns now. */
static const struct err *set_offset(const char *name, clockid_t clock, uint64_t wanted_ns)
{
	struct timespec now;
	int64_t delta_ns, seconds;
	char line[96];

	clock_gettime(clock, &now);
	delta_ns = (int64_t)wanted_ns - (now.tv_sec * NS_PER_SECOND + now.tv_nsec);
	delta_ns += offset_now(name);
	seconds = delta_ns / NS_PER_SECOND - (delta_ns % NS_PER_SECOND < 0);
	snprintf(line, sizeof(line), "%s %lld %lld", name, (long long)seconds,
		 (long long)(delta_ns - seconds * NS_PER_SECOND));
	return put("/proc/self/timens_offsets", line);
}

/* For the children of the caller. Without time namespaces clock_gettime is still answered. */
static const struct err *set_clocks(const struct world *world)
{
	if (world->boot_ns == 0 || unshare(CLONE_NEWTIME) < 0)
		return NULL;
	TRY(set_offset("boottime", CLOCK_BOOTTIME, world->boot_ns));
	return set_offset("monotonic", CLOCK_MONOTONIC, world->monotonic_ns);
}

const struct err *namespaces_enter(const struct world *world, bool privileged, int *ret_root,
				   int *ret_procfs, uint32_t *ret_lifted)
{
	mode_t mask = umask(022);
	const struct err *e;

	if (!privileged)
		TRY(map_identity(world));
	*ret_lifted = lift_pids(world);
	TRY(set_clocks(world));
	if (sethostname(world->hostname, strlen(world->hostname)) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot set the host name");
	e = mounts_make(ret_root, ret_procfs);
	umask(mask);
	return e;
}
