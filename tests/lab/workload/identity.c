// SPDX-License-Identifier: GPL-2.0-or-later
/* Users, groups, capabilities, scheduling: who a process is and how it may run. */
#include "actor.h"

#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* "UID": its group is the same, and staff and users besides */
static void run_user(const char *arg)
{
	gid_t groups[] = {50, 100};
	uid_t uid = (uid_t)atoi(arg);

	CHECK(setgroups(2, groups));
	CHECK(setresgid(uid, uid, uid));
	CHECK(setresuid(uid, uid, uid));
	become("/usr/bin/sleep", "sleep", "1000001", NULL);
}

/* real, effective, saved and file system ids all different */
static void run_mixed_ids(const char *arg)
{
	(void)arg;
	CHECK(setresgid(1000, 1001, 1002));
	CHECK(setresuid(1000, 1001, 1002));
	hold();
}

static void run_setuid_keeps_root(const char *arg)
{
	(void)arg;
	CHECK(setresuid(1000, 0, 0));
	hold();
}

static void run_nice(const char *arg)
{
	CHECK(setpriority(PRIO_PROCESS, 0, atoi(arg)));
	hold();
}

/* "POLICY PRIORITY" */
static void run_policy(const char *arg)
{
	int policy, priority;

	if (sscanf(arg, "%d %d", &policy, &priority) != 2)
		fail(arg);
	CHECK(sched_setscheduler(0, policy, &(struct sched_param){.sched_priority = priority}));
	hold();
}

/* struct sched_attr of linux/sched/types.h; glibc of bookworm has no wrapper */
static void run_deadline(const char *arg)
{
	struct {
		unsigned size, policy;
		unsigned long long flags;
		int nice;
		unsigned priority;
		unsigned long long runtime, deadline, period;
	} attr = {.size = 48,
		  .policy = SCHED_DEADLINE,
		  .runtime = 10000000,
		  .deadline = 30000000,
		  .period = 30000000};

	(void)arg;
	CHECK(syscall(SYS_sched_setattr, 0, &attr, 0));
	hold();
}

/* one second of user time, then some of system time */
static void run_burner(const char *arg)
{
	volatile unsigned long sink = 0;
	clock_t end = clock() + CLOCKS_PER_SEC;

	(void)arg;
	while (clock() < end)
		sink = sink + 1;
	for (int i = 0; i < 20000; i++)
		syscall(SYS_getppid);
	hold();
}

static void run_affinity(const char *arg)
{
	cpu_set_t set;

	(void)arg;
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	CHECK(sched_setaffinity(0, sizeof(set), &set));
	hold();
}

/* a filter that allows everything, no new privileges, not dumpable, no bounding set */
static void run_confined(const char *arg)
{
	struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {.len = 1, .filter = allow};

	(void)arg;
	for (unsigned long cap = 1; cap < 20; cap += 2)
		CHECK(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0));
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
	CHECK(prctl(PR_SET_DUMPABLE, 0));
	umask(077);
	hold();
}

static void nothing(int signal)
{
	(void)signal;
}

/* one of each: caught, ignored, blocked, pending for the process and for the thread */
static void run_signals(const char *arg)
{
	sigset_t set;

	(void)arg;
	signal(SIGHUP, nothing);
	signal(SIGUSR1, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGRTMIN + 3);
	CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
	CHECK(kill(getpid(), SIGUSR2));
	CHECK(raise(SIGRTMIN + 3));
	hold();
}

static void run_limits(const char *arg)
{
	struct rlimit files = {.rlim_cur = 77, .rlim_max = 777},
		      core = {.rlim_cur = 0, .rlim_max = RLIM_INFINITY};

	(void)arg;
	CHECK(setrlimit(RLIMIT_NOFILE, &files));
	CHECK(setrlimit(RLIMIT_CORE, &core));
	write_file("/proc/self/oom_score_adj", "-123");
	hold();
}

static void run_cgroup(const char *arg)
{
	const char *root = "/sys/fs/cgroup";
	char path[128];

	if (access("/sys/fs/cgroup/cgroup.procs", F_OK)) /* version 1: one of its hierarchies */
		root = "/sys/fs/cgroup/pids";
	snprintf(path, sizeof(path), "%s/lab.slice", root);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/lab.slice/%s", root, arg);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/lab.slice/%s/cgroup.procs", root, arg);
	write_file(path, "0");
	become("/usr/bin/sleep", arg, "1000002", NULL);
}

const struct actor identity_actors[] = {
	{"user-alice", run_user, "1000"},
	{"user-bob", run_user, "1001"},
	{"user-carol", run_user, "1002"},
	{"user-long", run_user, "1003"},
	{"user-daemon", run_user, "998"},
	{"user-www", run_user, "33"},
	{"user-unknown", run_user, "424242"},
	{"user-nobody", run_user, "65534"},
	{"ids-mixed", run_mixed_ids, NULL},
	{"ids-setuid", run_setuid_keeps_root, NULL},
	{"nice-19", run_nice, "19"},
	{"nice-5", run_nice, "5"},
	{"nice-minus-20", run_nice, "-20"},
	{"fifo-1", run_policy, "1 1"},
	{"fifo-99", run_policy, "1 99"},
	{"rr-50", run_policy, "2 50"},
	{"batch", run_policy, "3 0"},
	{"idle", run_policy, "5 0"},
	{"deadline", run_deadline, NULL},
	{"burner", run_burner, NULL},
	{"affinity", run_affinity, NULL},
	{"confined", run_confined, NULL},
	{"signals", run_signals, NULL},
	{"limits", run_limits, NULL},
	{"cgroup-web", run_cgroup, "web.service"},
	{"cgroup-db", run_cgroup, "db with space.service"},
	{NULL, NULL, NULL},
};
