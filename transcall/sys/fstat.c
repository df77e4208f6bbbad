/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stat() of the tool's descriptors. Input: the tool's arguments; the guest's answers. */
#include "transcall/sys/stat.h"

/* The tool's own sockets are its kernel's, but on the device of the guest's: by that fuser knows
 * those of the guest. */
static const struct err *stat_socket(struct sys *s, struct stat *ret)
{
	TRY(vfs_want(&s->vfs, "/proc/version"));
	return guest_socket_dev(s->guest, &ret->st_dev);
}

const struct err *sys_fstat(struct sys *s, const struct call *call, struct answer *ret)
{
	struct stat_request request = stat_request(call);
	const struct proc_namespace *ns = special_find(s, call, request.at.dirfd);
	struct stat st;

	answer_native(ret);
	if (ns) {
		TRY(proc_namespace_stat(s->guest->view, ns, &st));
	} else {
		if (tracee_fstat(&call->who, request.at.dirfd, &st) || !S_ISSOCK(st.st_mode))
			return NULL;
		TRY(stat_socket(s, &st));
	}
	answer_written(ret, stat_write(call, &request, &st));
	return NULL;
}
