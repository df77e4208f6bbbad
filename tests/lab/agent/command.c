// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting and ending the agent's commands. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char **split_args(char *args, size_t len)
{
	size_t count = 0, n = 0;
	char **argv;

	for (size_t i = 0; i < len; i++)
		count += args[i] == '\0';
	argv = calloc(count + 1, sizeof(*argv));
	if (!argv || !count)
		return NULL;
	for (char *at = args; n < count; at += strlen(at) + 1)
		argv[n++] = at;
	return argv;
}

static void child_exec(int in, int out, int err, char **argv)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int pipes_open(int fds[6])
{
	for (int i = 0; i < 6; i++)
		fds[i] = -1;
	for (int i = 0; i < 6; i += 2)
		if (pipe2(fds + i, O_CLOEXEC))
			return -1;
	return 0;
}

void command_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The child's ends of the pipes are 0, 3 and 5, ours 1, 2 and 4. */
static int start_argv(char **argv, struct command *ret)
{
	int fds[6];
	pid_t pid = -1;

	if (pipes_open(fds) == 0)
		pid = fork();
	if (pid == 0)
		child_exec(fds[0], fds[3], fds[5], argv);
	if (pid < 0) {
		for (int i = 0; i < 6; i++)
			command_close(&fds[i]);
		return -1;
	}
	close(fds[0]);
	close(fds[3]);
	close(fds[5]);
	*ret = (struct command){.pid = pid, .in = fds[1], .out = fds[2], .err = fds[4]};
	fcntl(ret->in, F_SETFL, O_NONBLOCK);
	fcntl(ret->out, F_SETFL, O_NONBLOCK);
	fcntl(ret->err, F_SETFL, O_NONBLOCK);
	return 0;
}

int command_start(const uint8_t *args, size_t len, struct command *ret)
{
	char *copy, **argv;
	int status = -1;

	if (!len || args[len - 1] != '\0') {
		errno = EINVAL;
		return -1;
	}
	copy = malloc(len);
	if (!copy)
		return -1;
	memcpy(copy, args, len);
	argv = split_args(copy, len);
	if (argv)
		status = start_argv(argv, ret);
	free(argv);
	free(copy);
	return status;
}

void command_end(struct command *command)
{
	if (command->pid > 0) {
		kill(-command->pid, SIGKILL);
		kill(command->pid, SIGKILL);
		waitpid(command->pid, NULL, 0);
	}
	command_close(&command->in);
	command_close(&command->out);
	command_close(&command->err);
	*command = COMMAND_NONE;
}
