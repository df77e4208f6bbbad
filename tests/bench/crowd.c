/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crowd - a native ps shall see as many processes as the guest has: sleepers in namespaces of their
 * own
 *
 *   crowd N    start N processes in a pid and a mount namespace with a /proc of its own; print the
 * pid (here) of its process 1, for timed --enter. All of it ends with standard input, or with this
 * process.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void sleepers(long count)
{
	prctl(PR_SET_NAME, "sleeper");
	for (long i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0)
			for (;;)
				pause();
	}
}

/* Process 1 of the namespace. */
static void init(long count, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) != 0)
		die("mount");
	sleepers(count - 1);
	if (write(ready, "", 1) != 1)
		die("pipe");
	signal(SIGCHLD, SIG_IGN); /* what is entered leaves orphans */
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	long count = argc == 2 ? atol(argv[1]) : 0;
	int kinds = CLONE_NEWPID | CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER), ready[2];
	pid_t pid;
	char c;

	if (count < 1) {
		fprintf(stderr, "usage: crowd N\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (pipe(ready) != 0 || unshare(kinds) != 0)
		die("namespaces");
	pid = fork();
	if (pid == 0)
		init(count, ready[1]);
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		return 1;
	printf("%d\n", (int)pid);
	fclose(stdout);
	for (;;)
		pause();
}
