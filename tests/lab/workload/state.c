// SPDX-License-Identifier: GPL-2.0-or-later
/* The states of a process: stopped, traced, uninterruptible, zombie; its place in sessions and
 * families. */
#include "actor.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void run_exit(const char *arg)
{
	_exit(atoi(arg));
}

static void run_killed(const char *arg)
{
	(void)arg;
	kill(getpid(), SIGKILL);
	hold();
}

static void run_zombies(const char *arg)
{
	(void)arg;
	actor_fork(run_exit, "0");
	actor_fork(run_exit, "3");
	actor_fork(run_killed, NULL);
	hold();
}

static void run_stop(const char *arg)
{
	(void)arg;
	close(status_fd);
	raise(SIGSTOP);
	hold();
}

static void run_stopped(const char *arg)
{
	pid_t pid = actor_fork(run_stop, arg);
	siginfo_t info;

	CHECK(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT));
	hold();
}

static void run_traced_child(const char *arg)
{
	(void)arg;
	CHECK(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	close(status_fd);
	raise(SIGTRAP);
	hold();
}

static void run_tracer(const char *arg)
{
	pid_t pid = actor_fork(run_traced_child, arg);

	CHECK(waitpid(pid, NULL, __WALL));
	hold();
}

/* The parent of a vfork waits uninterruptibly (killable) until its child execs or exits. */
static void run_vfork(const char *arg)
{
	(void)arg;
	close(status_fd);
	if (vfork() == 0)
		for (;;)
			pause();
	hold();
}

static void sleep_long(const char *arg)
{
	(void)arg;
	become("/usr/bin/sleep", "sleep", "1000006", NULL);
}

/* a session leader that is gone leaves its group behind, reparented to pid 1 */
static void run_orphan_leader(const char *arg)
{
	(void)arg;
	CHECK(setsid());
	actor_fork(sleep_long, NULL);
	_exit(0);
}

static void run_orphans(const char *arg)
{
	pid_t pid = actor_fork(run_orphan_leader, arg);

	CHECK(waitpid(pid, NULL, 0));
	hold();
}

static void run_middle(const char *arg)
{
	(void)arg;
	actor_fork(sleep_long, NULL);
	_exit(0);
}

/* orphans of a subreaper come to it */
static void run_subreaper(const char *arg)
{
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1));
	CHECK(waitpid(actor_fork(run_middle, arg), NULL, 0));
	hold();
}

static void run_pipeline(const char *arg)
{
	(void)arg;
	become("/usr/bin/bash", "bash", "-mc",
	       "sleep 1000007 | sleep 1000008 | sleep 1000009; exit", NULL);
}

static void run_nanosleep(const char *arg)
{
	struct timespec time = {.tv_sec = 1000010};

	(void)arg;
	close(status_fd);
	nanosleep(&time, NULL);
	hold();
}

static void run_select(const char *arg)
{
	(void)arg;
	close(status_fd);
	select(0, NULL, NULL, NULL, NULL);
	hold();
}

static void run_poll(const char *arg)
{
	(void)arg;
	close(status_fd);
	poll(NULL, 0, -1);
	hold();
}

static void run_wait(const char *arg)
{
	actor_fork(sleep_long, arg);
	close(status_fd);
	wait(NULL);
	hold();
}

static void run_sigwait(const char *arg)
{
	sigset_t set;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	close(status_fd);
	sigwaitinfo(&set, NULL);
	hold();
}

const struct actor state_actors[] = {
	{"zombies", run_zombies, NULL},
	{"stopped", run_stopped, NULL},
	{"tracer", run_tracer, NULL},
	{"vfork", run_vfork, NULL},
	{"orphans", run_orphans, NULL},
	{"subreaper", run_subreaper, NULL},
	{"pipeline", run_pipeline, NULL},
	{"in-nanosleep", run_nanosleep, NULL},
	{"in-select", run_select, NULL},
	{"in-poll", run_poll, NULL},
	{"in-wait", run_wait, NULL},
	{"in-sigwait", run_sigwait, NULL},
	{NULL, NULL, NULL},
};
