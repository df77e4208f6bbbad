// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lab's agent in the guest: runs commands for the host and hands back their output and exit
 * status.
 *
 * One process holds all ports named lab.N, or the one terminal that lab.port= on the kernel's
 * command line names (a Xen guest's console), and sleeps. For a client it forks a process that
 * serves it and is the command's parent, so that the agent's own rows in listings of processes and
 * open files never change: all that an observing command adds are descendants of the agent, whose
 * pid is in /run/lab-agent.pid.
 */
#include "frame.h"
#include "session.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PORTS_DIR "/sys/class/virtio-ports"
#define PORTS_MAX 8

static struct {
	int fd;
	pid_t server; /* 0: none */
} ports[PORTS_MAX];
static unsigned port_count;

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

/* The value of @name (with its "=") on the kernel's command line; false when it is not there. */
static bool kernel_word(const char *name, char *ret, size_t size)
{
	char line[4096] = "";
	FILE *file = fopen("/proc/cmdline", "re");
	char *word = file && fgets(line, sizeof(line), file) ? strtok(line, " \n") : NULL;

	if (file)
		fclose(file);
	while (word && strncmp(word, name, strlen(name)) != 0)
		word = strtok(NULL, " \n");
	return word && (size_t)snprintf(ret, size, "%s", word + strlen(name)) < size;
}

static int port_open(const char *device, int epoll)
{
	char path[512];
	int port;

	snprintf(path, sizeof(path), "/dev/%s", device);
	port = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (port < 0)
		fatal(path);
	ports[port_count++].fd = port;
	watch(epoll, port, EPOLLIN);
	return port;
}

/* A terminal carries bytes as they are from now on, and whoever is behind it is told so. */
static void terminal_open(const char *device, int epoll)
{
	int port = port_open(device, epoll);
	uint8_t ready[FRAME_HEADER_LEN];
	struct termios mode;

	if (tcgetattr(port, &mode))
		fatal(device);
	cfmakeraw(&mode);
	if (tcsetattr(port, TCSAFLUSH, &mode))
		fatal(device);
	frame_header(ready, 0, FRAME_READY, 0);
	if (write(port, ready, sizeof(ready)) != sizeof(ready))
		fatal(device);
}

static void ports_open(int epoll)
{
	struct dirent *entry;
	char terminal[64];
	DIR *dir;

	if (kernel_word("lab.port=", terminal, sizeof(terminal))) {
		terminal_open(terminal, epoll);
		return;
	}
	dir = opendir(PORTS_DIR);
	if (!dir)
		fatal(PORTS_DIR);
	while (port_count < PORTS_MAX && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && port_is_ours(entry->d_name))
			port_open(entry->d_name, epoll);
	closedir(dir);
	if (!port_count) {
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
	pid_t pid;

	while (read(signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (unsigned i = 0; i < port_count; i++)
			if (ports[i].server == pid)
				ports[i].server = 0;
}

/* A client that has sent something gets a process of its own. */
static void serve(unsigned i)
{
	struct pollfd wait = {.fd = ports[i].fd, .events = POLLIN};

	/* without a client a port is POLLIN | POLLHUP */
	if (ports[i].server || poll(&wait, 1, 0) != 1 || wait.revents != POLLIN)
		return;
	ports[i].server = fork();
	if (ports[i].server < 0)
		ports[i].server = 0;
	if (ports[i].server)
		return;
	prctl(PR_SET_NAME, "lab-exec");
	session_serve(ports[i].fd);
	_exit(0);
}

static void write_pid(void)
{
	FILE *file = fopen("/run/lab-agent.pid", "we");

	if (!file || fprintf(file, "%d\n", getpid()) < 0 || fclose(file))
		fatal("/run/lab-agent.pid");
}

/*
 * A guest in which nobody does anything has no RCU grace period in progress, one in which a tool
 * looks around always has, and the waiting place of RCU's thread differs. With lab.stir=MS on the
 * kernel's command line the agent keeps one in progress: it frees an inode every MS milliseconds.
 */
static int stir_ms(void)
{
	char value[16];

	return kernel_word("lab.stir=", value, sizeof(value)) ? atoi(value) : -1;
}

static void stir(void)
{
	int ends[2];

	if (pipe(ends) == 0) {
		close(ends[0]);
		close(ends[1]);
	}
}

int main(void)
{
	struct epoll_event events[16];
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int signals, wait_ms = stir_ms();

	if (epoll < 0)
		fatal("epoll_create1");
	write_pid();
	signals = child_signals(epoll);
	ports_open(epoll);
	for (;;) {
		reap(signals);
		for (unsigned i = 0; i < port_count; i++)
			serve(i);
		if (epoll_wait(epoll, events, 16, wait_ms) == 0)
			stir();
	}
}
