/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image_entry - one path of an image: what the tree's functions say of it. */
#ifndef TC_VFS_IMAGE_ENTRY_H
#define TC_VFS_IMAGE_ENTRY_H

#include "transcall/proc/tree.h"
#include "transcall/vfs/image_room.h"
#include "transcall/vfs/listing.h"

/* What cannot be written is asked for in a call, and counted then: not here. NULL, or fatal. */
MUST_CHECK const struct err *image_pass_over(struct writing *w, const struct err *e,
					     const struct proc_view *before);

/* The attributes of a node, as stat() shows them, but by the tree's own number: *@ret, an offset.
 */
MUST_CHECK const struct err *image_keep_stat(struct writing *w, const struct proc_node *node,
					     uint32_t *ret);

/* A file, with the attributes @stat, or none (0). */
MUST_CHECK const struct err *image_put_file(struct writing *w, const char *path,
					    const struct proc_node *node, uint32_t stat);

/* A link; @all: not only its text. */
MUST_CHECK const struct err *image_put_link(struct writing *w, const char *path,
					    const struct proc_node *node, bool all);

/* A directory with its listing. */
MUST_CHECK const struct err *image_put_dir(struct writing *w, const char *path,
					   const struct listing *l, uint32_t stat);

#endif
