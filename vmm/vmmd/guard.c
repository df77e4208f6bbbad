/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmmd's side of the pause guard. Input: one-byte answers of a process of our own. */
#include "vmm/vmmd/guard.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/base/process.h"
#include "remotetrans/base/scope.h"
#include "vmm/vmmd/guard_process.h"

#define ANSWER_TIMEOUT_MS 6000 /* longer than the guard's own wait for QEMU */

void guard_init(struct guard *g, const char *qmp_path)
{
	*g = (struct guard){.qmp_path = qmp_path, .fd = -1, .pidfd = -1};
}

/* Whether the guard has closed its end, which only its end does unasked. */
static bool has_ended(const struct guard *g)
{
	char byte;
	ssize_t n = recv(g->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static void reap(struct guard *g)
{
	if (g->pid > 0)
		waitpid(g->pid, NULL, 0);
	scope_close(&g->fd);
	scope_close(&g->pidfd);
	g->fd = g->pidfd = -1;
	g->pid = 0;
}

static const struct err *await_answer(struct guard *g, char wanted)
{
	struct pollfd p = {.fd = g->fd, .events = POLLIN};
	char answer = 0;

	if (poll(&p, 1, ANSWER_TIMEOUT_MS) == 1 && recv(g->fd, &answer, 1, 0) == 1 &&
	    answer == wanted)
		return NULL;
	return ERR(ERR_PEER, "the pause guard does not answer");
}

/* A guard that hangs or answers wrongly is no guard. */
static void discard(struct guard *g)
{
	if (g->pid > 0)
		process_kill(g->pidfd);
	reap(g);
}

static const struct err *spawn(struct guard *g)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "socketpair");
	pid = process_fork(&g->pidfd);
	if (pid == 0)
		guard_process_run(pair[1], g->qmp_path);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		g->pidfd = -1;
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot start the pause guard");
	}
	g->pid = pid;
	g->fd = pair[0];
	if (!await_answer(g, GUARD_READY))
		return NULL;
	discard(g);
	return ERR(
		ERR_PEER,
		"the pause guard cannot use %s (a QMP socket of its own: nothing else may hold it)",
		g->qmp_path);
}

const struct err *guard_ensure(struct guard *g)
{
	if (g->pid > 0 && !has_ended(g))
		return NULL;
	if (g->pid > 0) {
		reap(g);
		g->replaced++;
	}
	return spawn(g);
}

static const struct err *tell(struct guard *g, const struct guard_order *order, char wanted)
{
	const struct err *e = NULL;

	if (g->pid <= 0)
		return ERR(ERR_PEER, "there is no pause guard");
	if (send(g->fd, order, sizeof(*order), MSG_NOSIGNAL) != sizeof(*order))
		e = ERR_ERRNO(ERR_PEER, errno, "the pause guard has ended");
	else
		e = await_answer(g, wanted);
	if (e)
		discard(g);
	return e;
}

const struct err *guard_arm(struct guard *g, uint64_t until_ns)
{
	return tell(g, &(struct guard_order){.what = GUARD_ARM, .until_ns = until_ns}, GUARD_ARMED);
}

const struct err *guard_disarm(struct guard *g)
{
	return tell(g, &(struct guard_order){.what = GUARD_DISARM}, GUARD_DISARMED);
}

void guard_close(struct guard *g)
{
	if (g->fd >= 0)
		shutdown(g->fd, SHUT_RDWR);
	reap(g);
}
