/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the user's session into the tool's namespaces. Input: our own keeper. */
#include "transcall/front/enter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/trap/filter.h"

#ifndef CLONE_NEWTIME /* Linux 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif

#define NS_PER_SECOND INT64_C(1000000000)
#define OFFSETS       "/proc/self/timens_offsets"

/* At its start: a sysctl takes no notice of what is written elsewhere. */
static const struct err *put(int fd, const char *text, const char *name)
{
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot write %s", name);
	return NULL;
}

/* --- clocks --------------------------------------------------------------------------------- */

/* What this clock is ahead of the kernel's own already: we may be in a time namespace ourselves. */
static int64_t offset_now(const char *name)
{
	AUTO_FCLOSE FILE *file = fopen(OFFSETS, "re");
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
	AUTO_CLOSE int fd = open(OFFSETS, O_WRONLY | O_CLOEXEC);
	int64_t delta_ns, seconds;
	struct timespec now;
	char line[96];

	clock_gettime(clock, &now);
	delta_ns = (int64_t)wanted_ns - (now.tv_sec * NS_PER_SECOND + now.tv_nsec);
	delta_ns += offset_now(name);
	seconds = delta_ns / NS_PER_SECOND - (delta_ns % NS_PER_SECOND < 0);
	snprintf(line, sizeof(line), "%s %lld %lld", name, (long long)seconds,
		 (long long)(delta_ns - seconds * NS_PER_SECOND));
	return put(fd, line, OFFSETS);
}

/* For the children of the caller. Without time namespaces clock_gettime is still answered. */
static const struct err *set_clocks(const struct world *world)
{
	if (world->boot_ns == 0 || unshare(CLONE_NEWTIME) < 0)
		return NULL;
	TRY(set_offset("boottime", CLOCK_BOOTTIME, world->boot_ns));
	return set_offset("monotonic", CLOCK_MONOTONIC, world->monotonic_ns);
}

/* --- namespaces ----------------------------------------------------------------------------- */

static const struct err *join(int fd, int kind, const char *name)
{
	if (fd >= 0 && setns(fd, kind) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot enter the %s namespace of the tool",
				 name);
	return NULL;
}

/* Where we were, if it is there. What is ours of the tree begins anew. */
static void return_to(const char *path, const struct stat *was)
{
	struct stat is;

	if (path && chdir(path) == 0 && stat(".", &is) == 0 && is.st_dev == was->st_dev &&
	    is.st_ino == was->st_ino)
		return;
	fprintf(stderr, "transcall: the program cannot be in %s: it is in /\n",
		path ? path : "a folder that is gone");
	if (chdir("/") < 0)
		_exit(ERR_EXIT_CODE);
}

/* A chroot that is a mount point: process 1 covers the tree below it, and whoever joins its mounts
 * is put at the root of all, where /proc is this machine's. */
static const struct err *check_root(const struct stat *was)
{
	struct statfs proc;
	struct stat is;

	if (stat("/", &is) == 0 && is.st_dev == was->st_dev && is.st_ino == was->st_ino &&
	    statfs("/proc", &proc) == 0 && proc.f_type != PROC_SUPER_MAGIC)
		return NULL;
	return ERR(ERR_SYSTEM, "this shell is in a chroot, which the tool could not be in: run "
			       "transcall outside of it");
}

const struct err *enter_world(const struct control *message)
{
	const struct world *world = &message->world;
	char directory[PATH_MAX];
	const char *path = getcwd(directory, sizeof(directory));
	struct stat was = {0}, root;

	if (stat(".", &was) < 0)
		path = NULL;
	if (stat("/", &root) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "/");
	TRY(join(message->fds[WORLD_USER], CLONE_NEWUSER, "user"));
	TRY(set_clocks(world)); /* while /proc is this machine's */
	TRY(join(message->fds[WORLD_NET], CLONE_NEWNET, "network"));
	TRY(join(message->fds[WORLD_PID], CLONE_NEWPID, "process"));
	if (unshare(CLONE_NEWUTS | CLONE_NEWIPC) < 0 ||
	    sethostname(world->hostname, strlen(world->hostname)) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot set the host name");
	TRY(join(message->fds[WORLD_MNT], CLONE_NEWNS, "mount"));
	TRY(check_root(&root));
	return_to(path, &was);
	return NULL;
}

/* --- the tool ------------------------------------------------------------------------------- */

struct start {
	const struct control *message; /* CONTROL_ENTER */
	struct filter *filter;
	int channel;
	const sigset_t *mask;
	char *const *argv;
};

/* Nobody to tell: the keeper is gone, and all inside with it. */
static void tell(const struct start *s, const struct control *message)
{
	if (control_send(s->channel, message))
		_exit(ERR_EXIT_CODE);
}

_Noreturn static void fail(const struct start *s, const struct err *e)
{
	struct control message = control_of(CONTROL_FAILED);

	memcpy(message.text, e->message, sizeof(message.text));
	tell(s, &message);
	_exit(ERR_EXIT_CODE);
}

_Noreturn static void become_tool(const struct start *s)
{
	struct control message = control_of(CONTROL_LISTENER);
	const struct err *e;

	while (getppid() != 1) /* it is about to end, see below */
		sched_yield();
	e = filter_install(s->filter, &message.fds[0]);
	if (e)
		fail(s, e);
	tell(s, &message);
	close(message.fds[0]);
	sigprocmask(SIG_SETMASK, s->mask, NULL);
	execvp(s->argv[0], s->argv);
	message = control_of(CONTROL_NO_PROGRAM);
	message.value = errno;
	tell(s, &message);
	_exit(message.value == ENOENT ? 127 : 126);
}

/* fork() with a descriptor of the child. */
static pid_t fork_tool(int *ret_pidfd)
{
	struct clone_args args = {.flags = CLONE_PIDFD,
				  .pidfd = (uint64_t)(uintptr_t)ret_pidfd,
				  .exit_signal = SIGCHLD};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* The first of ours inside: its child, the tool, becomes that of process 1 when it ends. */
_Noreturn static void be_parent(const struct start *s)
{
	struct control message = control_of(CONTROL_TOOL);
	char line[16];
	pid_t tool;

	if (s->message->world.pids_above) {
		snprintf(line, sizeof(line), "%u", s->message->world.pids_above);
		const struct err *e =
			put(s->message->fds[WORLD_LAST_PID], line, "kernel.ns_last_pid");
		if (e)
			fail(s, e);
	}
	tool = fork_tool(&message.fds[0]);
	if (tool < 0)
		fail(s, ERR_ERRNO(ERR_SYSTEM, errno, "cannot start the tool"));
	if (tool == 0)
		become_tool(s);
	message.value = tool;
	tell(s, &message);
	_exit(0);
}

const struct err *enter_start(const struct control *message, int channel, const sigset_t *mask,
			      char *const *argv)
{
	static struct filter filter; /* 32 KiB */
	struct start s = {.message = message,
			  .filter = &filter,
			  .channel = channel,
			  .mask = mask,
			  .argv = argv};
	int status = 0;
	pid_t pid;

	TRY(filter_load(message->fds[WORLD_FILTER], &filter));
	pid = fork();
	if (pid < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot start the tool");
	if (pid == 0)
		be_parent(&s);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* what it knows itself it has told */
	return WIFSIGNALED(status)
		       ? ERR(ERR_SYSTEM, "who was to start the tool was killed by signal %d",
			     WTERMSIG(status))
		       : NULL;
}
