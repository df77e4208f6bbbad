/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image_write - the content of an image, by inside/programs.def. */
#ifndef TC_VFS_IMAGE_WRITE_H
#define TC_VFS_IMAGE_WRITE_H

#include "remotetrans/base/err.h"

struct image;
struct vfs;

struct program {
	const char *name;
	const char *files; /* each followed by a blank; see programs.def */
};

/* NULL: none of that name. */
const struct program *program_find(const char *name);

/* Announce what the image is going to need. */
MUST_CHECK const struct err *image_announce(struct vfs *v, const struct program *program);

/**
 * image_write() - fill an empty image, all zeroes
 *
 * What does not fit is left out. Return: NULL; ABSENT, FAULT or RACE: /proc cannot be listed; or a
 * fatal kind.
 */
MUST_CHECK const struct err *image_write(struct vfs *v, const struct program *program,
					 struct image *image);

#endif
