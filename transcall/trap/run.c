/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The supervisor. Input: notifications of the tool's kernel; our own processes inside. */
#include "transcall/trap/run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/sys/dispatch.h"
#include "transcall/trap/control.h"
#include "transcall/trap/inside.h"
#include "transcall/trap/signals.h"

#ifndef SECCOMP_ADDFD_FLAG_SEND /* Linux 5.14 */
#define SECCOMP_ADDFD_FLAG_SEND (1UL << 1)
#endif

enum source { SOURCE_CALL, SOURCE_CONTROL, SOURCE_SIGNAL, SOURCE_NETLINK };

struct run {
	struct sys sys;
	bool tree_ready; /* sys.vfs is set up */
	pid_t init;      /* process 1 of the tool's namespace, as seen here */
	int channel;     /* to it; -1: closed */
	int listener;    /* -1: not there yet */
	int tool;        /* pidfd of the tool's first process */
	int signals;
	int events; /* epoll over the three above, and over the tool's netlink sockets */
	bool done;
	int status; /* wait status, once done */
};

/* --- one trapped call ---------------------------------------------------------------------- */

/* As @number, or where the tool may not have that, as the lowest free one. */
static int add_fd(const struct run *r, struct seccomp_notif_addfd *addfd, int number)
{
	if (number) {
		addfd->flags |= SECCOMP_ADDFD_FLAG_SETFD;
		addfd->newfd = (uint32_t)number;
		if (ioctl(r->listener, SECCOMP_IOCTL_NOTIF_ADDFD, addfd) >= 0 || errno == ENOENT)
			return number;
		addfd->flags &= ~(uint32_t)SECCOMP_ADDFD_FLAG_SETFD;
		addfd->newfd = 0;
	}
	return ioctl(r->listener, SECCOMP_IOCTL_NOTIF_ADDFD, addfd);
}

/* ENOENT: the caller was killed meanwhile. */
static const struct err *reply(struct run *r, uint64_t id, const struct answer *a)
{
	struct seccomp_notif_resp response = {.id = id};
	struct seccomp_notif_addfd addfd = {
		.id = id, .flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = (uint32_t)a->fd};
	int failed;

	if (a->kind == ANSWER_FD) {
		addfd.newfd_flags = a->cloexec ? O_CLOEXEC : 0;
		failed = add_fd(r, &addfd, a->number);
		close(a->fd);
		if (failed >= 0 || errno == ENOENT)
			return NULL;
		response.error = -errno; /* EMFILE and the like are the tool's */
	}
	if (a->kind == ANSWER_NATIVE)
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (a->kind == ANSWER_ERROR)
		response.error = -a->errnum;
	if (a->kind == ANSWER_VALUE)
		response.val = a->value;
	if (ioctl(r->listener, SECCOMP_IOCTL_NOTIF_SEND, &response) < 0 && errno != ENOENT)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot answer a system call");
	return NULL;
}

static const struct err *serve_call(struct run *r)
{
	struct seccomp_notif notification = {0};
	struct answer answer;
	struct call call;

	if (ioctl(r->listener, SECCOMP_IOCTL_NOTIF_RECV, &notification) < 0) {
		if (errno == EINTR || errno == ENOENT)
			return NULL; /* the caller is gone already */
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot receive a system call");
	}
	call.who = (struct tracee){
		.listener = r->listener, .id = notification.id, .tid = (pid_t)notification.pid};
	call.nr = notification.data.nr;
	for (size_t i = 0; i < 6; i++)
		call.args[i] = notification.data.args[i];
	TRY(dispatch(&r->sys, &call, &answer));
	return reply(r, notification.id, &answer);
}

/* --- messages from inside ------------------------------------------------------------------- */

/* @fd's events come back as @source. */
static const struct err *watch(struct run *r, int fd, enum source source)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = source};

	if (epoll_ctl(r->events, EPOLL_CTL_ADD, fd, &event) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot wait for the tool");
	return NULL;
}

/* Streams are the tool's: whoever reads its output sees the end when the tool is done with it. */
static void leave_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
	umask(022); /* for the shadow */
}

static const struct err *take_tree(struct run *r, const struct control *message)
{
	TRY(vfs_init(&r->sys.vfs, r->sys.guest, message->fds[0], message->fds[1],
		     (uint32_t)message->value));
	r->tree_ready = true;
	leave_streams();
	return NULL;
}

static void no_program(struct run *r, const struct control *message)
{
	fprintf(stderr, "transcall: cannot run the program: %s\n", strerror(message->value));
	r->status = (message->value == ENOENT ? 127 : 126) << 8;
	r->done = true;
}

