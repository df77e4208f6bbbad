/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mixed workload is a table of actors: small processes, each of which takes one shape that a
 * process listing has to show, and then sleeps for ever.
 *
 * An actor is ready when every process that it is made of has closed status_fd: by hold(), by exec
 * (close-on-exec), or by exiting. Whatever goes wrong before is written there and makes the whole
 * workload fail.
 */
#ifndef LAB_WORKLOAD_ACTOR_H
#define LAB_WORKLOAD_ACTOR_H

#include <stddef.h>
#include <sys/types.h>

struct actor {
	const char *name;
	void (*run)(const char *arg); /* must not return */
	const char *arg;
};

/* one table a file, ended by an entry without a name */
extern const struct actor identity_actors[], name_actors[], state_actors[], file_actors[],
	event_actors[], inet_actors[], unix_actors[], space_actors[], tty_actors[], memory_actors[],
	thread_actors[];

extern int status_fd;

#define NORETURN __attribute__((noreturn))

/* Everything in place: close status_fd and sleep for ever. */
NORETURN void hold(void);

/* Report "WHAT: error" and exit. */
NORETURN void fail(const char *what);

/* The value of @call, unless it is -1. */
#define CHECK(call) check((long)(call), #call)
long check(long value, const char *what);

/* Fork: the child runs @run(@arg), which must not return. */
pid_t actor_fork(void (*run)(const char *arg), const char *arg);

/* Replace this process by a Debian program; arguments up to NULL. */
NORETURN void become(const char *path, ...);

/* Write @text to the file @path. */
void write_file(const char *path, const char *text);

/* Create @path with @text in it and leave it open, close-on-exec. */
int open_file(const char *path, int flags, const char *text);

/* Started by master_run(); counts and reports. */
int master_run(const char *self);

/* A session of its own, without streams. */
void detach(void);

/* Sleepers until there are @count processes. */
int fill_run(long count);

/* Processes that hold @count sockets: TCP (listening, and connected), UDP and Unix. */
int sockets_run(long count);

#endif
