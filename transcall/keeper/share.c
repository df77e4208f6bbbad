/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input: whoever connects to the socket; this machine's files. */
#include "transcall/keeper/share.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "remotetrans/client/config.h"
#include "transcall/sys/paths.h"

/* Which files of this machine the tool's tree covers: one that was replaced is no longer covered.
 */
static uint64_t covered_files(void)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325); /* FNV-1a, 64 bit */
	const struct path_rule *rule;
	struct stat st;

	for (size_t i = 0; (rule = paths_row(i)); i++) {
		if (rule->side == SIDE_HOST || lstat(rule->path, &st) < 0)
			st = (struct stat){0};
		digest = (digest ^ st.st_dev) * UINT64_C(0x100000001b3);
		digest = (digest ^ st.st_ino) * UINT64_C(0x100000001b3);
	}
	return digest;
}

void share_init(struct share *s, const char *path)
{
	*s = (struct share){.path = path, .mounts = -1};
	if (!path)
		return;
	s->mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	s->files = covered_files();
	if (s->mounts < 0)
		s->path = NULL;
}

void share_begin(struct share *s, struct target *target)
{
	const struct target_config *c = target_config(target);

	s->target = target;
	if (!c->share)
		s->path = NULL;
	s->idle_ms = (int)(c->share_idle_s * 1000);
	opened_by_note(target, &s->by);
	/* nobody waits to unmount the folder that the first command was in */
	if (s->path && s->by.from_anywhere && chdir("/") < 0)
		s->path = NULL;
}

static bool is_fit(const struct share *s)
{
	struct pollfd mounts = {.fd = s->mounts, .events = POLLPRI};

	return poll(&mounts, 1, 0) == 0 && covered_files() == s->files &&
	       !target_is_outdated(s->target, &s->by);
}

/* --- the socket ------------------------------------------------------------------------------- */

/* -1: it cannot be made, such as when another keeper like this one waits already. */
static int listen_at(const char *path)
{
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		return -1;
	if (listen(fd, 8) == 0)
		return fd_take(&fd);
	unlink(path);
	return -1;
}

static bool is_our_users(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.uid == geteuid();
}

/* The next of our user; when a mount changes none: a file system that was unmounted outside is to
 * be free. */
static int accept_next(const struct share *s, int fd)
{
	struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = s->mounts, .events = POLLPRI}};

	for (;;) {
		int count = poll(p, 2, s->idle_ms);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0 || p[1].revents)
			return -1;
		AUTO_CLOSE int front = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
		if (front >= 0 && is_our_users(front))
			return fd_take(&front);
	}
}

/* Closing the socket turns away whoever came meanwhile: a front end that hears nothing from a
 * keeper starts its own. */
bool share_wait(struct share *s, int *ret)
{
	int fd;

	if (!s->path || !is_fit(s))
		return false;
	fd = listen_at(s->path);
	if (fd < 0)
		return false;
	*ret = accept_next(s, fd);
	unlink(s->path);
	close(fd);
	if (*ret >= 0 && is_fit(s))
		return true;
	if (*ret >= 0)
		close(*ret);
	return false;
}
