/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmmd's socket and signals. */
#include "vmm/vmmd/listen.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

#define BACKLOG SOMAXCONN

static const struct err *remove_stale(const char *path, const struct sockaddr_un *address)
{
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	if (lstat(path, &st) < 0)
		return NULL;
	if (!S_ISSOCK(st.st_mode))
		return ERR(ERR_USAGE, "%s exists and is not a socket; give --socket another path",
			   path);
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		return ERR(ERR_USAGE, "%s is served already; stop that vmmd first", path);
	if (unlink(path) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "%s: cannot remove the stale socket", path);
	return NULL;
}

const struct err *listen_unix(const char *path, int *ret_fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t umask_before;
	int status;

	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot create a socket");
	if (strlen(path) >= sizeof(address.sun_path))
		return ERR(ERR_USAGE, "%s: longer than a socket's path may be", path);
	strcpy(address.sun_path, path);
	TRY(remove_stale(path, &address));
	umask_before = umask(0177);
	status = bind(fd, (const struct sockaddr *)&address, sizeof(address));
	umask(umask_before);
	if (status < 0 || listen(fd, BACKLOG) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "%s: cannot listen", path);
	*ret_fd = fd_take(&fd);
	return NULL;
}

const struct err *listen_signals(int *ret_fd)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "sigprocmask");
	*ret_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (*ret_fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "signalfd");
	return NULL;
}
