/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracee - a thread of the tool that waits in a trapped system call: its memory and its open paths.
 *
 * Results are errno values (0: done), as the tool would get them from its kernel.
 */
#ifndef TC_TRAP_TRACEE_H
#define TC_TRAP_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "remotetrans/base/err.h"

struct tracee {
	int listener; /* of the tool's seccomp filter */
	uint64_t id;  /* of the notification */
	pid_t tid;    /* in the supervisor's pid namespace */
};

/* Still waiting in that call: until then its tid cannot have been given to another process. */
bool tracee_waits(const struct tracee *t);

/* Exactly @len_bytes, or EFAULT. */
MUST_CHECK int tracee_read(const struct tracee *t, uint64_t at, void *ret, size_t len_bytes);
MUST_CHECK int tracee_write(const struct tracee *t, uint64_t at, const void *bytes,
			    size_t len_bytes);

/* A NUL-terminated string; EFAULT, or ENAMETOOLONG when it does not fit. */
MUST_CHECK int tracee_read_string(const struct tracee *t, uint64_t at, char *ret,
				  size_t size_bytes);

/**
 * tracee_directory() - the path that relative paths of a call start at
 * @dirfd: AT_FDCWD or a descriptor of the tool
 *
 * Return: 0, EBADF, or ENOENT when it has no path.
 */
MUST_CHECK int tracee_directory(const struct tracee *t, int dirfd, char *ret, size_t size_bytes);

/* stat() of an open descriptor of the tool, or of its working directory (AT_FDCWD). */
struct stat;
MUST_CHECK int tracee_fstat(const struct tracee *t, int fd, struct stat *ret);

/* Name of the caller (/proc/TID/comm). */
MUST_CHECK int tracee_program(const struct tracee *t, char *ret, size_t size_bytes);

/* Argument @index of the caller, 0 being the program; ESRCH: it has none that fits. */
MUST_CHECK int tracee_argument(const struct tracee *t, unsigned index, char *ret,
			       size_t size_bytes);

/* Process id (thread group) and thread id inside the tool's own pid namespace. */
MUST_CHECK int tracee_own_ids(const struct tracee *t, uint32_t *ret_pid, uint32_t *ret_tid);

#endif
