/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From path arguments to entries. Input: the program's arguments; it is trusted with its own
 * memory, as the C library trusts it: a pointer that leads nowhere ends it here rather than failing
 * with EFAULT.
 */
#include <fcntl.h>
#include <sys/syscall.h>

#include "transcall/inside/handlers.h"

static bool is_in_proc; /* the working directory is /proc */

/* Does it lead to descriptors of this process, by their numbers? */
static bool shows_descriptors(const char *path, uint32_t len)
{
	static const char *const places[] = {"/proc/self", "/proc/thread-self", "/dev/"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		uint32_t own = text_len(places[i], 32);

		if (len >= own && same_bytes(path, places[i], own))
			return true;
	}
	return false;
}

static bool add(struct whole *w, const char *text, uint32_t len)
{
	if (w->len + len > sizeof(w->room))
		return false;
	copy_bytes(w->room + w->len, text, len);
	w->len += len;
	return true;
}

/* A relative path starts in a directory that is an entry's, or in /proc. */
static bool add_start(struct whole *w, long dirfd)
{
	const struct file *f = file_of(dirfd);

	w->path = w->room;
	if (f)
		return add(w, image_at(f->entry->path), f->entry->path_len);
	return dirfd == AT_FDCWD && is_in_proc && add(w, "/proc", 5);
}

bool path_make_whole(struct whole *w, long dirfd, const char *path)
{
	uint32_t len = path ? text_len(path, IMAGE_PATH_MAX) : 0;

	if (len == 0 || len == IMAGE_PATH_MAX)
		return false;
	w->of_dir = len > 1 && path[len - 1] == '/';
	w->len = 0;
	if (path[0] == '/') {
		w->path = path;
		w->len = len - w->of_dir;
		return true;
	}
	if (!add_start(w, dirfd))
		return false;
	return (len == 1 && path[0] == '.') || (add(w, "/", 1) && add(w, path, len - w->of_dir));
}

bool path_is_listing(const struct whole *w)
{
	return w->len == 5 && same_bytes(w->path, "/proc", 5);
}

const struct image_entry *path_find(const struct whole *w, long dirfd)
{
	const struct image_entry *entry = NULL;

	if (w && w->len >= 5 && (same_bytes(w->path, "/proc", 5) || same_bytes(w->path, "/etc/", 5)))
		entry = image_find(w->path, w->len);
	if (entry && w->of_dir && entry->kind != IMAGE_DIR)
		entry = NULL;
	if (!entry)
		file_make_real(dirfd);
	if (!entry && w && shows_descriptors(w->path, w->len))
		file_make_all_real();
	return entry;
}

const struct image_entry *path_find_at(long dirfd, const char *path)
{
	struct whole w;

	dirfd = (int)dirfd;
	return path_find(path_make_whole(&w, dirfd, path) ? &w : NULL, dirfd);
}

/* Programs go to /proc to use short paths. */
bool on_chdir(struct call *c)
{
	const char *path = (const char *)c->args[0];

	path_find_at(AT_FDCWD, path); /* it may be one of a descriptor */
	c->nr = raw3(SYS_chdir, path, 0, 0);
	if (c->nr == 0)
		is_in_proc = same_bytes(path, "/proc", sizeof("/proc"));
	return true;
}

bool on_fchdir(struct call *c)
{
	file_make_real((int)c->args[0]);
	is_in_proc = false;
	return false;
}
