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

static bool has(const struct listing *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->entries[i].name, name) == 0)
			return true;
	return false;
}

static size_t first_process(const struct listing *l)
{
	size_t at = 0;

	while (at < l->count && (l->entries[at].name[0] < '1' || l->entries[at].name[0] > '9'))
		at++;
	return at;
}

const struct err *listing_add_self(struct listing *l)
{
	static const char *const names[] = {"self", "thread-self"};

	for (size_t i = 0; i < 2 && !l->failed; i++) {
		size_t at = first_process(l);
		struct shadow_entry added;

		if (has(l, names[i]) || !collect(l, names[i], NODE_SYMLINK))
			continue;
		added = l->entries[l->count - 1];
		memmove(&l->entries[at + 1], &l->entries[at], (l->count - 1 - at) * sizeof(added));
		l->entries[at] = added;
	}
	return l->failed ? ERR_ERRNO(ERR_SYSTEM, ENOMEM, "a directory listing is too long") : NULL;
}
