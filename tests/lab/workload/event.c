// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors without a file: epoll, eventfd, timerfd, signalfd, inotify, fanotify, memfd, pidfd,
 * userfaultfd. */
#include "actor.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int signal_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
	return (int)CHECK(signalfd(-1, &set, 0));
}

/* a main loop like a daemon's: it waits for all of them */
static void run_loop(const char *arg)
{
	int epoll = (int)CHECK(epoll_create1(0));
	int fds[] = {(int)CHECK(eventfd(0, EFD_NONBLOCK)),
		     (int)CHECK(timerfd_create(CLOCK_BOOTTIME, 0)), signal_fd(),
		     (int)CHECK(inotify_init1(0))};
	struct epoll_event event = {.events = EPOLLIN};

	(void)arg;
	CHECK(inotify_add_watch(fds[3], "/etc", IN_MODIFY));
	CHECK(inotify_add_watch(fds[3], "/var/log", IN_CREATE | IN_DELETE));
	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		event.data.u64 = i;
		CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event));
	}
	close(status_fd);
	epoll_wait(epoll, &event, 1, -1);
	hold();
}

static void run_counters(const char *arg)
{
	struct itimerspec never = {.it_interval = {.tv_sec = 5}};
	int timer = (int)CHECK(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));

	(void)arg;
	CHECK(eventfd(7, EFD_SEMAPHORE));
	CHECK(timerfd_settime(timer, 0, &never, NULL));
	CHECK(epoll_create1(EPOLL_CLOEXEC));
	hold();
}

static void run_memfd(const char *arg)
{
	int fd = (int)CHECK(memfd_create(arg, MFD_ALLOW_SEALING));

	CHECK(ftruncate(fd, 65536));
	CHECK(mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	hold();
}

static void run_watchers(const char *arg)
{
	int fan = (int)CHECK(fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK, O_RDONLY));

	(void)arg;
	CHECK(fanotify_mark(fan, FAN_MARK_ADD, FAN_CLOSE_WRITE, AT_FDCWD, "/srv"));
	CHECK(syscall(SYS_pidfd_open, 1, 0));
	CHECK(syscall(SYS_userfaultfd, O_NONBLOCK));
	hold();
}

/* a program that runs from memory only */
static void run_memfd_exec(const char *arg)
{
	int in = (int)CHECK(open("/usr/bin/busybox", O_RDONLY | O_CLOEXEC));
	int out = (int)CHECK(memfd_create(arg, MFD_CLOEXEC));
	char *argv[] = {(char *)(size_t) "sleep", (char *)(size_t) "1000011", NULL},
	     *env[] = {NULL};
	char buf[65536];
	ssize_t n;

	while ((n = CHECK(read(in, buf, sizeof(buf)))) > 0)
		CHECK(write(out, buf, (size_t)n));
	fexecve(out, argv, env);
	fail("fexecve");
}

const struct actor event_actors[] = {
	{"event-loop", run_loop, NULL},     {"event-counters", run_counters, NULL},
	{"memfd", run_memfd, "lab memory"}, {"memfd-exec", run_memfd_exec, "payload"},
	{"watchers", run_watchers, NULL},   {NULL, NULL, NULL},
};