static const struct err *serve_control(struct run *r)
{
	struct control message;
	bool open;

	TRY(control_receive(r->channel, &message, &open));
	if (!open)
		return ERR(ERR_SYSTEM, "the tool's process 1 ended early");
	switch (message.kind) {
	case CONTROL_FAILED:
		return ERR(ERR_SYSTEM, "%.400s", message.text);
	case CONTROL_TREE:
		return take_tree(r, &message);
	case CONTROL_TOOL:
		r->tool = message.fds[0];
		signals_forward_first(r->signals, r->tool);
		return watch(r, r->signals, SOURCE_SIGNAL);
	case CONTROL_LISTENER:
		r->listener = message.fds[0];
		return watch(r, r->listener, SOURCE_CALL);
	case CONTROL_NO_PROGRAM:
		no_program(r, &message);
		break;
	case CONTROL_STOPPED:
		signals_follow_stop(r->tool);
		break;
	case CONTROL_EXITED:
		r->status = message.value;
		r->done = true;
	}
	return NULL;
}

static const struct err *serve_source(struct run *r, const struct epoll_event *event)
{
	switch (event->data.u32) {
	case SOURCE_CALL:
		if (event->events & EPOLLIN)
			return serve_call(r);
		close(r->listener); /* nobody is left under the filter */
		r->listener = -1;
		return NULL;
	case SOURCE_CONTROL:
		return serve_control(r);
	case SOURCE_NETLINK:
		return sys_serve_netlink(&r->sys);
	default:
		signals_forward(r->signals, r->tool);
		return NULL;
	}
}

static const struct err *serve(struct run *r)
{
	r->events = epoll_create1(EPOLL_CLOEXEC);
	if (r->events < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot wait for the tool");
	TRY(watch(r, r->channel, SOURCE_CONTROL));
	TRY(watch(r, r->sys.ends.events, SOURCE_NETLINK));
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

/* --- start and end -------------------------------------------------------------------------- */

/* Supervisor and tool hand over to each other all the time: on one CPU that costs a tenth. */
static void stay_on_cpu(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static const struct err *describe_world(struct guest *guest, struct world *ret)
{
	struct utsname name = {0};
	struct guest_clocks clocks;
	const struct err *e;

	*ret = (struct world){.uid = geteuid(), .gid = getegid()};
	TRY(guest_uname(guest, &name));
	snprintf(ret->hostname, sizeof(ret->hostname), "%s", name.nodename);
	TRY(guest_pid_max(guest, &ret->pid_max));
	TRY(guest_find_reader(guest));
	e = guest_clocks(guest, &clocks);
	if (e)
		return e->kind == ERR_ABSENT || e->kind == ERR_FAULT ? NULL : e;
	ret->boot_ns = clocks.boot_ns;
	ret->monotonic_ns = clocks.monotonic_ns;
	return NULL;
}

/* Process 1, privileged if we may, else in a user namespace. Returns in the parent only. */
static const struct err *clone_inside(struct run *r, struct inside *in)
{
	int pair[2];
	long pid;

	TRY(control_pair(pair));
	in->channel = pair[1];
	for (in->privileged = geteuid() == 0;; in->privileged = false) {
		struct clone_args args = {.flags = namespaces_flags(in->privileged),
					  .exit_signal = SIGCHLD};

		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (pid == 0)
			inside_run(in);
		if (pid >= 0 || !in->privileged)
			break;
	}
	close(pair[1]);
	r->channel = pair[0];
	if (pid < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno,
				 "cannot make namespaces for the tool (as an ordinary user this "
				 "needs unprivileged user namespaces)");
	r->init = (pid_t)pid;
	return NULL;
}

/* Everything inside dies with process 1; waiting for it is waiting for all. */
static void end_inside(struct run *r)
{
	const int fds[] = {r->channel, r->listener, r->tool, r->signals, r->events};

	if (r->init > 0) {
		kill(r->init, SIGKILL);
		while (waitpid(r->init, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (r->tree_ready)
		vfs_deinit(&r->sys.vfs);
	roll_deinit(&r->sys.roll);
	fixed_deinit(&r->sys);
	ends_deinit(&r->sys.ends);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

const struct err *run_tool(struct guest *guest, char *const *argv, int *ret_status)
{
	struct run r = {.sys.guest = guest,
			.channel = -1,
			.listener = -1,
			.tool = -1,
			.signals = -1,
			.events = -1};
	CLEANUP(filter_deinit) struct filter filter = {0};
	struct world world;
	sigset_t mask;
	const struct err *e;
	struct inside in = {.filter = &filter, .world = &world, .mask = &mask, .argv = argv};

	TRY(filter_build(&filter));
	TRY(describe_world(guest, &world));
	stay_on_cpu();
	TRY(signals_take(&r.signals, &mask));
	e = ends_init(&r.sys.ends);
	if (!e)
		e = clone_inside(&r, &in);
	if (!e)
		e = serve(&r);
	end_inside(&r);
	guest->skew_seconds = clock_skew_seconds(&r.sys.clock);
	*ret_status = r.status;
	return e;
}
