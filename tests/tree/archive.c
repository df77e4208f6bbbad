/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives that take.c wrote. Input: a guest's and ours; only a test's verdict hangs on it. */
#include "tests/tree/archive.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *file_bytes(const char *path, size_t *ret_len)
{
	FILE *in = fopen(path, "r");
	char *bytes = NULL;

	if (!in || fseek(in, 0, SEEK_END))
		err(2, "%s", path);
	long len = ftell(in);
	rewind(in);
	if (len < 0 || !(bytes = malloc((size_t)len + 1)) ||
	    fread(bytes, 1, (size_t)len, in) != (size_t)len)
		err(2, "%s", path);
	fclose(in);
	bytes[len] = 0;
	*ret_len = (size_t)len;
	return bytes;
}

/* One record at @at; the path and the text are moved apart, so that each ends in a NUL. */
static char *entry_parse(struct record *e, char *at, const char *end)
{
	size_t path_len;
	int header = 0;

	if (sscanf(at, "%c %o %u %u %d %zu %zu%n", &e->type, &e->mode, &e->uid, &e->gid, &e->error,
		   &path_len, &e->len, &header) != 7 ||
	    path_len >= PATH_BYTES || path_len > (size_t)(end - at) || e->len > (size_t)(end - at))
		return NULL;
	char *path = at + header, *text = path + 1 + path_len;
	if (text + e->len >= end || text[e->len] != '\n')
		return NULL;
	memmove(path, path + 1, path_len); /* over the newline: room for a NUL */
	path[path_len] = 0;
	text[e->len] = 0;
	e->path = path;
	e->text = text;
	return text + e->len + 1;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct record *)a)->path, ((const struct record *)b)->path);
}

void archive_init(struct archive *a, const char *path)
{
	size_t len, room = 0;
	char *at = a->bytes = file_bytes(path, &len), *end = at + len;

	a->entries = NULL;
	for (a->count = 0; at && strcmp(at, "end\n") != 0; a->count++) {
		if (a->count == room) {
			room = room ? 2 * room : 4096;
			a->entries = reallocarray(a->entries, room, sizeof(*a->entries));
			if (!a->entries)
				err(2, "memory");
		}
		at = entry_parse(&a->entries[a->count], at, end);
	}
	if (!at || !a->count)
		errx(2, "%s: no whole archive", path);
	qsort(a->entries, a->count, sizeof(*a->entries), by_path);
}

void archive_deinit(struct archive *a)
{
	free(a->entries);
	free(a->bytes);
}

const struct record *archive_find(const struct archive *a, const char *path)
{
	struct record key = {.path = path};

	return bsearch(&key, a->entries, a->count, sizeof(key), by_path);
}

static bool all_of(const char *name, size_t len, const char *accepted)
{
	return len && strspn(name, accepted) >= len;
}

/* What stands for the component @name of @len characters, behind the pattern @before; else NULL. */
static const char *component_fold(const char *before, const char *name, size_t len)
{
	size_t n = strlen(before);

	if (n > 10 && strcmp(before + n - 10, "/map_files") == 0)
		return all_of(name, len, "0123456789abcdef-") ? "RANGE" : NULL;
	if (!all_of(name, len, "0123456789"))
		return NULL;
	if (strcmp(before, "/proc") == 0)
		return "PID";
	return strcmp(before, "/proc/PID/task") == 0 ? "TID" : "N";
}

void path_fold(const char *path, char ret[static PATH_BYTES])
{
	size_t used = 0;

	*ret = 0;
	while (*path == '/' && used < PATH_BYTES - 1) {
		size_t len = strcspn(++path, "/");
		const char *folded = component_fold(ret, path, len);
		int put = snprintf(ret + used, PATH_BYTES - used, "/%.*s",
				   (int)(folded ? strlen(folded) : len), folded ? folded : path);

		used += (size_t)put;
		path += len;
	}
}
