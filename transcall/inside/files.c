/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that stand for entries of the image. The kernel has their numbers, too: as copies of
 * a descriptor opened with O_PATH, by which nothing can be read. A call that slips past the library
 * fails with EBADF; it does not find an empty file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "transcall/inside/inside.h"

#define FILES_MAX   1024
#define STAND_IN_AT 1000 /* out of the way of small numbers; needs a limit above it */

static struct file files[FILES_MAX];
static unsigned open_count;
static long stand_in = -1; /* O_PATH of /dev/null */

struct file *file_of(long fd)
{
	if (!open_count || fd < 0 || fd >= FILES_MAX || !files[fd].entry)
		return NULL;
	return &files[fd];
}

void file_forget(long fd)
{
	struct file *f = file_of(fd);

	if (fd == stand_in)
		stand_in = -1;
	if (f) {
		f->entry = NULL;
		open_count--;
	}
}

void file_lose_stand_in(void)
{
	stand_in = -1;
}

static bool have_stand_in(void)
{
	long fd;

	if (stand_in >= 0)
		return true;
	fd = raw6(SYS_openat, AT_FDCWD, (long)"/dev/null", O_PATH | O_CLOEXEC, 0, 0, 0);
	if (fd < 0)
		return false;
	stand_in = raw3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, STAND_IN_AT);
	raw3(SYS_close, fd, 0, 0);
	return stand_in >= 0;
}

long file_open(const struct image_entry *entry, bool cloexec)
{
	long fd;

	if (!have_stand_in())
		return -1;
	fd = raw3(SYS_fcntl, stand_in, cloexec ? F_DUPFD_CLOEXEC : F_DUPFD, 0);
	if (fd >= FILES_MAX) {
		raw3(SYS_close, fd, 0, 0);
		return -1;
	}
	if (fd < 0)
		return fd;
	if (!files[fd].entry)
		open_count++;
	files[fd] = (struct file){.entry = entry};
	return fd;
}

/* --- giving them to the kernel ------------------------------------------------------------- */

struct record { /* struct linux_dirent64, getdents64(2) */
	uint64_t ino;
	int64_t next;
	uint16_t len_bytes;
	char rest[];
};

static unsigned records_before(const struct image_entry *entry, uint64_t offset)
{
	const char *text = image_at(entry->text);
	unsigned count = 0;

	for (uint64_t at = 0; at < offset && at < entry->text_len; count++)
		at += ((const struct record *)(text + at))->len_bytes;
	return count;
}

/* Read @count entries of a directory, and leave it behind the last of them. */
static void skip_records(long fd, unsigned count)
{
	_Alignas(8) char buffer[2048];
	int64_t place = 0;

	while (count > 0) {
		long len = raw3(SYS_getdents64, fd, buffer, sizeof(buffer));

		if (len <= 0)
			return;
		for (long at = 0; at < len && count > 0; count--) {
			const struct record *r = (const struct record *)(buffer + at);

			place = r->next;
			at += r->len_bytes;
		}
	}
	raw3(SYS_lseek, fd, place, SEEK_SET);
}

/* What is no longer at that path keeps its text for who has it open. */
static long open_text(const struct image_entry *entry)
{
	static const char name[] = "text";
	long fd = raw3(SYS_memfd_create, (long)name, MFD_CLOEXEC, 0);

	if (fd >= 0) {
		raw3(SYS_write, fd, image_at(entry->text), entry->text_len);
		raw3(SYS_lseek, fd, 0, SEEK_SET);
	}
	return fd;
}

static long open_real(const struct image_entry *entry)
{
	long flags = O_RDONLY | O_CLOEXEC | (entry->kind == IMAGE_DIR ? O_DIRECTORY : 0);
	char path[IMAGE_PATH_MAX + 1];
	long fd;

	copy_bytes(path, image_at(entry->path), entry->path_len);
	path[entry->path_len] = '\0';
	fd = raw6(SYS_openat, AT_FDCWD, (long)path, flags, 0, 0, 0);
	return fd < 0 && entry->kind == IMAGE_FILE ? open_text(entry) : fd;
}

void file_make_real(long fd)
{
	struct file *f = file_of(fd), was;
	long real, flags;

	if (!f)
		return;
	was = *f;
	file_forget(fd);
	flags = raw3(SYS_fcntl, fd, F_GETFD, 0);
	real = open_real(was.entry);
	if (real == -EMFILE) { /* its own number is free for it */
		raw3(SYS_close, fd, 0, 0);
		real = open_real(was.entry);
	}
	if (real < 0)
		return; /* reading it fails with EBADF */
	if (was.offset && was.entry->kind == IMAGE_FILE)
		raw3(SYS_lseek, real, was.offset, SEEK_SET);
	else if (was.offset)
		skip_records(real, records_before(was.entry, was.offset));
	if (real == fd) {
		raw3(SYS_fcntl, fd, F_SETFD, flags & FD_CLOEXEC);
		return;
	}
	raw3(SYS_dup3, real, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0);
	raw3(SYS_close, real, 0, 0);
}

void file_make_all_real(void)
{
	for (long fd = 0; open_count && fd < FILES_MAX; fd++)
		file_make_real(fd);
}
