/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image_room - room in an image being written, and the table by which paths are found in it.
 *
 * Nothing is written beyond IMAGE_BYTES: what has no room is left out.
 */
#ifndef TC_VFS_IMAGE_ROOM_H
#define TC_VFS_IMAGE_ROOM_H

#include <stddef.h>
#include <sys/types.h>

#include "remotetrans/base/err.h"
#include "transcall/inside/image.h"

struct vfs;

struct writing {
	struct vfs *v;
	struct image *image;
	dev_t dev;                   /* of the shadow */
	struct image_entry *entries; /* owned; placed in slots when all are known */
	uint32_t count, allocated;
};

void writing_deinit(struct writing *w);

static inline char *writing_at(const struct writing *w, uint32_t offset)
{
	return (char *)w->image + offset;
}

/* Offset of @len_bytes more, aligned to 8 bytes; 0: there is no room. */
uint32_t writing_room(struct writing *w, size_t len_bytes);

/* The same with a copy of @bytes. */
uint32_t writing_keep(struct writing *w, const void *bytes, size_t len_bytes);

/* An entry by a path of less than IMAGE_PATH_MAX; its path, path_len and hash are set here. SYSTEM
 * when out of memory. */
MUST_CHECK const struct err *writing_put(struct writing *w, const char *path,
					 struct image_entry entry);

/* Have all entries found by their paths: the last thing. */
void writing_end(struct writing *w);

#endif
