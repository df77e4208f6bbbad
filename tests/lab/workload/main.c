// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lab-workload: fills a guest with processes of every shape.
 *
 *   lab-workload               start all actors; returns when they are in place and quiet
 *   lab-workload --fill N      start sleepers until there are N processes
 *   lab-workload --sockets N   start processes that hold N sockets of all kinds
 *   lab-workload --actor NAME FD   what the first starts: one actor
 */
#include "actor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct actor *actor_find(const char *name);

static int actor_run(const char *name, const char *fd)
{
	const struct actor *actor = actor_find(name);

	status_fd = atoi(fd);
	fcntl(status_fd, F_SETFD, FD_CLOEXEC);
	if (!actor)
		return 1;
	actor->run(actor->arg);
	fail("returned");
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return master_run("/usr/bin/lab-workload");
	if (argc == 4 && strcmp(argv[1], "--actor") == 0)
		return actor_run(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "--fill") == 0)
		return fill_run(atol(argv[2]));
	if (argc == 3 && strcmp(argv[1], "--sockets") == 0)
		return sockets_run(atol(argv[2]));
	fprintf(stderr, "usage: lab-workload [--fill N | --sockets N]\n");
	return 2;
}
