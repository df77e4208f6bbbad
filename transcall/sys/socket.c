/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that would lead to this machine's daemons. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "transcall/sys/sys.h"

/* Abstract names are the network namespace's, so the tool's own; paths go by paths.def. A netlink
 * socket has one peer only. */
const struct err *sys_connect(struct sys *s, const struct call *call, struct answer *ret)
{
	struct sockaddr_un name = {0};
	char path[sizeof(name.sun_path) + 1] = "", base[PATH_MAX] = "/";
	size_t len = call->args[2] < sizeof(name) ? (size_t)call->args[2] : sizeof(name);
	struct place p;

	answer_native(ret);
	if (tracee_read(&call->who, call->args[1], &name, len)) {
		answer_error(ret, EFAULT);
		return NULL;
	}
	if (netlink_end(s, call))
		answer_value(ret, 0);
	if (name.sun_family != AF_UNIX || name.sun_path[0] == '\0')
		return NULL;
	memcpy(path, name.sun_path, sizeof(name.sun_path));
	if (path[0] != '/' && tracee_directory(&call->who, AT_FDCWD, base, sizeof(base))) {
		answer_error(ret, ENOENT);
		return NULL;
	}
	TRY(vfs_resolve(&s->vfs, &call->who, base, path, true, &p));
	if (p.side != SIDE_HOST)
		answer_error(ret, ECONNREFUSED);
	return NULL;
}
