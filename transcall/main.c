/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transcall - run a stock program here so that it shows a remote VM. Input: the command line.
 *
 * This is the front end: it is of the user's session, and so is the tool, which it starts. The work
 * is the keeper's (keeper/main.c), which may be there already. Needs nothing but libc.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/base/printable.h"
#include "remotetrans/base/scope.h"
#include "transcall/front/enter.h"
#include "transcall/front/keeper.h"
#include "transcall/front/place.h"
#include "transcall/front/preload.h"
#include "transcall/front/signals.h"

struct front {
	int channel; /* to the keeper */
	int signals; /* what is sent to us; -1: not yet received so */
	int tool;    /* pidfd of the tool's first process; -1: there is none yet */
	int proc;    /* this machine's /proc */
	pid_t own;   /* a keeper that ends with the tool; 0: it may be kept */
	sigset_t mask;
};

static struct control hello_of(const struct options *o)
{
	struct control message = control_of(CONTROL_HELLO);
	const char *slash = strrchr(*o->program, '/'), *terminal = NULL;

	for (int fd = 0; fd <= 2 && !terminal; fd++)
		terminal = ttyname(fd);
	snprintf(message.hello.program, sizeof(message.hello.program), "%s",
		 slash ? slash + 1 : *o->program);
	snprintf(message.hello.terminal, sizeof(message.hello.terminal), "%s",
		 terminal ? terminal : "");
	message.hello.cpu = sched_getcpu();
	message.hello.stats = o->stats;
	if (fcntl(STDERR_FILENO, F_GETFD) >= 0)
		message.fds[0] = STDERR_FILENO;
	return message;
}

/* Keeper and tool hand over to each other all the time: on one CPU that costs a tenth. */
static void stay_on_cpu(int cpu)
{
	cpu_set_t set;

	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* tcsetpgrp() of a background process, as a shell's is at that time, else stops it. */
static int give_to_our_group(int fd)
{
	sigset_t set, before;
	int errnum;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &before);
	errnum = tcsetpgrp(fd, getpgrp()) < 0 ? errno : 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return errnum;
}

static const struct err *take_foreground(const struct front *f, const struct control *asked)
{
	struct control message = control_of(CONTROL_FOREGROUND);
	AUTO_CLOSE int fd = openat(f->proc, asked->text, O_RDWR | O_NOCTTY | O_CLOEXEC);

	message.value = fd < 0 ? errno : give_to_our_group(fd);
	return control_send(f->channel, &message);
}

/* With the tool a session of its own is over. */
static void wait_for_keeper(const struct front *f)
{
	while (f->own && waitpid(f->own, NULL, 0) < 0 && errno == EINTR)
		;
}

static const struct err *serve_keeper(struct front *f)
{
	struct control message;
	bool open;

	TRY(control_receive(f->channel, &message, &open));
	if (!open)
		return ERR(ERR_SYSTEM, "transcall-keeper ended early");
	switch (message.kind) {
	case CONTROL_TOOL:
		f->tool = message.fds[0];
		signals_forward_first(f->signals, f->tool);
		return NULL;
	case CONTROL_STOPPED:
		signals_follow_stop(f->tool, f->proc);
		return NULL;
	case CONTROL_FOREGROUND:
		return take_foreground(f, &message);
	case CONTROL_EXITED:
		wait_for_keeper(f);
		signals_exit_like(message.value);
	default: /* it has said why */
		wait_for_keeper(f);
		_exit(ERR_EXIT_CODE);
	}
}

/* Signals that come before there is a tool wait for it. */
static const struct err *serve(struct front *f)
{
	struct pollfd p[] = {{.fd = f->channel, .events = POLLIN},
			     {.fd = f->signals, .events = POLLIN}};

	for (;;) {
		int count = poll(p, f->tool < 0 ? 1 : 2, -1);

		if (count < 0 && errno != EINTR)
			return ERR_ERRNO(ERR_SYSTEM, errno, "cannot wait for the tool");
		if (count > 0 && p[1].revents && f->tool >= 0)
			signals_forward(f->signals, f->tool);
		if (count > 0 && p[0].revents)
			TRY(serve_keeper(f));
	}
}

/* The keeper is told what keeps us from entering, and says it. */
static const struct err *start(const struct front *f, const struct control *enter, char **program)
{
	const struct err *e = enter_world(enter);
	struct control message = control_of(CONTROL_FAILED);

	if (!e)
		e = enter_start(enter, f->channel, &f->mask, program);
	if (!e)
		return NULL;
	memcpy(message.text, e->message, sizeof(message.text));
	return control_send(f->channel, &message);
}

static const struct err *run(const struct options *o)
{
	struct front f = {.channel = -1, .signals = -1, .tool = -1};
	struct control hello = hello_of(o), enter;

	TRY(keeper_get(o, &hello, &f.channel, &enter, &f.own));
	if (enter.kind != CONTROL_ENTER) {
		wait_for_keeper(&f);
		_exit(ERR_EXIT_CODE); /* it has said why */
	}
	TRY(signals_take(&f.signals, &f.mask));
	f.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	stay_on_cpu(hello.hello.cpu);
	if (!o->notify_only)
		preload_set();
	TRY(start(&f, &enter, o->program));
	for (int i = 0; i < CONTROL_FDS; i++)
		if (enter.fds[i] >= 0)
			close(enter.fds[i]);
	return serve(&f);
}

/* The table is the keeper's. */
static const struct err *support(bool roff)
{
	char program[4096];

	TRY(keeper_program(program, sizeof(program)));
	execl(program, "transcall-keeper", roff ? "--support-roff" : "--support", NULL);
	return ERR_ERRNO(ERR_SYSTEM, errno, "cannot run %.200s", program);
}

static const struct err *do_job(const struct options *o)
{
	switch (o->job) {
	case JOB_HELP:
		options_help();
		return NULL;
	case JOB_END_SHARE:
		place_end_all();
		return NULL;
	case JOB_SUPPORT:
	case JOB_SUPPORT_ROFF:
		return support(o->job == JOB_SUPPORT_ROFF);
	default:
		return run(o);
	}
}

/* Numbers of standard input and outputs that are closed go to no descriptor of ours. The tool finds
 * them closed. */
static void fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct options options;

	fill_standard_descriptors();
	const struct err *e = options_parse(argc, argv, false, &options);

	if (!e)
		e = do_job(&options);
	if (!e)
		return 0;
	printable_error(stderr, "transcall", e);
	return ERR_EXIT_CODE;
}
