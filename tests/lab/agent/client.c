// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lab's client on the host: runs one command through the agent of a guest.
 *
 * Usage: client [-i] [-w SECONDS] DIR COMMAND [ARG...]
 * DIR holds the sockets agent.0, agent.1 ... of the guest's ports; the first that no other client
 * holds is used. -i passes standard input on; -w is how long to wait for the agent. Exit status:
 * the command's, 128 + its signal, or 125 when the guest cannot be reached or goes away.
 */
#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORTS         4
#define EXIT_LOST     125
#define HELLO_EACH_MS 1000

static uint32_t session;
static int port;
static struct frame_reader reader;

static void lost(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void lost(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("guest exec: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(EXIT_LOST);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void write_all(int fd, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			lost("write: %s", strerror(errno));
		at += n;
		len -= (size_t)n;
	}
}

/* A guest under QEMU has PORTS of them, one in Xen has one. */
static unsigned port_count(const char *dir)
{
	char path[512];
	unsigned n = 1;

	for (; n < PORTS; n++) {
		snprintf(path, sizeof(path), "%s/agent.%u", dir, n);
		if (access(path, F_OK))
			break;
	}
	return n;
}

/* Hold a port's lock file until exit: the first that is free, else wait for the first of all. */
static unsigned port_choose(const char *dir)
{
	unsigned count = port_count(dir);
	char path[512];
	int fd = -1;

	for (unsigned i = 0; i <= count; i++) {
		snprintf(path, sizeof(path), "%s/agent.%u.lock", dir, i % count);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			lost("%s: %s", path, strerror(errno));
		if (flock(fd, i < count ? LOCK_EX | LOCK_NB : LOCK_EX) == 0)
			return i % count;
		close(fd);
	}
	lost("flock: %s", strerror(errno));
}

static void port_connect(const char *dir)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	unsigned n = port_choose(dir);

	if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s/agent.%u", dir, n) >=
	    sizeof(address.sun_path))
		lost("%s: path too long for a socket", dir);
	port = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (port < 0 || connect(port, (struct sockaddr *)&address, sizeof(address)))
		lost("%s: %s", address.sun_path, strerror(errno));
}

/* Wait for bytes of the guest; false after @timeout_ms (-1: none). */
static bool receive(int timeout_ms)
{
	struct pollfd wait = {.fd = port, .events = POLLIN};
	size_t room;
	uint8_t *at;
	ssize_t n;

	if (poll(&wait, 1, timeout_ms) <= 0)
		return false;
	at = frame_reader_room(&reader, 2 * FRAME_DATA_MAX, &room);
	if (!at)
		lost("out of memory");
	n = read(port, at, room);
	if (n <= 0)
		lost("the guest went away");
	frame_reader_added(&reader, (size_t)n);
	return true;
}

/*
 * Never waits with both directions full: while the guest does not read, what it sends is taken in.
 */
static void port_write(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len) {
		struct pollfd wait = {.fd = port, .events = POLLIN | POLLOUT};
		ssize_t n = send(port, at, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			lost("the guest went away: %s", strerror(errno));
		if (n > 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		poll(&wait, 1, -1);
		if (wait.revents & POLLIN)
			receive(0);
	}
}

static void send_frame(uint32_t type, const void *data, uint32_t len)
{
	uint8_t header[FRAME_HEADER_LEN];

	frame_header(header, session, type, len);
	port_write(header, sizeof(header));
	port_write(data, len);
}

static bool next_frame(struct frame *ret)
{
	while (frame_next(&reader, ret))
		if (ret->session == session)
			return true;
	return false;
}

/* Say HELLO until READY comes; zeros push out what an earlier client may have left unfinished. */
static void greet(int wait_ms)
{
	static const uint8_t zeros[FRAME_DATA_MAX];
	int64_t end = now_ms() + wait_ms;
	struct frame frame = {0};

	for (unsigned tries = 0; now_ms() < end; tries++) {
		int64_t again = now_ms() + HELLO_EACH_MS;

		if (tries && tries < 3)
			port_write(zeros, sizeof(zeros));
		if (tries < 8)
			send_frame(FRAME_HELLO, NULL, 0);
		while (now_ms() < again) {
			receive((int)(again - now_ms()) + 1);
			if (next_frame(&frame) && frame.type == FRAME_READY)
				return;
		}
	}
	lost("the agent does not answer within %d s", wait_ms / 1000);
}

static void send_run(char **argv)
{
	size_t len = 0, at = 0;
	char *args;

	for (char **arg = argv; *arg; arg++)
		len += strlen(*arg) + 1;
	args = malloc(len);
	if (!args || len > FRAME_LEN_MAX)
		lost("the arguments are too long");
	for (char **arg = argv; *arg; at += strlen(*arg) + 1, arg++)
		strcpy(args + at, *arg);
	send_frame(FRAME_RUN, args, (uint32_t)len);
	free(args);
}

/* Pass a piece of standard input on; false at its end. */
static bool forward_input(void)
{
	uint8_t data[FRAME_DATA_MAX];
	ssize_t n = read(STDIN_FILENO, data, sizeof(data));

	send_frame(FRAME_IN, data, n > 0 ? (uint32_t)n : 0);
	return n > 0;
}

static int exit_status(const struct frame *frame)
{
	int wait_status = (int)frame_get32(frame->data);

	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

static int serve(bool input)
{
	struct frame frame;

	if (!input)
		send_frame(FRAME_IN, NULL, 0);
	for (;;) {
		struct pollfd wait[2] = {{.fd = port, .events = POLLIN},
					 {.fd = input ? STDIN_FILENO : -1, .events = POLLIN}};

		while (next_frame(&frame)) {
			if (frame.type == FRAME_EXIT && frame.len == 4)
				return exit_status(&frame);
			if (frame.type == FRAME_OUT || frame.type == FRAME_ERR)
				write_all(frame.type == FRAME_OUT ? STDOUT_FILENO : STDERR_FILENO,
					  frame.data, frame.len);
		}
		poll(wait, 2, -1);
		if (wait[1].revents)
			input = forward_input();
		if (wait[0].revents)
			receive(-1);
	}
}

int main(int argc, char **argv)
{
	bool input = false;
	int option, wait_ms = 30000;

	while ((option = getopt(argc, argv, "+iw:")) != -1)
		if (option == 'i')
			input = true;
		else if (option == 'w')
			wait_ms = atoi(optarg) * 1000;
		else
			return EXIT_LOST;
	if (argc - optind < 2)
		lost("usage: client [-i] [-w SECONDS] DIR COMMAND [ARG...]");
	session = (uint32_t)getpid() ^ (uint32_t)now_ms() << 8;
	port_connect(argv[optind]);
	greet(wait_ms);
	send_run(argv + optind + 1);
	return serve(input);
}
