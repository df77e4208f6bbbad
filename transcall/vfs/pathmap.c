/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table of paths, open addressing. Input: paths of the tree (names from the guest: hostile).
 */
#include "transcall/vfs/pathmap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "transcall/vfs/path.h"

#define SLOTS_FIRST 1024u

/* FNV-1a, 64 bit (draft-eastlake-fnv). */
static uint64_t path_hash(const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return hash ^ (hash >> 32);
}

/* The slot of @path, or the free one where it would go. */
static struct path_state **slot_of(const struct pathmap *map, const char *path)
{
	size_t at = (size_t)path_hash(path) & (map->slot_count - 1);

	while (map->slots[at] && strcmp(map->slots[at]->path, path) != 0)
		at = (at + 1) & (map->slot_count - 1);
	return &map->slots[at];
}

struct path_state *pathmap_find(const struct pathmap *map, const char *path)
{
	struct path_state *state = map->slot_count ? *slot_of(map, path) : NULL;

	return state && state->kind ? state : NULL;
}

/* Rehash into @slot_count slots. */
static const struct err *resize(struct pathmap *map, size_t slot_count)
{
	struct pathmap bigger = {.slot_count = slot_count, .used = map->used};

	bigger.slots = calloc(slot_count, sizeof(*bigger.slots));
	if (!bigger.slots)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for the table of paths");
	for (size_t i = 0; i < map->slot_count; i++)
		if (map->slots[i])
			*slot_of(&bigger, map->slots[i]->path) = map->slots[i];
	free(map->slots);
	*map = bigger;
	return NULL;
}

static const struct err *state_new(const char *path, enum node_kind kind, struct path_state **ret)
{
	struct path_state *state = calloc(1, sizeof(*state));

	if (state)
		state->path = strdup(path);
	if (!state || !state->path) {
		free(state);
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for a path");
	}
	state->kind = kind;
	*ret = state;
	return NULL;
}

const struct err *pathmap_add(struct pathmap *map, const char *path, enum node_kind kind,
			      struct path_state **ret)
{
	*ret = map->slot_count ? *slot_of(map, path) : NULL;
	if (*ret) {
		if ((*ret)->kind == 0)
			(*ret)->filled = 0;
		(*ret)->kind = kind;
		return NULL;
	}
	if (map->used * 2 >= map->slot_count)
		TRY(resize(map, map->slot_count ? map->slot_count * 2 : SLOTS_FIRST));
	TRY(state_new(path, kind, ret));
	*slot_of(map, path) = *ret;
	map->used++;
	return NULL;
}

void pathmap_remove_tree(struct pathmap *map, const char *path)
{
	const char *rest;

	for (size_t i = 0; i < map->slot_count; i++)
		if (map->slots[i] && path_under(map->slots[i]->path, path, &rest)) {
			map->slots[i]->kind = 0;
			free(map->slots[i]->listing);
			map->slots[i]->listing = NULL;
		}
}

void pathmap_deinit(struct pathmap *map)
{
	for (size_t i = 0; i < map->slot_count; i++)
		if (map->slots[i]) {
			free(map->slots[i]->listing);
			free(map->slots[i]->path);
			free(map->slots[i]);
		}
	free(map->slots);
	*map = (struct pathmap){0};
}
