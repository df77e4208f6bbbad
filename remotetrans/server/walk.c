/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server's side of the walk. Input: a child that may have been taken over by a guest. */
#include "remotetrans/server/walk.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remotetrans/base/process.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/server/walk_shared.h"
#include "remotetrans/wire/stream.h"

struct walk {
	pid_t pid; /* 0: ended */
	int pidfd; /* of it */
	int fd;
	struct walk_shared *shared;
	/* the request at hand */
	uint64_t started_ns, deadline_ns;
	uint32_t first; /* where its frames begin */
	bool sent;
};

bool walk_is_alive(const struct walk *w)
{
	return w->pid != 0;
}

static void end_child(struct walk *w)
{
	if (!w->pid)
		return;
	process_kill(w->pidfd);
	while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(w->pidfd);
	w->pid = 0;
}

void walk_stop(struct walk *w)
{
	if (!w)
		return;
	end_child(w);
	if (w->fd >= 0)
		close(w->fd);
	if (w->shared)
		munmap(w->shared, sizeof(*w->shared));
	free(w);
}

static _Noreturn void child(const struct memory *m, const char *text, size_t len_bytes, int fd,
			    struct walk_shared *shared)
{
	struct walk_child c = {
		.fd = fd, .memory = m, .text = text, .len_bytes = len_bytes, .shared = shared};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	walk_child_run(&c);
}

static const struct err *fork_child(struct walk *w, const struct memory *m, const char *text,
				    size_t len_bytes)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "socketpair");
	w->fd = fds[0];
	w->pid = process_fork(&w->pidfd);
	if (w->pid == 0) {
		close(fds[0]);
		child(m, text, len_bytes, fds[1], w->shared);
	}
	close(fds[1]);
	if (w->pid < 0) {
		w->pid = 0;
		return ERR_ERRNO(ERR_SYSTEM, errno, "fork");
	}
	return NULL;
}

const struct err *walk_start(const struct memory *m, const char *text, size_t len_bytes,
			     struct walk **ret)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (!w)
		return ERR_ERRNO(ERR_SYSTEM, errno, "walk");
	w->fd = -1;
	void *shared = mmap(NULL, sizeof(*w->shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const struct err *e = NULL;
	if (shared == MAP_FAILED)
		e = ERR_ERRNO(ERR_SYSTEM, errno, "walk");
	else
		w->shared = shared;
	if (!e)
		e = fork_child(w, m, text, len_bytes);
	if (e) {
		walk_stop(w);
		return e;
	}
	*ret = w;
	return NULL;
}

/* True when the child answered in time. */
static bool wait_answer(const struct walk *w, uint64_t deadline_ns)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	uint64_t now = stream_now_ns();
	uint8_t byte;

	if (now >= deadline_ns)
		return false;
	if (poll(&p, 1, (int)((deadline_ns - now) / 1000000) + 1) != 1)
		return false;
	return recv(w->fd, &byte, 1, MSG_DONTWAIT) == 1;
}

static void copy_remark(const struct walk_shared *shared, char *ret, size_t size_bytes)
{
	for (size_t i = 0; i + 1 < size_bytes; i++) {
		char c = shared->remark[i];

		ret[i] = c >= ' ' && c <= '~' ? c : (char)(c ? '?' : 0);
		if (!c)
			return;
	}
	ret[size_bytes - 1] = 0;
}

static void collect(struct walk *w, bool answered, struct walk_result *ret)
{
	uint32_t count = atomic_load(&w->shared->count);

	count = count < WALK_FRAMES_MAX ? count : WALK_FRAMES_MAX;
	ret->frames = w->shared->frames + w->first;
	ret->count = count > w->first ? count - w->first : 0;
	ret->has_kernel = w->shared->has_kernel;
	copy_remark(w->shared, ret->remark, sizeof(ret->remark));
	if (answered)
		return;
	end_child(w);
	strcpy(ret->remark, "the walk was too slow, or failed");
}

static void begin(struct walk *w, uint32_t first, uint32_t timeout_ms)
{
	const uint8_t go = 1;

	w->shared->timeout_ms = timeout_ms;
	w->shared->changes = first != 0;
	w->first = first;
	w->started_ns = stream_now_ns();
	w->deadline_ns = w->started_ns + timeout_ms * UINT64_C(1000000);
	w->sent = send(w->fd, &go, 1, MSG_NOSIGNAL) == 1;
}

static void end(struct walk *w, struct walk_result *ret)
{
	collect(w, w->sent && wait_answer(w, w->deadline_ns), ret);
	ret->spent_us = (uint32_t)((stream_now_ns() - w->started_ns) / 1000);
}

void walk_run(struct walk *w, uint64_t sets, const struct vcpu *vcpus, unsigned vcpu_count,
	      uint32_t timeout_ms, struct walk_result *ret)
{
	*ret = (struct walk_result){.remark = "no walk: its child has ended"};
	if (!w->pid)
		return;
	w->shared->sets = sets;
	w->shared->vcpu_count = vcpu_count;
	memcpy(w->shared->vcpus, vcpus, vcpu_count * sizeof(*vcpus));
	atomic_store(&w->shared->count, 0);
	begin(w, 0, timeout_ms);
	end(w, ret);
}

/* A walk that found a kernel has touched frames, so there are some before these. */
void walk_changes_begin(struct walk *w, uint32_t timeout_ms)
{
	uint32_t count = atomic_load(&w->shared->count);

	w->sent = false;
	if (w->pid && count)
		begin(w, count < WALK_FRAMES_MAX ? count : WALK_FRAMES_MAX, timeout_ms);
}

void walk_changes_end(struct walk *w, struct walk_result *ret)
{
	*ret = (struct walk_result){.remark = "no walk: its child has ended"};
	if (w->pid && w->sent)
		end(w, ret);
}
