/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening paths, and asking about them. Input: as path.c. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "transcall/inside/handlers.h"

/* Flags with which an entry is still opened as it is. */
#define PLAIN_FLAGS (O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_DIRECTORY | O_NOFOLLOW | O_LARGEFILE)

static bool may_open(const struct image_entry *entry, unsigned flags)
{
	if (entry->kind == IMAGE_DIR)
		return entry->text;
	return entry->kind == IMAGE_FILE && !(flags & O_DIRECTORY);
}

/* What is there, but not for this call, is the kernel's to answer: by a directory that it knows. */
static bool decline(long dirfd)
{
	file_make_real((int)dirfd);
	return false;
}

static bool open_at(struct call *c, long dirfd, const char *path, unsigned flags)
{
	const struct image_entry *entry;
	struct whole w;
	bool is_whole = path_make_whole(&w, (int)dirfd, path);
	long fd;

	if (is_whole && (flags & O_DIRECTORY) && path_is_listing(&w) && !image_is_valid()) {
		file_make_all_real();
		image_request();
	}
	entry = path_find(is_whole ? &w : NULL, (int)dirfd);
	if (!entry || (flags & ~(unsigned)PLAIN_FLAGS))
		return decline(dirfd);
	if (entry->kind == IMAGE_ABSENT || (entry->kind == IMAGE_FILE && entry->errnum))
		return answer(c, -(long)(entry->errnum ? entry->errnum : ENOENT));
	if (!may_open(entry, flags))
		return decline(dirfd);
	fd = file_open(entry, flags & O_CLOEXEC);
	return fd >= 0 ? answer(c, fd) : decline(dirfd);
}

bool on_open(struct call *c)
{
	return open_at(c, AT_FDCWD, (const char *)c->args[0], (unsigned)c->args[1]);
}

bool on_openat(struct call *c)
{
	return open_at(c, c->args[0], (const char *)c->args[1], (unsigned)c->args[2]);
}

/* --- attributes and links ---------------------------------------------------------------- */

/* @stat: an offset in the image, or 0. */
static bool give_stat(struct call *c, uint32_t stat, long to)
{
	if (!stat)
		return false;
	copy_bytes((void *)to, image_at(stat), sizeof(struct stat));
	return answer(c, 0);
}

static bool stat_at(struct call *c, long dirfd, const char *path, long to, bool follow)
{
	const struct image_entry *entry = path_find_at(dirfd, path);

	if (entry && entry->kind == IMAGE_ABSENT)
		return answer(c, -ENOENT);
	if (entry &&
	    give_stat(c, follow && entry->kind == IMAGE_LINK ? entry->target : entry->stat, to))
		return true;
	return decline(dirfd);
}

static bool stat_descriptor(struct call *c, long fd, long to)
{
	const struct file *f = file_of((int)fd);

	return (f && give_stat(c, f->entry->stat, to)) || decline(fd);
}

bool on_stat(struct call *c)
{
	return stat_at(c, AT_FDCWD, (const char *)c->args[0], c->args[1], true);
}

bool on_lstat(struct call *c)
{
	return stat_at(c, AT_FDCWD, (const char *)c->args[0], c->args[1], false);
}

bool on_fstat(struct call *c)
{
	return stat_descriptor(c, c->args[0], c->args[1]);
}

bool on_newfstatat(struct call *c)
{
	const char *path = (const char *)c->args[1];
	long flags = c->args[3];

	if ((flags & AT_EMPTY_PATH) && (!path || !*path))
		return stat_descriptor(c, c->args[0], c->args[2]);
	if (flags & ~(long)(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT))
		return decline(c->args[0]);
	return stat_at(c, c->args[0], path, c->args[2], !(flags & AT_SYMLINK_NOFOLLOW));
}

static bool link_at(struct call *c, long dirfd, const char *path, long to, long size)
{
	const struct image_entry *entry = path_find_at(dirfd, path);
	long len;

	if (!entry || entry->kind != IMAGE_LINK || (int)size <= 0)
		return decline(dirfd);
	if (entry->errnum)
		return answer(c, -(long)entry->errnum);
	len = size < entry->text_len ? size : entry->text_len;
	copy_bytes((void *)to, image_at(entry->text), (size_t)len);
	return answer(c, len);
}

bool on_readlink(struct call *c)
{
	return link_at(c, AT_FDCWD, (const char *)c->args[0], c->args[1], c->args[2]);
}

bool on_readlinkat(struct call *c)
{
	return link_at(c, c->args[0], (const char *)c->args[1], c->args[2], c->args[3]);
}

/* Only the protocol of sockets is ever asked for. */
bool on_getxattr(struct call *c)
{
	const struct image_entry *entry = path_find_at(AT_FDCWD, (const char *)c->args[0]);
	const char *name = (const char *)c->args[1];
	long size = c->args[3], len;

	if (!entry || entry->kind != IMAGE_LINK || !entry->protocol || !name)
		return false;
	len = entry->protocol_len;
	if (!len || !same_bytes(name, "system.sockprotoname", sizeof("system.sockprotoname")))
		return answer(c, -EOPNOTSUPP);
	if (size > 0 && size < len)
		return answer(c, -ERANGE);
	if (size)
		copy_bytes((void *)c->args[2], image_at(entry->protocol), (size_t)len);
	return answer(c, len);
}
