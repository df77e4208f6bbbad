// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces and roots: a chroot, and processes in their own pid, mount, net, user, uts and ipc
 * namespaces. */
#include "actor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME /* Linux 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif

static void copy_busybox(const char *to)
{
	char buf[65536];
	int in = (int)CHECK(open("/usr/bin/busybox", O_RDONLY | O_CLOEXEC));
	int out = (int)check(open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755), to);
	ssize_t n;

	while ((n = CHECK(read(in, buf, sizeof(buf)))) > 0)
		CHECK(write(out, buf, (size_t)n));
	close(in);
	close(out);
}

static void run_chroot(const char *arg)
{
	char path[128];

	check(mkdir(arg, 0755), arg);
	snprintf(path, sizeof(path), "%s/data", arg);
	check(mkdir(path, 0755), path);
	snprintf(path, sizeof(path), "%s/busybox", arg);
	copy_busybox(path);
	check(chroot(arg), arg);
	CHECK(chdir("/data"));
	open_file("/data/inside", O_RDWR, "only here");
	become("/busybox", "sleep", "1000012", NULL);
}

static void loopback_up(void)
{
	struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = (int)CHECK(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	strcpy(request.ifr_name, "lo");
	CHECK(ioctl(fd, SIOCSIFFLAGS, &request));
	close(fd);
}

static void listen_on(unsigned short port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = (int)CHECK(socket(AF_INET, SOCK_STREAM, 0));

	CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)));
	CHECK(listen(fd, 5));
}

static void run_inner_sleep(const char *arg)
{
	become("/usr/bin/sleep", "sleep", arg, NULL);
}

/* pid 1 of the new pid namespace */
static void run_container_init(const char *arg)
{
	CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	CHECK(mount("lab-tmpfs", "/mnt", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m"));
	CHECK(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
	open_file("/mnt/inside", O_RDWR, "x");
	CHECK(sethostname("container", 9));
	loopback_up();
	listen_on(80);
	actor_fork(run_inner_sleep, arg);
	actor_fork(run_inner_sleep, "1000014");
	hold();
}

static int mapped[2];

static void run_container_outer(const char *arg)
{
	char byte;

	close(mapped[1]);
	CHECK(unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS |
		      CLONE_NEWIPC | CLONE_NEWCGROUP | CLONE_NEWTIME));
	write_file("/proc/self/timens_offsets", "monotonic 86400 0\nboottime 86400 0\n");
	CHECK(kill(getppid(), SIGCONT));
	while (read(mapped[0], &byte, 1) == -1)
		;
	close(mapped[0]);
	CHECK(setresgid(0, 0, 0));
	CHECK(setresuid(0, 0, 0));
	actor_fork(run_container_init, arg);
	hold();
}

static void map_ids(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	write_file(path, "0 1000 100\n");
	snprintf(path, sizeof(path), "/proc/%d/gid_map", pid);
	write_file(path, "0 1000 100\n");
}

static void run_container(const char *arg)
{
	sigset_t set;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGCONT);
	CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
	CHECK(pipe2(mapped, O_CLOEXEC));
	pid = actor_fork(run_container_outer, arg);
	close(mapped[0]);
	CHECK(sigwaitinfo(&set, NULL));
	map_ids(pid);
	close(mapped[1]);
	hold();
}

/* one namespace each, as root */
static void run_unshared(const char *arg)
{
	CHECK(unshare(atoi(arg)));
	if (atoi(arg) == CLONE_NEWNET) {
		loopback_up();
		listen_on(22);
	}
	if (atoi(arg) == CLONE_NEWNS) {
		CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
		CHECK(mount("lab-private", "/opt", "tmpfs", 0, "size=64k"));
		CHECK(chdir("/opt"));
	}
	if (atoi(arg) == CLONE_NEWUTS)
		CHECK(sethostname("other-name", 10));
	hold();
}

/* the numbers are CLONE_NEWNET, NEWNS, NEWUTS and NEWIPC of linux/sched.h */
const struct actor space_actors[] = {
	{"chroot", run_chroot, "/srv/jail"},
	{"container", run_container, "1000013"},
	{"netns", run_unshared, "1073741824"},
	{"mntns", run_unshared, "131072"},
	{"utsns", run_unshared, "67108864"},
	{"ipcns", run_unshared, "134217728"},
	{NULL, NULL, NULL},
};
_Static_assert(CLONE_NEWNET == 1073741824 && CLONE_NEWNS == 131072, "the table above");
_Static_assert(CLONE_NEWUTS == 67108864 && CLONE_NEWIPC == 134217728, "the table above");
