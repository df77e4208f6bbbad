/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals from outside. Those of the terminal reach the tool by themselves: it is in our group. */
#include "transcall/trap/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

/* By now a terminal's SIGCONT may have continued both: do not stop again then. */
static bool is_stopped(int tool)
{
	char path[64], line[256];
	AUTO_FCLOSE FILE *file = NULL;
	int pid = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", tool);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Pid: %d", &pid) == 1)
			break;
	if (pid <= 0)
		return false;
	fclose(TAKE(file));
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, "State:", 6) == 0)
			return strchr(line, 'T') != NULL;
	return false;
}

void signals_follow_stop(int tool)
{
	if (!is_stopped(tool))
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
