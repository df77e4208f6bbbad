// SPDX-License-Identifier: GPL-2.0-or-later
/* Starts every actor as a process of its own name and waits until all are in their final shape. */
#include "actor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_MS       20000
#define SETTLE_SECONDS 2

static const struct actor *const tables[] = {
	identity_actors, name_actors,  state_actors, file_actors,   event_actors,  inet_actors,
	unix_actors,     space_actors, tty_actors,   memory_actors, thread_actors,
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

const struct actor *actor_find(const char *name);
const struct actor *actor_find(const char *name)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct actor *actor = tables[i]; actor->name; actor++)
			if (strcmp(actor->name, name) == 0)
				return actor;
	return NULL;
}

/* Wait for @fd to end without a word. Return whether it did; words go to @report. */
static int await_ready(const char *name, int fd, int report)
{
	char words[256];
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	ssize_t n;

	if (poll(&wait, 1, READY_MS) != 1) {
		dprintf(report, "%s: not ready after %d s\n", name, READY_MS / 1000);
		return 0;
	}
	n = read(fd, words, sizeof(words) - 1);
	if (n <= 0)
		return 1;
	words[n] = '\0';
	dprintf(report, "%s: %s", name, words);
	return 0;
}

static void exec_actor(const char *self, const char *name, int fd)
{
	char fd_text[16];

	snprintf(fd_text, sizeof(fd_text), "%d", fd);
	fcntl(fd, F_SETFD, 0);
	execl(self, "lab-workload", "--actor", name, fd_text, (char *)NULL);
	dprintf(fd, "%s: %s\n", self, strerror(errno));
	_exit(1);
}

static int start(const char *self, const struct actor *actor, int report)
{
	int fds[2], ready;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) || (pid = fork()) < 0) {
		dprintf(report, "%s: %s\n", actor->name, strerror(errno));
		return 0;
	}
	if (pid == 0)
		exec_actor(self, actor->name, fds[1]);
	close(fds[1]);
	ready = await_ready(actor->name, fds[0], report);
	close(fds[0]);
	if (ready && waitpid(pid, NULL, WNOHANG) != 0) {
		dprintf(report, "%s: died\n", actor->name);
		return 0;
	}
	return ready;
}

void detach(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	close(null);
}

NORETURN static void master(const char *self, int report)
{
	int failed = 0, count = 0;

	detach();
	for (size_t i = 0; i < TABLES; i++)
		for (const struct actor *actor = tables[i]; actor->name; actor++, count++)
			failed += !start(self, actor, report);
	sleep(SETTLE_SECONDS);
	if (!failed)
		dprintf(report, "%d actors\n", count);
	dprintf(report, "%s", failed ? "!" : ".");
	close(report);
	for (;;)
		pause();
}

int master_run(const char *self)
{
	char words[512], last = '!';
	int fds[2];
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC)) {
		perror("pipe");
		return 1;
	}
	if (fork() == 0)
		master(self, fds[1]);
	close(fds[1]);
	while ((n = read(fds[0], words, sizeof(words))) > 0) {
		last = words[n - 1];
		fwrite(words, 1, (size_t)(last == '.' || last == '!' ? n - 1 : n), stdout);
	}
	return last == '.' ? 0 : 1;
}
