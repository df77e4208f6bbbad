/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel image that a user names: a file, or a member of a Debian package.
 * Input: files that the user names; dpkg-deb unpacks a package to a tar stream, which is read here.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kernel-profiles/vmlinuz.h"
#include "remotetrans/base/buf.h"
#include "remotetrans/base/scope.h"

extern char **environ;

#define TAR_BLOCK_BYTES 512u
#define TAR_NAME_BYTES  100u
#define TAR_SIZE_AT     124u
#define TAR_SIZE_BYTES  12u
#define TAR_TYPE_AT     156u
#define TAR_MEMBERS_MAX 200000u
#define SKIP_BYTES      (64u << 10)
#define UNPACKED_MAX    (UINT64_C(4) << 30) /* a kernel's package has some hundred MB */

static const char *const image_paths[] = {"./boot/vmlinuz-*", "./usr/lib/modules/*/vmlinuz",
					  "./lib/modules/*/vmlinuz"};

/* Read exactly @len_bytes; at the end of the stream, @ret_end says so if nothing was read. */
static const struct err *stream_read(int fd, void *to, size_t len_bytes, bool *ret_end)
{
	size_t used = 0;

	*ret_end = false;
	while (used < len_bytes) {
		ssize_t got = read(fd, (uint8_t *)to + used, len_bytes - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERR_ERRNO(ERR_SYSTEM, errno, "reading the package");
		if (got == 0 && used == 0) {
			*ret_end = true;
			return NULL;
		}
		if (got == 0)
			return ERR(ERR_PROTO, "the package ends early");
		used += (size_t)got;
	}
	return NULL;
}

static const struct err *stream_skip(int fd, uint64_t len_bytes)
{
	uint8_t waste[SKIP_BYTES];
	bool end = false;

	while (len_bytes && !end) {
		size_t step = len_bytes < sizeof(waste) ? (size_t)len_bytes : sizeof(waste);

		TRY(stream_read(fd, waste, step, &end));
		len_bytes -= step;
	}
	return end ? ERR(ERR_PROTO, "the package ends early") : NULL;
}

/* An octal number, padded with blanks or NULs (POSIX.1-1988 ustar). */
static const struct err *octal_parse(const uint8_t *digits, size_t len_bytes, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len_bytes && digits[i] && digits[i] != ' '; i++) {
		if (digits[i] < '0' || digits[i] > '7')
			return ERR(ERR_PROTO, "the package has a damaged tar header");
		v = v << 3 | (uint64_t)(digits[i] - '0');
	}
	*ret = v;
	return NULL;
}

static bool is_image(const uint8_t *header)
{
	char name[TAR_NAME_BYTES + 1];

	if (header[TAR_TYPE_AT] != '0' && header[TAR_TYPE_AT] != 0)
		return false;
	memcpy(name, header, TAR_NAME_BYTES);
	name[TAR_NAME_BYTES] = 0;
	for (size_t i = 0; i < sizeof(image_paths) / sizeof(image_paths[0]); i++)
		if (fnmatch(image_paths[i], name, FNM_PATHNAME) == 0)
			return true;
	return false;
}

static const struct err *image_take(int fd, uint64_t len_bytes, struct blob *ret)
{
	AUTO_BLOB struct blob image = {0};
	bool end;

	if (len_bytes == 0 || len_bytes > KERNEL_BYTES_MAX)
		return ERR(ERR_PROTO, "the package's kernel image has %llu bytes",
			   (unsigned long long)len_bytes);
	image.len_bytes = (size_t)len_bytes;
	image.bytes = malloc(image.len_bytes);
	if (!image.bytes)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "kernel image");
	TRY(stream_read(fd, image.bytes, image.len_bytes, &end));
	if (end)
		return ERR(ERR_PROTO, "the package ends early");
	*ret = image;
	image = (struct blob){0};
	return NULL;
}

const struct err *package_tar_find(int fd, struct blob *ret)
{
	uint8_t header[TAR_BLOCK_BYTES];
	uint64_t size, left_bytes = UNPACKED_MAX;
	bool end;

	for (unsigned i = 0; i < TAR_MEMBERS_MAX; i++) {
		TRY(stream_read(fd, header, sizeof(header), &end));
		if (end || header[0] == 0)
			break;
		TRY(octal_parse(header + TAR_SIZE_AT, TAR_SIZE_BYTES, &size));
		if (size > left_bytes)
			return ERR(ERR_PROTO, "the package unpacks to more than %llu bytes",
				   (unsigned long long)UNPACKED_MAX);
		left_bytes -= size;
		if (is_image(header))
			return image_take(fd, size, ret);
		TRY(stream_skip(fd,
				(size + TAR_BLOCK_BYTES - 1) & ~(uint64_t)(TAR_BLOCK_BYTES - 1)));
	}
	return ERR(ERR_USAGE, "no kernel image (boot/vmlinuz-* or usr/lib/modules/*/vmlinuz)");
}

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

static const struct err *package_read(const char *path, struct blob *ret)
{
	pid_t pid;
	int fd;

	TRY(unpacker_start(path, &pid, &fd));
	const struct err *e = package_tar_find(fd, ret);
	kill(pid, SIGKILL); /* what follows the image is not needed */
	close(fd);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return e;
}

static const struct err *file_read(int fd, struct blob *ret)
{
	AUTO_BLOB struct blob file = {0};
	struct stat st;
	bool end;

	if (fstat(fd, &st) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "stat");
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > KERNEL_BYTES_MAX)
		return ERR(ERR_USAGE, "not a file of 1 to %u bytes", KERNEL_BYTES_MAX);
	file.len_bytes = (size_t)st.st_size;
	file.bytes = malloc(file.len_bytes);
	if (!file.bytes)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "kernel image");
	TRY(stream_read(fd, file.bytes, file.len_bytes, &end));
	if (end)
		return ERR(ERR_SYSTEM, "the file changes while it is read");
	*ret = file;
	file = (struct blob){0};
	return NULL;
}

static const struct err *named_read(const char *path, struct blob *ret)
{
	static const char ar_magic[8] = {'!', '<', 'a', 'r', 'c', 'h', '>', '\n'};
	char start[sizeof(ar_magic)] = {0};
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "open");
	if (pread(fd, start, sizeof(start), 0) == sizeof(start) &&
	    memcmp(start, ar_magic, sizeof(start)) == 0)
		return package_read(path, ret);
	return file_read(fd, ret);
}

const struct err *kernel_file_read(const char *path, struct blob *ret)
{
	const struct err *e = named_read(path, ret);

	return e ? ERR(e->kind, "%.200s: %s", path, e->message) : NULL;
}
