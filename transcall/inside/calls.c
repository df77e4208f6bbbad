/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a system call. Input: the program's arguments; it is trusted with its own memory, as
 * the C library trusts it: a pointer that leads nowhere ends it here rather than failing with EFAULT.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "transcall/inside/inside.h"

#define CALLS_MAX 512
#define POLLED_MAX 1024

/* Flags with which an entry is still opened as it is. */
#define PLAIN_FLAGS (O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_DIRECTORY | O_NOFOLLOW | O_LARGEFILE)

/* While a child runs in this memory (vfork), its descriptors are not those that are noted here. */
static long lent_by;

static bool is_in_proc; /* the working directory is /proc */

static bool answer(struct call *c, long value)
{
	c->nr = value;
	return true;
}

/* --- paths --------------------------------------------------------------------------------- */

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

/* A path argument as one from the root. */
struct whole {
	const char *path;
	uint32_t len;
	bool of_dir; /* it ended in "/" */
	char room[IMAGE_PATH_MAX];
};

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

/* false: it is none that the image could have. */
static bool make_whole(struct whole *w, long dirfd, const char *path)
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

static bool is_listing(const struct whole *w)
{
	return w->len == 5 && same_bytes(w->path, "/proc", 5);
}

/* The entry that a path argument means; NULL: the kernel is to look, and knows @dirfd then. */
static const struct image_entry *find(const struct whole *w, long dirfd)
{
	const struct image_entry *entry = NULL;

	if (w && w->len >= 5 && same_bytes(w->path, "/proc", 5))
		entry = image_find(w->path, w->len);
	if (entry && w->of_dir && entry->kind != IMAGE_DIR)
		entry = NULL;
	if (!entry)
		file_make_real(dirfd);
	if (!entry && w && shows_descriptors(w->path, w->len))
		file_make_all_real();
	return entry;
}

static const struct image_entry *find_at(long dirfd, const char *path)
{
	struct whole w;

	dirfd = (int)dirfd;
	return find(make_whole(&w, dirfd, path) ? &w : NULL, dirfd);
}

/* Programs go to /proc to use short paths. */
static bool on_chdir(struct call *c)
{
	const char *path = (const char *)c->args[0];

	find_at(AT_FDCWD, path); /* it may be one of a descriptor */
	c->nr = raw3(SYS_chdir, path, 0, 0);
	if (c->nr == 0)
		is_in_proc = same_bytes(path, "/proc", sizeof("/proc"));
	return true;
}

static bool on_fchdir(struct call *c)
{
	file_make_real((int)c->args[0]);
	is_in_proc = false;
	return false;
}

/* --- open ---------------------------------------------------------------------------------- */

static bool may_open(const struct image_entry *entry, unsigned flags)
{
	if (entry->kind == IMAGE_DIR)
		return entry->text;
	return entry->kind == IMAGE_FILE && !(flags & O_DIRECTORY);
}

static bool open_at(struct call *c, long dirfd, const char *path, unsigned flags)
{
	const struct image_entry *entry;
	struct whole w;
	bool is_whole = make_whole(&w, (int)dirfd, path);
	long fd;

	if (is_whole && (flags & O_DIRECTORY) && is_listing(&w) && !image_is_valid()) {
		file_make_all_real();
		image_request();
	}
	entry = find(is_whole ? &w : NULL, (int)dirfd);
	if (!entry || (flags & ~(unsigned)PLAIN_FLAGS))
		return false;
	if (entry->kind == IMAGE_ABSENT || (entry->kind == IMAGE_FILE && entry->errnum))
		return answer(c, -(long)(entry->errnum ? entry->errnum : ENOENT));
	if (!may_open(entry, flags))
		return false;
	fd = file_open(entry, flags & O_CLOEXEC);
	return fd >= 0 && answer(c, fd);
}

static bool on_open(struct call *c)
{
	return open_at(c, AT_FDCWD, (const char *)c->args[0], (unsigned)c->args[1]);
}

static bool on_openat(struct call *c)
{
	return open_at(c, c->args[0], (const char *)c->args[1], (unsigned)c->args[2]);
}

/* --- reading ------------------------------------------------------------------------------- */

