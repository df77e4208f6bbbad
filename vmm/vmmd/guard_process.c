/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pause guard's process. Input: orders of vmmd, events of QEMU. It holds no key: the memory
 * with the keys is not inherited (secret.h).
 */
#include "vmm/vmmd/guard_process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "vmm/vmmd/confinement.h"
#include "vmm/vmmd/qmp.h"

#define RESUME_RETRY_NS 10000000
#define RESUME_TRIES    500

struct guard_state {
	int fd;
	struct qmp qmp;
	bool armed;
	uint64_t until_ns;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A refusal (QEMU is busy with a migration, say) is tried again for some seconds. */
static void resume(struct guard_state *g)
{
	for (int tries = 0; g->armed && tries < RESUME_TRIES && qmp_is_open(&g->qmp); tries++) {
		if (!qmp_execute(&g->qmp, "cont", NULL, NULL))
			break;
		nanosleep(&(struct timespec){.tv_nsec = RESUME_RETRY_NS}, NULL);
	}
	g->armed = false;
}

static bool answer(struct guard_state *g, char what)
{
	return send(g->fd, &what, 1, MSG_NOSIGNAL) == 1;
}

/* Return: false when vmmd has gone. */
static bool take_order(struct guard_state *g)
{
	struct guard_order order;
	ssize_t n = recv(g->fd, &order, sizeof(order), 0);

	if (n < 0 && errno == EINTR)
		return true;
	if (n != sizeof(order))
		return false;
	g->armed = order.what == GUARD_ARM;
	g->until_ns = order.until_ns;
	return answer(g, g->armed ? GUARD_ARMED : GUARD_DISARMED);
}

static void wait_until(const struct guard_state *g, struct pollfd p[2])
{
	uint64_t now = now_ns();
	uint64_t left_ns = g->until_ns > now ? g->until_ns - now : 0;
	struct timespec left = {.tv_sec = (time_t)(left_ns / 1000000000),
				.tv_nsec = (long)(left_ns % 1000000000)};

	p[0] = (struct pollfd){.fd = g->fd, .events = POLLIN};
	p[1] = (struct pollfd){.fd = g->qmp.fd, .events = POLLIN};
	if (ppoll(p, 2, g->armed ? &left : NULL, NULL) < 0)
		p[0].revents = p[1].revents = 0;
}

static void stand_by(struct guard_state *g)
{
	struct pollfd p[2];

	for (;;) {
		wait_until(g, p);
		if (g->armed && now_ns() >= g->until_ns)
			resume(g);
		if (p[1].revents && qmp_drain(&g->qmp))
			return; /* QEMU has gone: there is nothing left to resume */
		if (p[0].revents && !take_order(g))
			return;
	}
}

/* Signals to vmmd's group or terminal are for vmmd; the guard ends with it. */
static void detach(void)
{
	static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP};

	(void)setsid();
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	(void)prctl(PR_SET_NAME, "vmmd-guard");
}

/* Keep @fd and stdio, close everything else that vmmd had open. */
static int close_others(int fd)
{
	int kept = dup2(fd, STDERR_FILENO + 1);

	if (kept >= 0)
		(void)close_range((unsigned)kept + 1, ~0u, 0);
	return kept;
}

_Noreturn void guard_process_run(int fd, const char *qmp_path)
{
	struct guard_state g = {.fd = close_others(fd)};

	detach();
	if (g.fd < 0 || qmp_open(&g.qmp, qmp_path) || confinement_guard() ||
	    !answer(&g, GUARD_READY))
		_exit(1);
	stand_by(&g);
	resume(&g);
	_exit(0);
}
