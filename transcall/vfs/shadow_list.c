/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listings of the private tmpfs. Input: names of the tree; one with '/' or empty is refused
 * (hostile guest). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/vfs/path.h"
#include "transcall/vfs/shadow.h"

static const struct err *failed(const char *what, const char *path)
{
	return ERR_ERRNO(ERR_SYSTEM, errno, "cannot %s %.200s in the private /proc", what, path);
}

/* Renaming an entry away and back makes it the newest of its directory. */
static const struct err *renew(struct shadow *s, const char *path)
{
	static const char away[] = SHADOW_SCRATCH "/away";

	if (renameat(s->root, path + 1, s->root, away) < 0 ||
	    renameat(s->root, away, s->root, path + 1) < 0)
		return failed("rename", path);
	return NULL;
}

/* What no kernel shows in a directory; a guest that lies might. */
static bool is_strange(const char *name)
{
	size_t len = strlen(name);

	return len == 0 || len > NAME_MAX || strchr(name, '/') || strcmp(name, ".") == 0 ||
	       strcmp(name, "..") == 0;
}

/* One entry of a listing: made, or put where it belongs. */
static const struct err *place_entry(struct shadow *s, const char *dir,
				     const struct shadow_entry *entry)
{
	char path[PATH_MAX];
	struct path_state *state;

	snprintf(path, sizeof(path), "%s", dir);
	if (is_strange(entry->name) || !path_push(path, entry->name, strlen(entry->name)))
		return NULL;
	state = pathmap_find(&s->map, path);
	if (state && state->kind == entry->kind && state->seen == s->generation)
		return NULL; /* named twice */
	if (state && state->kind == entry->kind && shadow_leads_to(s, state, entry->link))
		TRY(renew(s, path));
	else
		TRY(shadow_make(s, path, entry->kind, entry->link, &state));
	state->seen = s->generation;
	return NULL;
}

/* Entries that this generation's listing did not name are gone. */
static const struct err *drop_unseen(struct shadow *s, const char *path)
{
	char child[PATH_MAX];
	int fd = shadow_open(s, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct err *e = NULL;
	struct dirent *entry;

	if (!dir)
		return failed("list", path);
	while (!e && (entry = readdir(dir))) {
		const struct path_state *state;

		snprintf(child, sizeof(child), "%s", path);
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    !path_push(child, entry->d_name, strlen(entry->d_name)))
			continue;
		state = pathmap_find(&s->map, child);
		if (!state || state->seen != s->generation)
			e = shadow_remove(s, child);
	}
	closedir(dir);
	return e;
}

/* What a listing is, to compare it: kind, name and link of each entry, as no name can imitate. */
static char *listing_text(const struct shadow_entry *entries, size_t count, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	if (!out)
		return NULL;
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%d%s%c%s%c", (int)entries[i].kind, entries[i].name, '\0',
			entries[i].link ? entries[i].link : "", '\0');
	return fclose(out) == 0 ? text : NULL;
}

static bool stands(const struct path_state *state, const char *listing, size_t len)
{
	return listing && state->listing && state->listing_len == len &&
	       memcmp(state->listing, listing, len) == 0;
}

static const struct err *place_all(struct shadow *s, const char *path,
				   const struct shadow_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		TRY(place_entry(s, path, &entries[s->newest_first ? count - 1 - i : i]));
	return NULL;
}

/* One that stands already is left alone, which saves two renames an entry. */
const struct err *shadow_arrange(struct shadow *s, const char *path,
				 const struct shadow_entry *entries, size_t count)
{
	size_t len = 0;
	AUTO_FREE char *listing = listing_text(entries, count, &len);
	struct path_state *state = pathmap_find(&s->map, path);
	bool had_children = state; /* listed before, or found by name */

	TRY(shadow_make(s, path, NODE_DIR, NULL, &state));
	if (!stands(state, listing, len)) {
		TRY(place_all(s, path, entries, count));
		if (had_children)
			TRY(drop_unseen(s, path));
		free(state->listing);
		state->listing = TAKE(listing);
		state->listing_len = len;
	}
	state->filled = s->generation;
	return NULL;
}
