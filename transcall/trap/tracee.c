/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded access to a waiting thread of the tool. Input: the tool's memory; trusted, but may
 * change. */
#include "transcall/trap/tracee.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

#define STEP_BYTES 256u /* divides a page: a step never crosses into an unmapped one */

bool tracee_waits(const struct tracee *t)
{
	uint64_t id = t->id;

	return ioctl(t->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

int tracee_read(const struct tracee *t, uint64_t at, void *ret, size_t len_bytes)
{
	struct iovec local = {.iov_base = ret, .iov_len = len_bytes};
	struct iovec remote = {.iov_base = (void *)(uintptr_t)at, .iov_len = len_bytes};

	if (len_bytes == 0)
		return 0;
	return process_vm_readv(t->tid, &local, 1, &remote, 1, 0) == (ssize_t)len_bytes ? 0
											: EFAULT;
}

int tracee_write(const struct tracee *t, uint64_t at, const void *bytes, size_t len_bytes)
{
	struct iovec local = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = len_bytes};
	struct iovec remote = {.iov_base = (void *)(uintptr_t)at, .iov_len = len_bytes};

	if (len_bytes == 0)
		return 0;
	if (!tracee_waits(t))
		return EFAULT;
	return process_vm_writev(t->tid, &local, 1, &remote, 1, 0) == (ssize_t)len_bytes ? 0
											 : EFAULT;
}

/* In small steps: most paths are short. */
int tracee_read_string(const struct tracee *t, uint64_t at, char *ret, size_t size_bytes)
{
	size_t used = 0;

	while (used < size_bytes) {
		size_t step = STEP_BYTES - (size_t)((at + used) % STEP_BYTES);

		if (step > size_bytes - used)
			step = size_bytes - used;
		if (tracee_read(t, at + used, ret + used, step))
			return EFAULT;
		if (memchr(ret + used, '\0', step))
			return 0;
		used += step;
	}
	return ENAMETOOLONG;
}

/* A descriptor that is no file system object ("pipe:[3]") has no path; a removed directory has
 * none. */
int tracee_directory(const struct tracee *t, int dirfd, char *ret, size_t size_bytes)
{
	static const char gone[] = " (deleted)";
	char link[64];
	ssize_t len;

	if (dirfd == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", t->tid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", t->tid, dirfd);
	len = readlink(link, ret, size_bytes - 1);
	if (len < 0)
		return EBADF;
	ret[len] = '\0';
	if (ret[0] != '/')
		return ENOTDIR;
	if ((size_t)len >= sizeof(gone) && strcmp(ret + len - (sizeof(gone) - 1), gone) == 0)
		return ENOENT;
	return 0;
}

int tracee_fstat(const struct tracee *t, int fd, struct stat *ret)
{
	char link[64];

	if (fd == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", t->tid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", t->tid, fd);
	return stat(link, ret) == 0 ? 0 : EBADF;
}

/* The start of /proc/TID/@name, NUL-terminated; its length, or -1. */
static ssize_t file_read(const struct tracee *t, const char *name, char *ret, size_t size_bytes)
{
	char path[64];
	AUTO_CLOSE int fd = -1;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/%s", t->tid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, ret, size_bytes - 1);
	if (len >= 0)
		ret[len] = '\0';
	return len;
}

int tracee_program(const struct tracee *t, char *ret, size_t size_bytes)
{
	if (file_read(t, "comm", ret, size_bytes) < 0)
		return ESRCH;
	ret[strcspn(ret, "\n")] = '\0';
	return 0;
}

int tracee_argument(const struct tracee *t, unsigned index, char *ret, size_t size_bytes)
{
	char text[4096];
	ssize_t len = file_read(t, "cmdline", text, sizeof(text));
	const char *at = text, *end = text + (len < 0 ? 0 : len);

	for (; index > 0 && at < end; index--)
		at += strlen(at) + 1;
	if (at >= end || at + strlen(at) >= end || strlen(at) >= size_bytes)
		return ESRCH;
	strcpy(ret, at);
	return 0;
}

/* The last number of a line "NSpid:\t100\t4000001" is the innermost namespace's. */
static uint32_t last_number(const char *text, const char *key)
{
	const char *line = strstr(text, key), *end, *at;

	if (!line)
		return 0;
	line++;
	end = line + strcspn(line, "\n");
	for (at = end; at > line && at[-1] >= '0' && at[-1] <= '9'; at--)
		;
	return (uint32_t)strtoul(at, NULL, 10);
}

int tracee_own_ids(const struct tracee *t, uint32_t *ret_pid, uint32_t *ret_tid)
{
	char text[4096];

	if (file_read(t, "status", text, sizeof(text)) < 0)
		return ESRCH;
	*ret_pid = last_number(text, "\nNStgid:");
	*ret_tid = last_number(text, "\nNSpid:");
	return *ret_pid ? 0 : ESRCH;
}
