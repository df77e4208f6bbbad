/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handlers - what the handlers of calls.def share. */
#ifndef TC_INSIDE_HANDLERS_H
#define TC_INSIDE_HANDLERS_H

#include "transcall/inside/inside.h"

/* Is the call answered? Else it is to be made. */
#define HOT(name_) bool on_##name_(struct call *c);
#define FIRST(name_)
#define EVERY(name_)
#include "transcall/inside/calls.def"
#undef HOT
#undef FIRST
#undef EVERY

static inline bool answer(struct call *c, long value)
{
	c->nr = value;
	return true;
}

/* --- path.c --- */
/* A path argument as one from the root. */
struct whole {
	const char *path;
	uint32_t len;
	bool of_dir; /* it ended in "/" */
	char room[IMAGE_PATH_MAX];
};

/* false: it is none that the image could have. */
bool path_make_whole(struct whole *w, long dirfd, const char *path);
bool path_is_listing(const struct whole *w);

/* The entry that a path argument means; NULL: the kernel is to look, and knows @dirfd then. */
const struct image_entry *path_find(const struct whole *w, long dirfd);
const struct image_entry *path_find_at(long dirfd, const char *path);

#endif
