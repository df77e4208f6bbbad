// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A session moves bytes between its port and its command. All descriptors are nonblocking and
 * watched edge-triggered, so step() goes on until nothing moves any more; a full port holds
 * back the command's pipes, and a command that does not read holds back the port.
 */
#include "session.h"
#include "command.h"
#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MS 500

struct session {
	int port, epoll, signals;
	uint32_t id;
	struct frame_reader reader;
	struct command command;
	bool exited; /* the command has ended with @wait_status; EXIT is not yet sent */
	int wait_status;
	bool bye;                   /* the client said so, and no other came */
	bool in_ended;              /* the client's end of file was seen */
	uint8_t in[FRAME_DATA_MAX]; /* standard input that the command has not yet taken */
	size_t in_start, in_end;
	uint8_t out[FRAME_HEADER_LEN + FRAME_DATA_MAX]; /* what the port has not yet taken */
	size_t out_start, out_end;
};

static void watch(const struct session *session, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events | EPOLLET, .data.u64 = 0};

	epoll_ctl(session->epoll, EPOLL_CTL_ADD, fd, &event);
}

static bool out_idle(const struct session *session)
{
	return session->out_start == session->out_end;
}

static void out_frame(struct session *session, uint32_t type, uint32_t len)
{
	frame_header(session->out, session->id, type, len);
	session->out_start = 0;
	session->out_end = FRAME_HEADER_LEN + len;
}

static void session_reset(struct session *session, uint32_t id)
{
	command_end(&session->command);
	session->id = id;
	session->exited = session->in_ended = false;
	session->in_start = session->in_end = 0;
}

static void run(struct session *session, const struct frame *frame)
{
	if (session->command.pid || session->exited)
		return;
	if (command_start(frame->data, frame->len, &session->command)) {
		session->exited = true;
		session->wait_status = 126 << 8;
		return;
	}
	watch(session, session->command.in, EPOLLOUT);
	watch(session, session->command.out, EPOLLIN);
	watch(session, session->command.err, EPOLLIN);
}

static void take_input(struct session *session, const struct frame *frame)
{
	if (!frame->len)
		session->in_ended = true;
	memcpy(session->in, frame->data, frame->len);
	session->in_start = 0;
	session->in_end = frame->len;
}

/* A frame is taken only when what it needs is free: the output for HELLO, the input buffer for IN.
 */
static bool take_frame(struct session *session)
{
	struct frame frame;

	if (session->in_start != session->in_end || !out_idle(session))
		return false;
	if (!frame_next(&session->reader, &frame))
		return false;
	if (frame.type == FRAME_HELLO || frame.type == FRAME_BYE) {
		session_reset(session, frame.session);
		session->bye = frame.type == FRAME_BYE;
		if (!session->bye)
			out_frame(session, FRAME_READY, 0);
	} else if (frame.session == session->id && frame.type == FRAME_RUN) {
		run(session, &frame);
	} else if (frame.session == session->id && frame.type == FRAME_IN) {
		take_input(session, &frame);
	}
	return true;
}

static bool port_read(struct session *session)
{
	size_t room;
	uint8_t *at;
	ssize_t n;

	if (session->in_start != session->in_end)
		return false;
	at = frame_reader_room(&session->reader, FRAME_DATA_MAX, &room);
	if (!at)
		return false;
	n = read(session->port, at, room);
	if (n <= 0)
		return false;
	frame_reader_added(&session->reader, (size_t)n);
	return true;
}

static bool port_write(struct session *session)
{
	ssize_t n;

	if (out_idle(session))
		return false;
	n = write(session->port, session->out + session->out_start,
		  session->out_end - session->out_start);
	if (n <= 0)
		return false;
	session->out_start += (size_t)n;
	return true;
}

static bool command_feed(struct session *session)
{
	struct command *command = &session->command;
	ssize_t n;

	if (session->in_start == session->in_end) {
		if (session->in_ended)
			command_close(&command->in);
		return false;
	}
	n = write(command->in, session->in + session->in_start,
		  session->in_end - session->in_start);
	if (n < 0 && errno == EAGAIN)
		return false;
	/* a command that no longer reads loses its input, as in a pipeline */
	session->in_start = n < 0 ? session->in_end : session->in_start + (size_t)n;
	return true;
}

static bool command_drain(struct session *session, int *fd, uint32_t type)
{
	ssize_t n;

	if (*fd < 0 || !out_idle(session))
		return false;
	n = read(*fd, session->out + FRAME_HEADER_LEN, FRAME_DATA_MAX);
	if (n < 0)
		return false;
	if (n == 0)
		command_close(fd);
	else
		out_frame(session, type, (uint32_t)n);
	return true;
}

/*
 * EXIT goes out when the command has ended and what it wrote has been read; a process that it left
 * behind may keep the pipes open and is not waited for.
 */
static bool send_exit(struct session *session)
{
	if (!session->exited || !out_idle(session))
		return false;
	frame_put32(session->out + FRAME_HEADER_LEN, (uint32_t)session->wait_status);
	session->command.pid = 0;
	command_close(&session->command.in);
	command_close(&session->command.out);
	command_close(&session->command.err);
	session->exited = false;
	out_frame(session, FRAME_EXIT, 4);
	return true;
}

static void step(struct session *session)
{
	bool moved = true;

	while (moved) {
		moved = port_read(session);
		moved |= take_frame(session);
		moved |= command_feed(session);
		moved |= command_drain(session, &session->command.out, FRAME_OUT);
		moved |= port_write(session);
		moved |= command_drain(session, &session->command.err, FRAME_ERR);
		moved |= port_write(session);
		if (!moved)
			moved = send_exit(session);
	}
}

static void reap(struct session *session)
{
	struct signalfd_siginfo info;
	int wait_status;
	pid_t pid;

	while (read(session->signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0)
		if (pid == session->command.pid) {
			session->command.pid = 0;
			session->wait_status = wait_status;
			session->exited = true;
		}
}

/* The host has closed its end of the port, as it is now. */
static bool client_gone(const struct session *session)
{
	struct pollfd wait = {.fd = session->port};

	return session->bye || (poll(&wait, 1, 0) == 1 && (wait.revents & POLLHUP));
}

void session_serve(int port)
{
	struct session *session = calloc(1, sizeof(*session));
	struct epoll_event events[8];
	sigset_t set;

	if (!session)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	*session = (struct session){.port = port,
				    .epoll = epoll_create1(EPOLL_CLOEXEC),
				    .signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC),
				    .command = COMMAND_NONE};
	watch(session, port, EPOLLIN | EPOLLOUT);
	watch(session, session->signals, EPOLLIN);
	for (;;) {
		reap(session);
		step(session);
		if (client_gone(session))
			break;
		/* an emulated port of a Xen dom0 with two CPUs sometimes has data and says nothing */
		epoll_wait(session->epoll, events, 8, LOOK_MS);
	}
	command_end(&session->command);
}
