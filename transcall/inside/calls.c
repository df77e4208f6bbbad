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

static bool answer(struct call *c, long value)
{
	c->nr = value;
	return true;
}

/* --- paths --------------------------------------------------------------------------------- */

/* Does it lead to descriptors of this process, by their numbers? */
static bool shows_descriptors(const char *path)
{
	static const char *const places[] = {"/proc/self", "/proc/thread-self", "/dev/"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (same_bytes(path, places[i], text_len(places[i], 32)))
			return true;
	return false;
}

/* @name below the directory that @f stands for. */
static const struct image_entry *find_below(const struct file *f, const char *name, uint32_t len)
{
	char path[IMAGE_PATH_MAX];
	uint32_t above = f->entry->path_len;

	if (len == 0 || above + 1 + len > sizeof(path))
		return NULL;
	copy_bytes(path, image_at(f->entry->path), above);
	path[above] = '/';
	copy_bytes(path + above + 1, name, len);
	return image_find(path, above + 1 + len);
}

/* The entry that a path argument means; NULL: the kernel is to look, and knows @dirfd then. */
static const struct image_entry *find(long dirfd, const char *path)
{
	uint32_t len = path ? text_len(path, IMAGE_PATH_MAX) : 0;
	const struct image_entry *entry = NULL;
	const struct file *f;

	if (len == 0 || len == IMAGE_PATH_MAX)
		return NULL;
	if (path[0] == '/') {
		if (shows_descriptors(path))
			file_make_all_real();
		else if (len >= 5 && same_bytes(path, "/proc", 5))
			entry = image_find(path, len);
		return entry;
	}
	f = file_of((int)dirfd);
	if (f)
		entry = find_below(f, path, len);
	if (!entry)
		file_make_real((int)dirfd);
	return entry;
}

/* --- open ---------------------------------------------------------------------------------- */

static bool opens_listing(const char *path, unsigned flags)
{
	return (flags & O_DIRECTORY) && path && same_bytes(path, "/proc", sizeof("/proc"));
}

static bool may_open(const struct image_entry *entry, unsigned flags)
{
	if (entry->kind == IMAGE_DIR)
		return entry->text;
	return entry->kind == IMAGE_FILE && !(flags & O_DIRECTORY);
}

static bool open_at(struct call *c, long dirfd, const char *path, unsigned flags)
{
	const struct image_entry *entry;
	long fd;

	if (opens_listing(path, flags) && !image_is_valid()) {
		file_make_all_real();
		image_request();
	}
	entry = find(dirfd, path);
	if (!entry || (flags & ~(unsigned)PLAIN_FLAGS))
		return false;
	if (entry->kind == IMAGE_ABSENT || (entry->kind == IMAGE_FILE && entry->errnum))
		return answer(c, -(entry->errnum ? entry->errnum : ENOENT));
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

static bool give_stat(struct call *c, const struct image_entry *entry, long to)
{
	if (!entry || !entry->stat)
		return false;
	copy_bytes((void *)to, image_at(entry->stat), sizeof(struct stat));
	return answer(c, 0);
}

static bool stat_at(struct call *c, long dirfd, const char *path, long to, bool follow)
{
	const struct image_entry *entry = find(dirfd, path);

	if (entry && entry->kind == IMAGE_ABSENT)
		return answer(c, -ENOENT);
	return entry && !(follow && entry->kind == IMAGE_LINK) && give_stat(c, entry, to);
}

static bool stat_descriptor(struct call *c, long fd, long to)
{
	const struct file *f = file_of((int)fd);

	if (f && give_stat(c, f->entry, to))
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
	const struct image_entry *entry = find(dirfd, path);
	long len;

	if (!entry || entry->kind != IMAGE_LINK || (int)size <= 0)
		return false;
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
