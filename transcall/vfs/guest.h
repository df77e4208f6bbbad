/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest - the rebuilt tree as vfs/ and sys/ ask it: a view, the working set to announce first, and
 * the answers that are no files.
 *
 * The functions below ask again after RACE, a bounded number of times, and count in the view what
 * could not be answered, as those of proc/tree.h do.
 */
#ifndef TC_VFS_GUEST_H
#define TC_VFS_GUEST_H

#include <stdio.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "transcall/proc/ifreq.h"
#include "transcall/proc/ipc_answer.h"
#include "transcall/proc/netlink.h"
#include "transcall/proc/sysfs.h"
#include "transcall/proc/tree.h"

struct guest {
	struct proc_view *view; /* borrowed */
	uint32_t reader_pid; /* the tool appears as a child of this process; as that sees itself */
	/* The tool is about to read what @sets (WORKSET_*) covers. */
	MUST_CHECK const struct err *(*want)(void *context, uint64_t sets);
	/* The tool slept: the next want() is to bring fresh data. */
	void (*slept)(void *context);
	void *context;
	/* Set when the tool could see this machine's wall clock: how far the guest's is ahead. */
	int64_t skew_seconds;
};

struct guest_clocks {
	uint64_t wall_ns, boot_ns, monotonic_ns; /* at the snapshot */
};

MUST_CHECK const struct err *guest_uname(struct guest *g, struct utsname *ret);
MUST_CHECK const struct err *guest_sysinfo(struct guest *g, struct sysinfo *ret);
MUST_CHECK const struct err *guest_clocks(struct guest *g, struct guest_clocks *ret);
/* Set reader_pid. */
MUST_CHECK const struct err *guest_find_reader(struct guest *g);
MUST_CHECK const struct err *guest_pid_max(struct guest *g, uint32_t *ret);

/* stat() of a path of the guest's own file systems. ABSENT: not there, or not cached there. */
MUST_CHECK const struct err *guest_stat(struct guest *g, const char *path, bool follow,
					struct stat *ret);

/* statfs() of one. ABSENT: as above, or what that file system has free cannot be known. */
MUST_CHECK const struct err *guest_statfs(struct guest *g, const char *path, struct statfs *ret);

/* st_dev of the guest's sockets. */
MUST_CHECK const struct err *guest_socket_dev(struct guest *g, dev_t *ret);

/* The kernel's log as syslog(2) copies it, into the empty stream @out; size of its buffer in bytes.
 */
MUST_CHECK const struct err *guest_log(struct guest *g, FILE *out);
MUST_CHECK const struct err *guest_log_size(struct guest *g, uint32_t *ret);

/* ifreq_answer(), ifreq_list(). */
MUST_CHECK const struct err *guest_ifreq(struct guest *g, unsigned request, struct ifreq *io,
					 int *ret_errnum);
MUST_CHECK const struct err *guest_interfaces(struct guest *g, struct ifreq *ret, size_t max,
					      size_t *ret_count);

/* netlink_answer(): *@ret_text is to be freed, on error too. */
MUST_CHECK const struct err *guest_netlink(struct guest *g, const struct netlink_request *request,
					   char **ret_text, size_t *ret_len, int *ret_errnum);

/* sysfs_group_handle(), sysfs_group_path(). */
MUST_CHECK const struct err *guest_group_handle(struct guest *g, const char *path,
						struct group_handle *ret);
MUST_CHECK const struct err *guest_group_path(struct guest *g, const char *dir, uint64_t id,
					      char ret[static PROC_PATH_BYTES]);

/* ipc_answer(). */
MUST_CHECK const struct err *guest_ipc(struct guest *g, const struct ipc_question *q,
				       struct ipc_answer *ret);

#endif
