/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys - one trapped system call, and what becomes of it. Handlers are named in syscall.def.
 *
 * A handler sets an answer. It may return an error instead: ABSENT, FAULT and RACE become an errno
 * of the tool's, everything else ends the run (dispatch.c).
 */
#ifndef TC_SYS_SYS_H
#define TC_SYS_SYS_H

#include "transcall/netlink/ends.h"
#include "transcall/proc/roll.h"
#include "transcall/sys/clock.h"
#include "transcall/sys/fixed.h"
#include "transcall/sys/special.h"
#include "transcall/trap/tracee.h"
#include "transcall/vfs/vfs.h"

#define SAID_FILES_MAX 64
#define SYSCALLS_LIMIT 1024 /* numbers of system calls are below */

struct sys {
	struct guest *guest; /* borrowed */
	struct vfs vfs;
	struct clock clock;
	struct roll roll; /* numbers of the guest's tasks, once a probe asked */
	const void *said_file[SAID_FILES_MAX]; /* rows of files of which a line was printed */
	unsigned said_files;
	struct fixed {
		const char *text; /* of a row of paths.def; NULL: none from here on */
		int fd;
	} fixed[FIXED_FILES_MAX];
	struct special special[SPECIAL_COUNT]; /* the last ones */
	unsigned special_count;
	uint64_t said[SYSCALLS_LIMIT / 64]; /* of which refused calls a line was printed */
	struct ends ends; /* of the tool's netlink sockets */
	bool said_netlink;
	int front; /* to the front end, which is of the tool's session (trap/control.h); borrowed */
};

struct call {
	struct tracee who;
	int nr;
	uint64_t args[6];
};

enum answer_kind {
	ANSWER_VALUE,  /* the call returns value */
	ANSWER_ERROR,  /* it fails with errnum */
	ANSWER_NATIVE, /* the tool's kernel does it */
	ANSWER_FD,     /* it returns a copy of fd, which whoever sends the answer closes */
};

struct answer {
	enum answer_kind kind;
	int64_t value;
	int errnum;
	int fd;
	int number; /* ANSWER_FD: what the tool is to know it by; 0: the lowest free one */
	bool cloexec;
};

typedef const struct err *(*sys_handler)(struct sys *s, const struct call *call,
					 struct answer *ret);

static inline void answer_value(struct answer *a, int64_t value)
{
	*a = (struct answer){.kind = ANSWER_VALUE, .value = value};
}

static inline void answer_error(struct answer *a, int errnum)
{
	*a = (struct answer){.kind = ANSWER_ERROR, .errnum = errnum};
}

static inline void answer_native(struct answer *a)
{
	*a = (struct answer){.kind = ANSWER_NATIVE};
}

/* 0 or the errno of writing into the tool's memory. */
static inline void answer_written(struct answer *a, int errnum)
{
	if (errnum)
		answer_error(a, errnum);
	else
		answer_value(a, 0);
}

/* The handlers. */
#define SYS_HANDLER(name)                                                                          \
	MUST_CHECK const struct err *name(struct sys *s, const struct call *call,                  \
					  struct answer *ret)
SYS_HANDLER(sys_open);
SYS_HANDLER(sys_stat);
SYS_HANDLER(sys_access);
SYS_HANDLER(sys_readlink);
SYS_HANDLER(sys_getxattr);
SYS_HANDLER(sys_listxattr);
SYS_HANDLER(sys_chdir);
SYS_HANDLER(sys_name_to_handle_at);
SYS_HANDLER(sys_open_by_handle_at);
SYS_HANDLER(sys_statfs);
SYS_HANDLER(sys_fstatfs);
SYS_HANDLER(sys_uname);
SYS_HANDLER(sys_sysinfo);
SYS_HANDLER(sys_clock_gettime);
SYS_HANDLER(sys_gettimeofday);
SYS_HANDLER(sys_time);
SYS_HANDLER(sys_program_started);
SYS_HANDLER(sys_slept);
SYS_HANDLER(sys_read_again);
SYS_HANDLER(sys_kill);
SYS_HANDLER(sys_tgkill);
SYS_HANDLER(sys_pidfd_send_signal);
SYS_HANDLER(sys_sched_getscheduler);
SYS_HANDLER(sys_sched_getparam);
SYS_HANDLER(sys_sched_getaffinity);
SYS_HANDLER(sys_sched_getattr);
SYS_HANDLER(sys_prlimit);
SYS_HANDLER(sys_ioprio_get);
SYS_HANDLER(sys_set_process);
SYS_HANDLER(sys_refused);
SYS_HANDLER(sys_syslog);
SYS_HANDLER(sys_msgctl);
SYS_HANDLER(sys_semctl);
SYS_HANDLER(sys_shmctl);
SYS_HANDLER(sys_ns_ioctl);
SYS_HANDLER(sys_fstat);
SYS_HANDLER(sys_sched_rr_get_interval);
SYS_HANDLER(sys_getpriority);
SYS_HANDLER(sys_getpgid);
SYS_HANDLER(sys_socket_netlink);
SYS_HANDLER(sys_connect);
SYS_HANDLER(sys_bind);
SYS_HANDLER(sys_getsockname);
SYS_HANDLER(sys_ioctl);
SYS_HANDLER(sys_set_foreground); /* of sys_ioctl() */

/* The netlink socket that a call's first argument is; NULL: it is none. */
struct end *netlink_end(struct sys *s, const struct call *call);

/* Say once that nothing is changed. */
void netlink_refuse(struct sys *s);

/* Answer one request, when s->ends.events says that there is one. Errors end the run. */
MUST_CHECK const struct err *sys_serve_netlink(struct sys *s);

#endif
