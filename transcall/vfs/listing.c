/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collect a listing. Input: names from the guest (hostile): bounded in number. */
#include "transcall/vfs/listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool grow(struct listing *l)
{
	size_t room = l->room ? l->room * 2 : 64;
	struct shadow_entry *bigger =
		room <= LISTING_MAX ? reallocarray(l->entries, room, sizeof(*bigger)) : NULL;

	if (!bigger)
		return false;
	l->entries = bigger;
	l->room = room;
	return true;
}

static bool collect(void *context, const char *name, enum node_kind kind)
{
	struct listing *l = context;
	struct shadow_entry entry = {.kind = kind};

	if (l->count == l->room && !grow(l))
		l->failed = true;
	if (!l->failed)
		entry.name = strdup(name);
	if (!entry.name) {
		l->failed = true;
		return false;
	}
	l->entries[l->count++] = entry;
	return true;
}

const struct err *listing_read(struct listing *l, struct proc_view *view,
			       const struct proc_node *dir)
{
	TRY(proc_list(view, dir, collect, l));
	return l->failed ? ERR_ERRNO(ERR_SYSTEM, ENOMEM, "a directory listing is too long") : NULL;
}

void listing_deinit(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->entries[i].name);
		free(l->entries[i].link);
	}
	free(l->entries);
	*l = (struct listing){0};
}
