/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serving a tool. Input: notifications of its kernel; our own processes: its front end, process 1.
 */
#include "transcall/trap/run.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/trap/calls.h"
#include "transcall/trap/control.h"
#include "transcall/trap/filter.h"
#include "transcall/trap/inside.h"
#include "transcall/trap/namespaces.h"

#define PATHS_KEPT 200000u /* a shadow with more is not kept for another tool */

enum source { SOURCE_CALL, SOURCE_FRONT, SOURCE_INSIDE, SOURCE_NETLINK };

struct run {
	struct guest *guest;
	struct sys sys;
	bool tree_ready; /* sys.vfs is set up */
	pid_t init;      /* process 1 of the tool's namespace, as seen here */
	int inside;      /* to it */
	cpu_set_t cpus;  /* on which we may run, between tools */
	uint32_t pid_limit;
	int fds[CONTROL_FDS]; /* by enum world_fd; the first two are sys.vfs's */
	int events;           /* epoll over all there is to wait for */
	bool busy;            /* with one tool: the rest is its */
	int front;            /* to its front end; borrowed */
	int listener;         /* -1: not there yet */
	int pid;              /* of the tool's first process, inside; 0: not there yet */
	bool done;
	int status; /* wait status, once done */
};

/* --- messages ------------------------------------------------------------------------------- */

/* @fd's events come back as @source. */
static const struct err *watch(struct run *r, int fd, enum source source)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = source};

	if (epoll_ctl(r->events, EPOLL_CTL_ADD, fd, &event) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot wait for the tool");
	return NULL;
}

static void no_program(const struct control *message)
{
	fprintf(stderr, "transcall: cannot run the program: %s\n", strerror(message->value));
}

/* Its front end passes signals on to it. */
static const struct err *take_tool(struct run *r, const struct control *message)
{
	AUTO_CLOSE int tool = message->fds[0];

	r->pid = message->value;
	return control_send(r->front, message);
}

/* By now it is a child of process 1. */
static const struct err *take_listener(struct run *r, int listener)
{
	struct control message = control_of(CONTROL_TOOL);

	r->listener = listener;
	message.value = r->pid;
	TRY(control_send(r->inside, &message));
	return watch(r, listener, SOURCE_CALL);
}

static const struct err *serve_front(struct run *r)
{
	struct control message;
	bool open;

	TRY(control_receive(r->front, &message, &open));
	if (!open)
		return ERR(ERR_SYSTEM, "the one who started the tool ended");
	switch (message.kind) {
	case CONTROL_FAILED:
		return ERR(ERR_SYSTEM, "%.400s", message.text);
	case CONTROL_TOOL:
		return take_tool(r, &message);
	case CONTROL_LISTENER:
		return take_listener(r, message.fds[0]);
	case CONTROL_NO_PROGRAM:
		no_program(&message);
		return NULL;
	default:
		return ERR(ERR_SYSTEM, "a message from the tool's side is out of place");
	}
}

static const struct err *serve_inside(struct run *r)
{
	struct control message;
	bool open;

	TRY(control_receive(r->inside, &message, &open));
	if (!open)
		return ERR(ERR_SYSTEM, "the tool's process 1 ended early");
	if (message.kind == CONTROL_STOPPED)
		return control_send(r->front, &message);
	r->status = message.value;
	r->done = true;
	return NULL;
}

static const struct err *serve_source(struct run *r, const struct epoll_event *event)
{
	switch (event->data.u32) {
	case SOURCE_CALL:
		if (event->events & EPOLLIN)
			return calls_serve(&r->sys, r->listener);
		close(r->listener); /* nobody is left under the filter */
		r->listener = -1;
		return NULL;
	case SOURCE_FRONT:
		return serve_front(r);
	case SOURCE_INSIDE:
		return serve_inside(r);
	default:
		return sys_serve_netlink(&r->sys);
	}
}

static const struct err *serve(struct run *r)
{
	while (!r->done) {
		struct epoll_event event;
		int count = epoll_wait(r->events, &event, 1, -1);

		if (count < 0 && errno != EINTR)
			return ERR_ERRNO(ERR_SYSTEM, errno, "cannot wait for the tool");
		if (count > 0)
			TRY(serve_source(r, &event));
	}
	return NULL;
}

/* --- one tool ------------------------------------------------------------------------------- */

/* Keeper and tool hand over to each other all the time: on one CPU that costs a tenth. While the
 * tool is being started we have work of our own, and run beside it. */
static void stay_on_cpu(const struct run *r, int cpu)
{
	cpu_set_t set;

	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	sched_setaffinity(r->init, sizeof(set), &set);
}

static const struct err *describe_world(struct run *r, struct world *ret)
{
	struct utsname name = {0};
	struct guest_clocks clocks;
	const struct err *e;
	uint32_t pid_max;

	*ret = (struct world){0};
	TRY(guest_uname(r->guest, &name));
	snprintf(ret->hostname, sizeof(ret->hostname), "%s", name.nodename);
	TRY(guest_pid_max(r->guest, &pid_max));
	if (r->fds[WORLD_LAST_PID] >= 0)
		ret->pids_above = namespaces_pids_above(pid_max, r->pid_limit);
	TRY(guest_find_reader(r->guest));
	e = guest_clocks(r->guest, &clocks);
	if (e)
		return e->kind == ERR_ABSENT || e->kind == ERR_FAULT ? NULL : e;
	ret->boot_ns = clocks.boot_ns;
	ret->monotonic_ns = clocks.monotonic_ns;
	return NULL;
}

