/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open files and descriptor tables. Input: attacker-controlled. */
#include "transcall/kobj/file.h"

#define FDS_MAX      (1u << 24) /* descriptors of one table that are looked at */
#define CHUNK_FDS    64u        /* pointers read at once: an array's length is a multiple of it */
#define POINTER_SIZE 8u

const struct err *file_read(const struct kernel *k, gva_t at, struct kfile *ret)
{
	struct kobject_copy o;
	uint64_t mode, flags;

	TRY(kobject_init(&o, k, at, SIZE_file));
	ret->at = at;
	TRY(kobject_uint(&o, k, F_file_mode, &mode));
	TRY(kobject_uint(&o, k, F_file_flags, &flags));
	TRY(kobject_int(&o, k, F_file_pos, &ret->pos));
	TRY(kobject_ptr(&o, k, F_file_inode, &ret->inode));
	TRY(kobject_ptr(&o, k, F_file_op, &ret->op));
	TRY(kobject_ptr(&o, k, F_file_private_data, &ret->private_data));
	ret->mode = (uint32_t)mode;
	ret->flags = (uint32_t)flags;
	return kpath_read(k, kfield_at(k, at, F_file_path), &ret->path);
}

const struct err *fdtable_read(const struct kernel *k, gva_t task, struct fdtable *ret)
{
	uint64_t max_fds;
	gva_t fdt;

	TRY(kfield_ptr(k, task, F_task_struct_files, &ret->files));
	if (gva_is_null(ret->files))
		return ERR_AT(ERR_ABSENT, task.v, "the task has no open files any more");
	TRY(kfield_ptr(k, ret->files, F_files_struct_fdt, &fdt));
	TRY(kfield_uint(k, fdt, F_fdtable_max_fds, &max_fds));
	TRY(kfield_ptr(k, fdt, F_fdtable_fd, &ret->fd));
	TRY(kfield_ptr(k, fdt, F_fdtable_close_on_exec, &ret->close_on_exec));
	if (max_fds > FDS_MAX)
		return ERR_AT(ERR_RACE, fdt.v, "a table of %u file descriptors", (unsigned)max_fds);
	ret->max_fds = (uint32_t)max_fds;
	return NULL;
}

const struct err *fdtable_file(const struct kernel *k, const struct fdtable *t, uint32_t fd,
			       gva_t *ret)
{
	*ret = gva(0);
	if (fd >= t->max_fds)
		return NULL;
	return kread_ptr(k, gva_add(t->fd, (uint64_t)POINTER_SIZE * fd), ret);
}

/* The rest of the chunk that @fd is in; index of the first pointer that is not null. */
static const struct err *chunk_find(const struct kernel *k, const struct fdtable *t, uint32_t fd,
				    uint32_t count, uint32_t *ret)
{
	uint8_t bytes[POINTER_SIZE * CHUNK_FDS];
	uint32_t i = 0;

	TRY(kread(k, gva_add(t->fd, (uint64_t)POINTER_SIZE * fd), bytes, POINTER_SIZE * count));
	while (i < POINTER_SIZE * count && !bytes[i])
		i++;
	*ret = i / POINTER_SIZE;
	return NULL;
}

const struct err *fdtable_next(const struct kernel *k, const struct fdtable *t, uint32_t *fd,
			       gva_t *ret)
{
	uint32_t at = *fd;

	*ret = gva(0);
	while (at < t->max_fds) {
		uint32_t count = CHUNK_FDS - at % CHUNK_FDS, i;

		if (count > t->max_fds - at)
			count = t->max_fds - at;
		*fd = at + count - 1; /* what an error loses */
		TRY(chunk_find(k, t, at, count, &i));
		at += i;
		if (i < count) {
			*fd = at;
			return fdtable_file(k, t, at, ret);
		}
	}
	return NULL;
}

const struct err *fdtable_close_on_exec(const struct kernel *k, const struct fdtable *t,
					uint32_t fd, bool *ret)
{
	uint8_t byte;

	TRY(kread_u8(k, gva_add(t->close_on_exec, fd / 8), &byte));
	*ret = byte >> (fd % 8) & 1;
	return NULL;
}
