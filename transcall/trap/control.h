/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control - messages between the front end, which the tool descends from, the keeper, which serves
 * it, and the processes of ours in the tool's namespaces.
 *
 * All of them are of one user and one build, so messages are plain structs.
 */
#ifndef TC_TRAP_CONTROL_H
#define TC_TRAP_CONTROL_H

#include <stdbool.h>

#include "remotetrans/base/err.h"

enum control_kind {
	/* front end to keeper */
	CONTROL_HELLO = 1, /* hello; fds: [0] its standard error, if it has one */
	CONTROL_END,       /* there is no tool: end */
	/* keeper to front end */
	CONTROL_ENTER,  /* world; fds: by enum world_fd, but for the first two */
	CONTROL_FAILED, /* it was said why; or from inside: value: errno or 0; text: what */
	/* have its process group in the foreground of a terminal; text: path of that below /proc;
	 * and back: value: 0 or errno */
	CONTROL_FOREGROUND,
	/* process 1 to keeper */
	CONTROL_TREE, /* value: the namespace's limit of process ids; fds: by enum world_fd */
	/* to process 1, then from it, then to the front end */
	CONTROL_TOOL,    /* value: process id inside; fds: [0] pidfd. It is to be waited for */
	CONTROL_STOPPED, /* the tool's first process was stopped */
	CONTROL_EXITED,  /* value: its wait status; no process is left inside but process 1 */
	/* the tool before exec to keeper */
	CONTROL_LISTENER,   /* fds: [0] of the seccomp filter */
	CONTROL_NO_PROGRAM, /* value: errno of execve */
};

enum world_fd {
	WORLD_ROOT,   /* of the shadow */
	WORLD_PROCFS, /* of the pid namespace */
	WORLD_MNT,    /* namespaces */
	WORLD_PID,
	WORLD_NET,
	WORLD_USER,     /* none where we are privileged */
	WORLD_LAST_PID, /* sysctl kernel.ns_last_pid; none: it cannot be set */
	WORLD_FILTER,   /* the seccomp program; see filter.h */
	CONTROL_FDS
};

/* Who comes. */
struct hello {
	char program[256]; /* its name, without folders */
	char terminal[64]; /* path of its terminal; "": none */
	int cpu;           /* that it runs on */
	bool stats;
};

/* What the tool's own namespaces are to be like. */
struct world {
	uint64_t boot_ns;      /* CLOCK_BOOTTIME; 0: as outside */
	uint64_t monotonic_ns; /* CLOCK_MONOTONIC */
	uint32_t pids_above;   /* process ids are to be greater; 0: as they come */
	char hostname[65];
};

struct control {
	enum control_kind kind;
	int value;
	int fds[CONTROL_FDS]; /* -1: none; owned by the receiver */
	union {
		char text[512];
		struct hello hello;
		struct world world;
	};
};

/* One without value, descriptors and text. */
struct control control_of(enum control_kind kind);

/* Both ends of a new channel; both are closed by exec. */
MUST_CHECK const struct err *control_pair(int ret[2]);

/* @message is complete or not sent at all. */
MUST_CHECK const struct err *control_send(int channel, const struct control *message);

/* *ret_open false: the other side is gone. */
MUST_CHECK const struct err *control_receive(int channel, struct control *ret, bool *ret_open);

#endif
