/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file - open files and the tables of file descriptors that name them. */
#ifndef TC_KOBJ_FILE_H
#define TC_KOBJ_FILE_H

#include "transcall/kobj/dpath.h"

#define FILE_MODE_READ  1u /* FMODE_READ, FMODE_WRITE (include/linux/fs.h) */
#define FILE_MODE_WRITE 2u

/* A struct file. */
struct kfile {
	gva_t at;
	struct kpath path;
	gva_t inode, op, private_data;
	uint32_t mode;  /* FMODE_* */
	uint32_t flags; /* O_* */
	int64_t pos;
};
MUST_CHECK const struct err *file_read(const struct kernel *k, gva_t at, struct kfile *ret);

/* A task's table of descriptors. */
struct fdtable {
	gva_t files; /* struct files_struct: the owner of POSIX locks */
	gva_t fd;    /* array of struct file pointers */
	gva_t close_on_exec;
	uint32_t max_fds;
};

/* Return: NULL; ABSENT: the task has no files (a zombie); RACE; FAULT; fatal. */
MUST_CHECK const struct err *fdtable_read(const struct kernel *k, gva_t task, struct fdtable *ret);

/* The struct file open as @fd; null: none. */
MUST_CHECK const struct err *fdtable_file(const struct kernel *k, const struct fdtable *t,
					  uint32_t fd, gva_t *ret);

/**
 * fdtable_next() - the first open descriptor at or after *@fd
 * @fd:  in: where to begin; out: its number; on error the last one that is lost by it
 * @ret: out: its struct file; null when there is none
 */
MUST_CHECK const struct err *fdtable_next(const struct kernel *k, const struct fdtable *t,
					  uint32_t *fd, gva_t *ret);

MUST_CHECK const struct err *fdtable_close_on_exec(const struct kernel *k, const struct fdtable *t,
						   uint32_t fd, bool *ret);

#endif
