/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that the agent runs: started with exact arguments, its three standard streams held as
 * pipes. */
#ifndef LAB_AGENT_COMMAND_H
#define LAB_AGENT_COMMAND_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct command {
	pid_t pid;        /* 0: none */
	int in, out, err; /* our ends, nonblocking; -1 when closed */
};

#define COMMAND_NONE ((struct command){.in = -1, .out = -1, .err = -1})

/*
 * Start the command whose NUL-ended arguments fill @args, in a session of its own.
 * A program that cannot be executed exits 127 and says why on its standard error. Return 0, or -1
 * with errno.
 */
int command_start(const uint8_t *args, size_t len, struct command *ret);

/* Kill it with all of its process group, reap it and close the pipes. */
void command_end(struct command *command);

/* Close one stream and forget it. */
void command_close(int *fd);

#endif
