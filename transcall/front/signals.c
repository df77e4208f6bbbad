/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals from outside. Those of the terminal reach the tool by themselves: it is in our group. */
#include "transcall/front/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

static const int passed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM};

const struct err *signals_take(int *ret, sigset_t *ret_mask)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		sigaddset(&set, passed_on[i]);
	sigprocmask(SIG_BLOCK, &set, ret_mask);
	*ret = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return *ret < 0 ? ERR_ERRNO(ERR_SYSTEM, errno, "cannot receive signals") : NULL;
}

static void send_signal(int tool, int signal)
{
	syscall(SYS_pidfd_send_signal, tool, signal, NULL, 0);
}

static bool is_of_terminal(const struct signalfd_siginfo *info)
{
	return info->ssi_code > 0; /* not SI_USER and the like */
}

void signals_forward(int signals, int tool)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (!is_of_terminal(&info))
			send_signal(tool, (int)info.ssi_signo);
}

void signals_forward_first(int signals, int tool)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		send_signal(tool, (int)info.ssi_signo);
}

/* What follows @key in a file of /proc. */
static bool read_value(int proc, const char *path, const char *key, char *ret, size_t size_bytes)
{
	char text[4096];
	AUTO_CLOSE int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *at;

	if (len < 0)
		return false;
	text[len] = '\0';
	at = strstr(text, key);
	if (at)
		snprintf(ret, size_bytes, "%.*s", (int)strcspn(at, "\n"), at + strlen(key));
	return at != NULL;
}

/* By now a terminal's SIGCONT may have continued both: do not stop again then. */
static bool is_stopped(int tool, int proc)
{
	char path[64], value[64];
	int pid;

	snprintf(path, sizeof(path), "self/fdinfo/%d", tool);
	if (!read_value(proc, path, "Pid:", value, sizeof(value)))
		return false;
	pid = atoi(value);
	snprintf(path, sizeof(path), "%d/status", pid);
	return pid > 0 && read_value(proc, path, "State:", value, sizeof(value)) &&
	       strchr(value, 'T');
}

void signals_follow_stop(int tool, int proc)
{
	if (!is_stopped(tool, proc))
		return;
	raise(SIGSTOP);
	send_signal(tool, SIGCONT);
}

_Noreturn void signals_exit_like(int wait_status)
{
	static const struct rlimit none = {0, 0};
	sigset_t set;

	if (WIFEXITED(wait_status))
		_exit(WEXITSTATUS(wait_status));
	if (WTERMSIG(wait_status) == SIGSYS)
		fprintf(stderr, "transcall: ended by SIGSYS: only 64-bit programs can be run\n");
	setrlimit(RLIMIT_CORE, &none); /* the core worth having is the tool's */
	signal(WTERMSIG(wait_status), SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, WTERMSIG(wait_status));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(WTERMSIG(wait_status));
	_exit(128 + WTERMSIG(wait_status));
}
