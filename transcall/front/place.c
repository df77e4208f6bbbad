/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input: folders that others may have made, and whoever listens there. */
#include "transcall/front/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/trap/control.h"

#define CONNECT_MS 1000
#define END_MS     5000

/* No link, ours, and closed to all others: then nobody else can put anything there. */
static bool is_private(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

/* Below a folder that is the user's own already, or below /tmp, where it must be made first. */
static bool is_usable(const char *parent, const char *path)
{
	if (parent && !is_private(parent))
		return false;
	return (mkdir(path, 0700) == 0 || errno == EEXIST) && is_private(path);
}

bool place_folder(char ret[static PLACE_BYTES])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char parent[32];

	if (runtime && runtime[0] == '/' &&
	    snprintf(ret, PLACE_BYTES, "%s/transcall", runtime) < PLACE_BYTES - 40 &&
	    is_usable(runtime, ret))
		return true;
	snprintf(parent, sizeof(parent), "/run/user/%u", geteuid());
	snprintf(ret, PLACE_BYTES, "%s/transcall", parent);
	if (is_usable(parent, ret))
		return true;
	snprintf(ret, PLACE_BYTES, "/tmp/transcall-%u", geteuid());
	return is_usable(NULL, ret);
}

static bool is_our_users(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.uid == geteuid();
}

/* @ms: 0: for ever */
static void limit_wait(int fd, int option, int ms)
{
	const struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	setsockopt(fd, SOL_SOCKET, option, &t, sizeof(t));
}

int place_connect(const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	if (fd < 0)
		return -1;
	limit_wait(fd, SO_SNDTIMEO, CONNECT_MS); /* others may queue before one that is stopped */
	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0) {
		if (errno == ECONNREFUSED)
			unlink(path); /* its keeper was killed */
		return -1;
	}
	limit_wait(fd, SO_SNDTIMEO, 0);
	return is_our_users(fd) ? fd_take(&fd) : -1;
}

void place_end_all(void)
{
	struct control message = control_of(CONTROL_END);
	char folder[PLACE_BYTES], path[PLACE_BYTES + 256];
	struct dirent *entry;
	DIR *dir = place_folder(folder) ? opendir(folder) : NULL;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		AUTO_CLOSE int fd = entry->d_name[0] == '.' ? -1 : place_connect(path);
		bool open;
		if (fd >= 0)
			limit_wait(fd, SO_RCVTIMEO, END_MS);
		if (fd >= 0 && !control_send(fd, &message))
			IGNORE(control_receive(fd, &message, &open)); /* until it is gone */
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}
