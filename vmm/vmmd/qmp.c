/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QMP client. Input: QEMU, which is trusted for the VM's state; still bounded in size and time, so
 * that a hanging or broken QEMU ends in an error.
 */
#include "vmm/vmmd/qmp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES_MAX (4u << 20)
#define ANSWERS_MAX    8 /* more than are ever sent for before one is awaited */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const struct err *lost(struct qmp *q, int errnum, const char *what)
{
	qmp_close(q);
	return ERR_ERRNO(ERR_PEER, errnum, "%s: QEMU's QMP connection: %s", q->path, what);
}

static const struct err *connect_to(const char *path, int *ret)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot create a socket");
	if (strlen(path) >= sizeof(address.sun_path))
		return ERR(ERR_USAGE, "%s: longer than a socket's path may be", path);
	strcpy(address.sun_path, path);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return ERR_ERRNO(ERR_PEER, errno,
				 "%s: cannot connect to QEMU (is it running with "
				 "-qmp unix:PATH,server=on,wait=off, and allowed for this user?)",
				 path);
	*ret = fd_take(&fd);
	return NULL;
}

static const struct err *grow(struct qmp *q)
{
	size_t wanted = q->line_bytes ? q->line_bytes * 2 : 16384;
	char *line;

	if (wanted > LINE_BYTES_MAX)
		return lost(q, 0, "a message that is too long");
	line = realloc(q->line, wanted);
	if (!line)
		return lost(q, ENOMEM, "no memory for a message");
	q->line = line;
	q->line_bytes = wanted;
	return NULL;
}

