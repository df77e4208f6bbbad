// SPDX-License-Identifier: GPL-2.0-or-later
/* Terminals: sessions on a serial line and on pseudo-terminals, with foreground and background
 * groups. */
#include "actor.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void take_terminal(const char *path)
{
	int fd;

	setsid();
	fd = (int)check(open(path, O_RDWR), path);
	CHECK(ioctl(fd, TIOCSCTTY, 0));
	for (int i = 0; i < 3; i++)
		CHECK(dup2(fd, i));
	if (fd > 2)
		close(fd);
	signal(SIGTTOU, SIG_IGN);
}

static void run_background_job(const char *arg)
{
	CHECK(setpgid(0, 0));
	become("/usr/bin/sleep", "sleep", arg, NULL);
}

static void run_foreground_job(const char *arg)
{
	CHECK(setpgid(0, 0));
	CHECK(tcsetpgrp(0, getpgrp()));
	become("/usr/bin/sleep", "sleep", arg, NULL);
}

/* a session leader like a shell, with one job in the foreground and one behind */
static void run_session(const char *arg)
{
	take_terminal(arg);
	actor_fork(run_foreground_job, "1000015");
	actor_fork(run_background_job, "1000016");
	hold();
}

/* reads the terminal itself, in the foreground */
static void run_reader(const char *arg)
{
	char byte;

	take_terminal(arg);
	close(status_fd);
	while (read(0, &byte, 1) == -1)
		;
	hold();
}

static int open_master(char *name, size_t size)
{
	int fd = (int)CHECK(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));

	CHECK(grantpt(fd));
	CHECK(unlockpt(fd));
	check(-(ptsname_r(fd, name, size) != 0), "ptsname_r");
	return fd;
}

/* like a terminal emulator: holds the masters, the shells run on the slaves */
static void run_emulator(const char *arg)
{
	char name[64];

	(void)arg;
	open_master(name, sizeof(name));
	actor_fork(run_session, name);
	open_master(name, sizeof(name));
	actor_fork(run_reader, name);
	hold();
}

const struct actor tty_actors[] = {
	{"tty-serial", run_session, "/dev/ttyS0"},
	{"tty-emulator", run_emulator, NULL},
	{NULL, NULL, NULL},
};
