// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs with many threads: their names, priorities and waits, and a process whose first thread
 * has ended. */
#include "actor.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t all_started;

static void *sleeper(void *arg)
{
	unsigned n = (unsigned)(size_t)arg;
	char name[16];

	snprintf(name, sizeof(name), "worker (%u)", n);
	prctl(PR_SET_NAME, name);
	setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), (int)n);
	if (n == 3)
		sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = 7});
	pthread_barrier_wait(&all_started);
	if (n % 2)
		pthread_mutex_lock(&held);
	for (;;)
		pause();
	return NULL;
}

static void start_threads(unsigned count)
{
	pthread_t thread;

	pthread_mutex_lock(&held);
	pthread_barrier_init(&all_started, NULL, count + 1);
	for (unsigned i = 0; i < count; i++) {
		errno = pthread_create(&thread, NULL, sleeper, (void *)(size_t)i);
		if (errno)
			fail("pthread_create");
	}
	pthread_barrier_wait(&all_started);
}

static void run_threads(const char *arg)
{
	start_threads((unsigned)atoi(arg));
	hold();
}

/* shown as <defunct> though it runs */
static void run_leader_gone(const char *arg)
{
	start_threads((unsigned)atoi(arg));
	close(status_fd);
	pthread_exit(NULL);
}

const struct actor thread_actors[] = {
	{"threads-4", run_threads, "4"},
	{"threads-12", run_threads, "12"},
	{"threads-leader-gone", run_leader_gone, "2"},
	{NULL, NULL, NULL},
};