static bool read_at(struct call *c, const struct file *f, uint64_t offset)
{
	uint64_t left = offset < f->entry->text_len ? f->entry->text_len - offset : 0;
	uint64_t len = (uint64_t)c->args[2] < left ? (uint64_t)c->args[2] : left;

	copy_bytes((void *)c->args[1], (const char *)image_at(f->entry->text) + offset, len);
	return answer(c, (long)len);
}

static struct file *file_to_read(const struct call *c)
{
	struct file *f = file_of((int)c->args[0]);

	if (!f || f->entry->kind == IMAGE_FILE)
		return f;
	file_make_real((int)c->args[0]);
	return NULL;
}

static bool on_read(struct call *c)
{
	struct file *f = file_to_read(c);

	if (!f)
		return false;
	read_at(c, f, f->offset);
	f->offset += (uint64_t)c->nr;
	return true;
}

/* From the start: fresh content is due when the image is old. */
static bool on_pread64(struct call *c)
{
	struct file *f = file_to_read(c);

	if (!f || c->args[3] < 0 || (c->args[3] == 0 && !image_is_valid())) {
		file_make_real((int)c->args[0]);
		return false;
	}
	return read_at(c, f, (uint64_t)c->args[3]);
}

/* Where a record of a directory starts; its offset is what the record before it names as next. */
static bool is_record(const struct image_entry *entry, uint64_t offset)
{
	const char *text = image_at(entry->text);
	uint64_t at = 0;

	while (at < offset && at < entry->text_len)
		at += *(const uint16_t *)(text + at + 16); /* d_reclen */
	return at == offset;
}

static bool on_lseek(struct call *c)
{
	struct file *f = file_of((int)c->args[0]);
	bool in_place, starts_old;
	uint64_t to;

	if (!f)
		return false;
	to = (uint64_t)c->args[1] + (c->args[2] == SEEK_CUR ? f->offset : 0);
	starts_old = f->entry->kind == IMAGE_FILE && to == 0 && !image_is_valid();
	in_place = (c->args[2] == SEEK_SET || c->args[2] == SEEK_CUR) && to <= IMAGE_BYTES &&
		   !starts_old;
	if (in_place && f->entry->kind == IMAGE_DIR)
		in_place = is_record(f->entry, to);
	if (!in_place) {
		file_make_real((int)c->args[0]);
		return false;
	}
	f->offset = to;
	return answer(c, (long)to);
}

static bool on_getdents64(struct call *c)
{
	struct file *f = file_of((int)c->args[0]);
	const char *text;
	uint64_t end;

	if (!f || f->entry->kind != IMAGE_DIR) {
		file_make_real((int)c->args[0]);
		return false;
	}
	text = image_at(f->entry->text);
	for (end = f->offset; end < f->entry->text_len;) {
		uint64_t next = end + *(const uint16_t *)(text + end + 16);

		if (next - f->offset > (uint32_t)c->args[2])
			break;
		end = next;
	}
	if (end == f->offset && end < f->entry->text_len)
		return answer(c, -EINVAL);
	copy_bytes((void *)c->args[1], text + f->offset, end - f->offset);
	answer(c, (long)(end - f->offset));
	f->offset = end;
	return true;
}

static bool on_close(struct call *c)
{
	file_forget((int)c->args[0]);
	return false;
}

/* --- stat and readlink --------------------------------------------------------------------- */

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
	const struct image_entry *entry = find_at(dirfd, path);

	if (entry && entry->kind == IMAGE_ABSENT)
		return answer(c, -ENOENT);
	if (!entry)
		return false;
	return give_stat(c, follow && entry->kind == IMAGE_LINK ? entry->target : entry->stat, to);
}

static bool stat_descriptor(struct call *c, long fd, long to)
{
	const struct file *f = file_of((int)fd);

	if (f && give_stat(c, f->entry->stat, to))
		return true;
	file_make_real((int)fd);
	return false;
}

static bool on_stat(struct call *c)
{
	return stat_at(c, AT_FDCWD, (const char *)c->args[0], c->args[1], true);
}

static bool on_lstat(struct call *c)
{
	return stat_at(c, AT_FDCWD, (const char *)c->args[0], c->args[1], false);
}

static bool on_fstat(struct call *c)
{
	return stat_descriptor(c, c->args[0], c->args[1]);
}