/* Take what has arrived; waits for something until @until_ms unless that is 0. */
static const struct err *receive(struct qmp *q, int64_t until_ms, bool *ret_any)
{
	int64_t left_ms = until_ms ? until_ms - now_ms() : 0;
	struct pollfd p = {.fd = q->fd, .events = POLLIN};
	ssize_t n;

	*ret_any = false;
	if (q->used_bytes == q->line_bytes)
		TRY(grow(q));
	if (until_ms && poll(&p, 1, left_ms > 0 ? (int)left_ms : 0) == 0)
		return lost(q, ETIMEDOUT, "no answer");
	n = recv(q->fd, q->line + q->used_bytes, q->line_bytes - q->used_bytes, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return NULL;
	if (n < 0)
		return lost(q, errno, "lost");
	if (n == 0)
		return lost(q, 0, "closed by QEMU (has it ended?)");
	q->used_bytes += (size_t)n;
	*ret_any = true;
	return NULL;
}

static void count_event(struct qmp *q, const char *name)
{
	if (!strcmp(name, "RESET"))
		q->resets++;
	else if (!strcmp(name, "RESUME"))
		q->resumes++;
	else if (!strcmp(name, "STOP"))
		q->stops++;
	else
		q->others++;
}

/* Take one whole message out of the buffer. @ret: NULL when there is none, or it was an event. */
static const struct err *next_message(struct qmp *q, bool *ret_taken, json_t **ret)
{
	char *newline = q->used_bytes ? memchr(q->line, '\n', q->used_bytes) : NULL;
	size_t len = newline ? (size_t)(newline - q->line) + 1 : 0;
	AUTO_JSON json_t *message = NULL;
	const char *event;

	*ret = NULL;
	*ret_taken = newline != NULL;
	if (!newline)
		return NULL;
	message = json_loadb(q->line, len, JSON_REJECT_DUPLICATES, NULL);
	q->used_bytes -= len;
	memmove(q->line, q->line + len, q->used_bytes);
	if (!json_is_object(message))
		return lost(q, 0, "not JSON");
	event = json_string_value(json_object_get(message, "event"));
	if (event)
		count_event(q, event);
	else
		*ret = TAKE(message);
	return NULL;
}

/* For qmp_await(), or it drops it. One that is too many belongs to nobody. */
static void keep(struct qmp *q, json_t *answer)
{
	if (!q->answers)
		q->answers = json_array();
	if (json_array_size(q->answers) >= ANSWERS_MAX)
		json_decref(answer);
	else
		(void)json_array_append_new(q->answers, answer);
}

const struct err *qmp_drain(struct qmp *q)
{
	bool more = true;

	while (more) {
		bool taken = true;

		if (!qmp_is_open(q))
			return ERR(ERR_PEER, "%s: not connected to QEMU", q->path);
		TRY(receive(q, 0, &more));
		while (taken) {
			json_t *answer;

			TRY(next_message(q, &taken, &answer));
			keep(q, answer);
		}
	}
	return NULL;
}

static const struct err *await_message(struct qmp *q, int64_t until_ms, json_t **ret)
{
	for (;;) {
		bool taken;

		TRY(next_message(q, &taken, ret));
		if (*ret)
			return NULL;
		if (!taken) {
			bool any;

			TRY(receive(q, until_ms, &any));
		}
	}
}

static const struct err *next_answer(struct qmp *q, int64_t until_ms, json_t **ret)
{
	*ret = json_incref(json_array_get(q->answers, 0));
	if (!*ret)
		return await_message(q, until_ms, ret);
	(void)json_array_remove(q->answers, 0);
	return NULL;
}

/* An answer to our id; an older one belongs to nobody any more. */
const struct err *qmp_await(struct qmp *q, struct qmp_sent sent, json_t **ret)
{
	int64_t until_ms = now_ms() + QMP_TIMEOUT_MS;

	q->awaited_id = sent.id;
	for (;;) {
		AUTO_JSON json_t *answer = NULL;
		json_t *result, *failure;

		TRY(next_answer(q, until_ms, &answer));
		if (json_integer_value(json_object_get(answer, "id")) != (json_int_t)sent.id)
			continue;
		failure = json_object_get(answer, "error");
		if (failure) {
			const char *why = json_string_value(json_object_get(failure, "desc"));

			return ERR(ERR_SYSTEM, "QEMU refused '%s': %s", sent.command,
				   why ? why : "?");
		}
		result = json_object_get(answer, "return");
		if (!result)
			return lost(q, 0, "an answer without a result");
		if (ret)
			*ret = json_incref(result);
		return NULL;
	}
}

bool qmp_has_come(const struct qmp *q, struct qmp_sent sent)
{
	const json_t *last = json_array_get(q->answers, json_array_size(q->answers) - 1);

	return json_integer_value(json_object_get(last, "id")) >= (json_int_t)sent.id;
}

static const struct err *send_all(struct qmp *q, const char *text, int fd)
{
	size_t len = strlen(text);
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {0};
	struct iovec iov = {.iov_base = (char *)text, .iov_len = len};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	if (fd >= 0) {
		struct cmsghdr *c = &control.align;

		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	/* commands are short: QEMU that does not even take one in whole is as good as gone */
	if (sendmsg(q->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)len)
		return lost(q, errno, "cannot send");
	return NULL;
}

static const struct err *send_command(struct qmp *q, const char *command, json_t *arguments, int fd,
				      struct qmp_sent *ret)
{
	AUTO_JSON json_t *request = json_pack("{s:s, s:I, s:o*}", "execute", command, "id",
					      (json_int_t)++q->last_id, "arguments", arguments);
	AUTO_FREE char *text = NULL;

	*ret = (struct qmp_sent){command, q->last_id};
	if (!qmp_is_open(q))
		return ERR(ERR_PEER, "%s: not connected to QEMU", q->path);
	text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	if (!text)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "cannot build the QMP command '%s'", command);
	return send_all(q, text, fd);
}

const struct err *qmp_send(struct qmp *q, const char *command, json_t *arguments,
			   struct qmp_sent *ret)
{
	return send_command(q, command, arguments, -1, ret);
}

const struct err *qmp_execute_with_fd(struct qmp *q, const char *command, json_t *arguments, int fd,
				      json_t **ret)
{
	struct qmp_sent sent;

	TRY(send_command(q, command, arguments, fd, &sent));
	return qmp_await(q, sent, ret);
}

const struct err *qmp_execute(struct qmp *q, const char *command, json_t *arguments, json_t **ret)
{
	return qmp_execute_with_fd(q, command, arguments, -1, ret);
}

json_t *qmp_monitor_arguments(const char *command)
{
	return json_pack("{s:s}", "command-line", command);
}

const struct err *qmp_monitor_text(const json_t *result, char *ret, size_t size_bytes)
{
	if (!json_is_string(result))
		return ERR(ERR_SYSTEM, "QEMU's monitor answered with something else than text");
	snprintf(ret, size_bytes, "%s", json_string_value(result));
	return NULL;
}

const struct err *qmp_monitor(struct qmp *q, const char *command, char *ret, size_t size_bytes)
{
	AUTO_JSON json_t *text = NULL;

	TRY(qmp_execute(q, "human-monitor-command", qmp_monitor_arguments(command), &text));
	return qmp_monitor_text(text, ret, size_bytes);
}

static const struct err *negotiate(struct qmp *q)
{
	AUTO_JSON json_t *greeting = NULL;

	/* QEMU serves one client at a time on a socket: the greeting of a second one never comes */
	TRY(await_message(q, now_ms() + QMP_TIMEOUT_MS, &greeting));
	if (!json_object_get(greeting, "QMP"))
		return lost(q, 0, "this is not a QMP socket");
	return qmp_execute(q, "qmp_capabilities", NULL, NULL);
}

const struct err *qmp_open(struct qmp *q, const char *path)
{
	const struct err *e;

	*q = (struct qmp){.fd = -1, .path = path};
	TRY(connect_to(path, &q->fd));
	e = negotiate(q);
	if (e) {
		qmp_close(q);
		return ERR(e->kind, "%s (does another program hold this socket?)", e->message);
	}
	return NULL;
}

void qmp_close(struct qmp *q)
{
	scope_close(&q->fd);
	free(q->line);
	json_decref(q->answers);
	q->fd = -1;
	q->line = NULL;
	q->answers = NULL;
	q->line_bytes = q->used_bytes = 0;
}