/* Process 1 has made the tree, or says why not. */
static const struct err *take_tree(struct run *r)
{
	struct control message;
	bool open;

	TRY(control_receive(r->inside, &message, &open));
	if (!open)
		return ERR(ERR_SYSTEM, "the tool's process 1 ended early");
	if (message.kind == CONTROL_FAILED)
		return ERR(ERR_SYSTEM, "%.400s", message.text);
	for (int i = WORLD_MNT; i < WORLD_FILTER; i++)
		r->fds[i] = message.fds[i];
	r->pid_limit = (uint32_t)message.value;
	r->tree_ready = true;
	return vfs_init(&r->sys.vfs, r->guest, message.fds[WORLD_ROOT], message.fds[WORLD_PROCFS]);
}

static const struct err *enter(struct run *r, const struct hello *hello)
{
	struct control message = control_of(CONTROL_ENTER);

	TRY(describe_world(r, &message.world));
	TRY(vfs_begin(&r->sys.vfs, hello->terminal, message.world.pids_above));
	for (int i = WORLD_MNT; i < CONTROL_FDS; i++)
		message.fds[i] = r->fds[i];
	return control_send(r->front, &message);
}

/* What is of one tool is as new. */
static const struct err *begin(struct run *r, int front)
{
	struct vfs vfs = r->sys.vfs;

	r->sys = (struct sys){.guest = r->guest, .vfs = vfs, .front = front};
	r->front = front;
	r->listener = -1;
	r->pid = 0;
	r->done = false;
	TRY(ends_init(&r->sys.ends));
	r->busy = true;
	TRY(watch(r, front, SOURCE_FRONT));
	return watch(r, r->sys.ends.events, SOURCE_NETLINK);
}

static void end(struct run *r)
{
	epoll_ctl(r->events, EPOLL_CTL_DEL, r->front, NULL);
	roll_deinit(&r->sys.roll);
	fixed_deinit(&r->sys);
	ends_deinit(&r->sys.ends);
	if (r->listener >= 0)
		close(r->listener);
	r->listener = -1;
	r->busy = false;
	sched_setaffinity(0, sizeof(r->cpus), &r->cpus);
}

const struct err *run_tool(struct run *r, int front, const struct hello *hello, int *ret_status)
{
	const struct err *e = NULL;

	if (!r->tree_ready)
		TRY(take_tree(r));
	e = begin(r, front);
	if (!e)
		e = enter(r, hello);
	if (!e)
		e = images_prepare(&r->sys.vfs, hello->program);
	stay_on_cpu(r, hello->cpu);
	if (!e)
		e = serve(r);
	TRY(e); /* whoever waits in a call must die of it: run_close() */
	r->guest->skew_seconds = clock_skew_seconds(&r->sys.clock);
	*ret_status = r->status;
	end(r);
	return NULL;
}

bool run_is_fit(const struct run *r)
{
	return r->sys.vfs.shadow.map.used < PATHS_KEPT;
}

/* --- start and end -------------------------------------------------------------------------- */

/* Process 1, privileged if we may, else in a user namespace. Returns in the parent only. */
static const struct err *clone_inside(struct run *r)
{
	struct inside in = {.uid = geteuid(), .gid = getegid()};
	int pair[2];
	long pid;

	TRY(control_pair(pair));
	in.channel = pair[1];
	for (in.privileged = geteuid() == 0;; in.privileged = false) {
		struct clone_args args = {.flags = namespaces_flags(in.privileged),
					  .exit_signal = SIGCHLD};

		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (pid == 0)
			inside_run(&in);
		if (pid >= 0 || !in.privileged)
			break;
	}
	close(pair[1]);
	r->inside = pair[0];
	if (pid < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno,
				 "cannot make namespaces for the tool (as an ordinary user this "
				 "needs unprivileged user namespaces)");
	r->init = (pid_t)pid;
	return watch(r, r->inside, SOURCE_INSIDE);
}

static const struct err *open_all(struct run *r)
{
	r->events = epoll_create1(EPOLL_CLOEXEC);
	if (r->events < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot wait for the tool");
	TRY(clone_inside(r));
	return filter_build(&r->fds[WORLD_FILTER]);
}

const struct err *run_open(struct guest *guest, struct run **ret)
{
	struct run *r = calloc(1, sizeof(*r));
	const struct err *e;

	if (!r)
		return ERR(ERR_SYSTEM, "no memory");
	r->guest = guest;
	r->inside = r->events = r->listener = -1;
	sched_getaffinity(0, sizeof(r->cpus), &r->cpus);
	for (int i = 0; i < CONTROL_FDS; i++)
		r->fds[i] = -1;
	e = open_all(r);
	if (e)
		run_close(r);
	else
		*ret = r;
	return e;
}

/* Everything inside dies with process 1; waiting for it is waiting for all. */
void run_close(struct run *r)
{
	if (!r)
		return;
	if (r->init > 0) {
		kill(r->init, SIGKILL);
		while (waitpid(r->init, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (r->busy)
		end(r);
	if (r->tree_ready)
		vfs_deinit(&r->sys.vfs);
	for (int i = 0; i < CONTROL_FDS; i++)
		if (r->fds[i] >= 0)
			close(r->fds[i]);
	if (r->inside >= 0)
		close(r->inside);
	if (r->events >= 0)
		close(r->events);
	free(r);
}
