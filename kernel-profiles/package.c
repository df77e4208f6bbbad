/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel that a user names: an image file, or Debian packages.
 * Input: files that the user names; dpkg-deb unpacks a package to a tar stream.
 */
#include "kernel-profiles/package.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kernel-profiles/vmlinuz.h"
#include "remotetrans/base/scope.h"

extern char **environ;

/* Start `dpkg-deb --fsys-tarfile @path` with its output in a pipe. */
static const struct err *unpacker_start(const char *path, pid_t *ret_pid, int *ret_fd)
{
	char *argv[] = {(char *)(uintptr_t) "dpkg-deb", (char *)(uintptr_t) "--fsys-tarfile",
			(char *)(uintptr_t) "--", (char *)(uintptr_t)path, NULL};
	posix_spawn_file_actions_t actions;
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDOUT_FILENO);
	int failed = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_fds[1]);
	*ret_fd = pipe_fds[0];
	if (failed) {
		close(pipe_fds[0]);
		return ERR_ERRNO(ERR_SYSTEM, failed, "dpkg-deb, needed to open a package");
	}
	return NULL;
}

static const struct err *package_read(const char *path, struct kernel_files *f)
{
	pid_t pid;
	int fd;

	TRY(unpacker_start(path, &pid, &fd));
	const struct err *e = package_tar_read(fd, f);
	kill(pid, SIGKILL); /* it may have more */
	close(fd);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return e;
}

static const struct err *file_read(int fd, struct blob *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "stat");
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > KERNEL_BYTES_MAX)
		return ERR(ERR_USAGE, "not a file of 1 to %u bytes", KERNEL_BYTES_MAX);
	return stream_take(fd, (uint64_t)st.st_size, ret);
}

static const struct err *named_read(const char *path, struct kernel_files *f)
{
	static const char ar_magic[8] = {'!', '<', 'a', 'r', 'c', 'h', '>', '\n'};
	char start[sizeof(ar_magic)] = {0};
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "open");
	if (pread(fd, start, sizeof(start), 0) == sizeof(start) &&
	    memcmp(start, ar_magic, sizeof(start)) == 0)
		return package_read(path, f);
	if (f->image.bytes)
		return ERR(ERR_USAGE, "a second kernel image");
	return file_read(fd, &f->image);
}

const struct err *kernel_files_add(struct kernel_files *f, const char *path)
{
	const struct err *e = named_read(path, f);

	return e ? ERR(e->kind, "%.200s: %s", path, e->message) : NULL;
}

void kernel_files_deinit(struct kernel_files *f)
{
	blob_deinit(&f->image);
	modules_deinit(&f->modules);
}