static bool on_newfstatat(struct call *c)
{
	const char *path = (const char *)c->args[1];
	long flags = c->args[3];

	if ((flags & AT_EMPTY_PATH) && (!path || !*path))
		return stat_descriptor(c, c->args[0], c->args[2]);
	if (flags & ~(long)(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)) {
		file_make_real((int)c->args[0]);
		return false;
	}
	return stat_at(c, c->args[0], path, c->args[2], !(flags & AT_SYMLINK_NOFOLLOW));
}

static bool link_at(struct call *c, long dirfd, const char *path, long to, long size)
{
	const struct image_entry *entry = find_at(dirfd, path);
	long len;

	if (!entry || entry->kind != IMAGE_LINK || (int)size <= 0)
		return false;
	if (entry->errnum)
		return answer(c, -(long)entry->errnum);
	len = size < entry->text_len ? size : entry->text_len;
	copy_bytes((void *)to, image_at(entry->text), (size_t)len);
	return answer(c, len);
}

static bool on_readlink(struct call *c)
{
	return link_at(c, AT_FDCWD, (const char *)c->args[0], c->args[1], c->args[2]);
}

static bool on_readlinkat(struct call *c)
{
	return link_at(c, c->args[0], (const char *)c->args[1], c->args[2], c->args[3]);
}

/* Only the protocol of sockets is ever asked for. */
static bool on_getxattr(struct call *c)
{
	const struct image_entry *entry = find_at(AT_FDCWD, (const char *)c->args[0]);
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

/* --- descriptors that the kernel has to know ----------------------------------------------- */

static bool on_mmap(struct call *c)
{
	file_make_real((int)c->args[4]);
	return false;
}

/* What the second number stood for ends with the call, or the call fails and nothing changes. */
static bool on_dup2(struct call *c)
{
	file_make_real((int)c->args[0]);
	file_make_real((int)c->args[1]);
	file_forget((int)c->args[1]);
	return false;
}

static bool on_dup3(struct call *c)
{
	return on_dup2(c);
}

static bool on_close_range(struct call *c)
{
	(void)c;
	file_make_all_real();
	file_lose_stand_in();
	return false;
}

static bool on_poll(struct call *c)
{
	const struct pollfd *polled = (const struct pollfd *)c->args[0];

	for (long i = 0; i < c->args[1] && i < POLLED_MAX; i++)
		file_make_real(polled[i].fd);
	return false;
}

/* --- processes and threads ----------------------------------------------------------------- */

/* A child shares the places in its descriptors with us; a thread all we note. */
static bool before_clone(uint64_t flags)
{
	file_make_all_real();
	if ((flags & CLONE_VM) && (flags & CLONE_VFORK))
		lent_by = raw3(SYS_getpid, 0, 0, 0);
	else if (flags & (CLONE_VM | CLONE_FILES))
		patch_undo();
	return false;
}

static bool on_clone(struct call *c)
{
	return before_clone((uint64_t)c->args[0]);
}

static bool on_clone3(struct call *c)
{
	return before_clone(((const struct clone_args *)c->args[0])->flags);
}

static bool on_vfork(struct call *c)
{
	(void)c;
	return before_clone(CLONE_VM | CLONE_VFORK);
}

/* Is this the child that runs in our memory? */
static bool is_lent(void)
{
	if (lent_by && lent_by == raw3(SYS_getpid, 0, 0, 0))
		lent_by = 0;
	return lent_by;
}

/* --- which is which ------------------------------------------------------------------------ */

static bool make_first_real(struct call *c)
{
	file_make_real((int)c->args[0]);
	return false;
}

static bool make_every_real(struct call *c)
{
	(void)c;
	file_make_all_real();
	return false;
}

static bool (*const handlers[CALLS_MAX])(struct call *c) = {
#define HOT(name_)   [SYS_##name_] = on_##name_,
#define FIRST(name_) [SYS_##name_] = make_first_real,
#define EVERY(name_) [SYS_##name_] = make_every_real,
#include "transcall/inside/calls.def"
#undef HOT
#undef FIRST
#undef EVERY
};

bool inside_cares(long nr)
{
	return nr >= 0 && nr < CALLS_MAX && handlers[nr];
}

bool inside_call(struct call *c)
{
	if (!inside_cares(c->nr) || is_lent())
		return false;
	return handlers[c->nr](c);
}
