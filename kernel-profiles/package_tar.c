/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a Debian package has of a kernel. Input: the tar stream that dpkg-deb makes of it. */
#include "kernel-profiles/package.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "kernel-profiles/vmlinuz.h"
#include "remotetrans/base/scope.h"

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
			return ERR_ERRNO(ERR_SYSTEM, errno, "reading a file of a kernel");
		if (got == 0 && used == 0) {
			*ret_end = true;
			return NULL;
		}
		if (got == 0)
			return ERR(ERR_PROTO, "it ends early");
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
	return end ? ERR(ERR_PROTO, "it ends early") : NULL;
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

/* The path of a plain file; a longer one than is said here is none that we want. */
static bool header_path(const uint8_t *header, char ret[static TAR_NAME_BYTES + 1])
{
	memcpy(ret, header, TAR_NAME_BYTES);
	ret[TAR_NAME_BYTES] = 0;
	return header[TAR_TYPE_AT] == '0' || header[TAR_TYPE_AT] == 0;
}

static bool is_image(const char *path)
{
	for (size_t i = 0; i < sizeof(image_paths) / sizeof(image_paths[0]); i++)
		if (fnmatch(image_paths[i], path, FNM_PATHNAME) == 0)
			return true;
	return false;
}

const struct err *stream_take(int fd, uint64_t len_bytes, struct blob *ret)
{
	AUTO_BLOB struct blob file = {0};
	bool end;

	if (len_bytes == 0 || len_bytes > KERNEL_BYTES_MAX)
		return ERR(ERR_PROTO, "a kernel image or module of %llu bytes",
			   (unsigned long long)len_bytes);
	file.len_bytes = (size_t)len_bytes;
	file.bytes = malloc(file.len_bytes);
	if (!file.bytes)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "kernel image");
	TRY(stream_read(fd, file.bytes, file.len_bytes, &end));
	if (end)
		return ERR(ERR_PROTO, "it ends early");
	*ret = file;
	file = (struct blob){0};
	return NULL;
}

static const struct err *module_take(int fd, const char *path, uint64_t len_bytes,
				     struct modules *m)
{
	AUTO_BLOB struct blob file = {0};

	TRY(stream_take(fd, len_bytes, &file));
	return modules_add(m, path, &file);
}

/* One member of the stream, up to the next header. */
static const struct err *member_take(int fd, const uint8_t *header, uint64_t len_bytes,
				     struct kernel_files *f)
{
	uint64_t padded = (len_bytes + TAR_BLOCK_BYTES - 1) & ~(uint64_t)(TAR_BLOCK_BYTES - 1);
	char path[TAR_NAME_BYTES + 1];
	bool is_file = header_path(header, path);

	if (is_file && !f->image.bytes && is_image(path))
		TRY(stream_take(fd, len_bytes, &f->image));
	else if (is_file && modules_want(&f->modules, path))
		TRY(module_take(fd, path, len_bytes, &f->modules));
	else
		return stream_skip(fd, padded);
	return f->image.bytes && modules_complete(&f->modules)
		       ? NULL
		       : stream_skip(fd, padded - len_bytes);
}

const struct err *package_tar_read(int fd, struct kernel_files *f)
{
	uint8_t header[TAR_BLOCK_BYTES];
	uint64_t size, left_bytes = UNPACKED_MAX;
	unsigned modules_before = f->modules.count;
	bool end, had_image = f->image.bytes;

	for (unsigned i = 0; i < TAR_MEMBERS_MAX; i++) {
		TRY(stream_read(fd, header, sizeof(header), &end));
		if (end || header[0] == 0)
			break;
		TRY(octal_parse(header + TAR_SIZE_AT, TAR_SIZE_BYTES, &size));
		if (size > left_bytes)
			return ERR(ERR_PROTO, "the package unpacks to more than %llu bytes",
				   (unsigned long long)UNPACKED_MAX);
		left_bytes -= size;
		TRY(member_take(fd, header, size, f));
		if (f->image.bytes && modules_complete(&f->modules))
			return NULL; /* what follows is not needed */
	}
	if (f->modules.count == modules_before && !f->image.bytes == !had_image)
		return ERR(ERR_USAGE, "no kernel image (boot/vmlinuz-* or "
				      "usr/lib/modules/*/vmlinuz) and no module that is wanted");
	return NULL;
}
