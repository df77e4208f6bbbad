// SPDX-License-Identifier: GPL-2.0-or-later
/* What all actors use: reporting, becoming another program, sleeping. */
#include "actor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BECOME_ARGS_MAX 16

int status_fd = -1;

void hold(void)
{
	close(status_fd);
	for (;;)
		pause();
}

void fail(const char *what)
{
	dprintf(status_fd, "%s: %s\n", what, strerror(errno));
	_exit(1);
}

long check(long value, const char *what)
{
	if (value == -1)
		fail(what);
	return value;
}

pid_t actor_fork(void (*run)(const char *arg), const char *arg)
{
	pid_t pid = (pid_t)CHECK(fork());

	if (pid)
		return pid;
	run(arg);
	fail("an actor's child returned");
}

void become(const char *path, ...)
{
	char *argv[BECOME_ARGS_MAX + 1] = {NULL};
	unsigned n = 0;
	va_list args;

	va_start(args, path);
	while (n < BECOME_ARGS_MAX && (argv[n] = va_arg(args, char *)))
		n++;
	va_end(args);
	execv(path, argv);
	fail(path);
}

void write_file(const char *path, const char *text)
{
	int fd = (int)check(open(path, O_WRONLY | O_CLOEXEC), path);

	check(write(fd, text, strlen(text)), path);
	close(fd);
}

int open_file(const char *path, int flags, const char *text)
{
	int fd = (int)check(open(path, flags | O_CREAT | O_CLOEXEC, 0644), path);

	check(write(fd, text, strlen(text)), path);
	return fd;
}
