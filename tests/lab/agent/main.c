// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lab's agent in the guest: runs commands for the host and hands back their output and exit
 * status.
 *
 * One process serves all ports named lab.N. It sleeps unless a client talks to it, and is the
 * parent of every command, so that its row in a process listing does not change.
 */
#include "session.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORTS_DIR "/sys/class/virtio-ports"
#define PORTS_MAX 8

static struct session *sessions[PORTS_MAX];
static unsigned session_count;

static void fatal(const char *what)
{
	perror(what);
	exit(1);
}

static void watch(int epoll, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events | EPOLLET, .data.u64 = 0};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		fatal("epoll_ctl");
}

static bool port_is_ours(const char *device)
{
	char path[512], name[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), PORTS_DIR "/%s/name", device);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return strncmp(name, "lab.", 4) == 0;
}

static void port_open(const char *device, int epoll)
{
	char path[512];
	int port;

	snprintf(path, sizeof(path), "/dev/%s", device);
	port = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (port < 0)
		fatal(path);
	sessions[session_count] = malloc(sizeof(*sessions[0]));
	if (!sessions[session_count])
		fatal("malloc");
	session_init(sessions[session_count++], port, epoll);
	watch(epoll, port, EPOLLIN | EPOLLOUT);
}

static void ports_open(int epoll)
{
	DIR *dir = opendir(PORTS_DIR);
	struct dirent *entry;

	if (!dir)
		fatal(PORTS_DIR);
	while (session_count < PORTS_MAX && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && port_is_ours(entry->d_name))
			port_open(entry->d_name, epoll);
	closedir(dir);
	if (!session_count) {
		fprintf(stderr, "agent: no port named lab.N\n");
		exit(1);
	}
}

static int child_signals(int epoll)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		fatal("signalfd");
	watch(epoll, fd, EPOLLIN);
	return fd;
}

static void reap(int signals)
{
	struct signalfd_siginfo info;
	int wait_status;
	pid_t pid;

	while (read(signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0)
		for (unsigned i = 0; i < session_count; i++)
			session_reaped(sessions[i], pid, wait_status);
}

int main(void)
{
	struct epoll_event events[16];
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int signals;

	if (epoll < 0)
		fatal("epoll_create1");
	signals = child_signals(epoll);
	ports_open(epoll);
	for (;;) {
		reap(signals);
		for (unsigned i = 0; i < session_count; i++)
			session_step(sessions[i]);
		epoll_wait(epoll, events, 16, -1);
	}
}
