/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Room and table of an image. Input: paths of the tree (names from the guest: hostile). */
#include "transcall/vfs/image_room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_FIRST 1024u
/* The table's share of an entry: itself, and up to four slots, as their number is a power of two.
 */
#define ENTRY_BYTES (sizeof(struct image_entry) + 4 * sizeof(uint32_t))

void writing_deinit(struct writing *w)
{
	free(w->entries);
}

/* 0: there are not so many, and @left_bytes behind them. */
static uint32_t take(struct writing *w, size_t len_bytes, size_t left_bytes)
{
	uint32_t from = (w->image->used_bytes + 7) & ~UINT32_C(7);

	if (len_bytes > IMAGE_BYTES || left_bytes > IMAGE_BYTES ||
	    from + len_bytes > IMAGE_BYTES - left_bytes)
		return 0;
	w->image->used_bytes = from + (uint32_t)len_bytes;
	return from;
}

/* The table has its room last. */
uint32_t writing_room(struct writing *w, size_t len_bytes)
{
	return take(w, len_bytes, (w->count + 64) * ENTRY_BYTES);
}

uint32_t writing_keep(struct writing *w, const void *bytes, size_t len_bytes)
{
	uint32_t offset = writing_room(w, len_bytes);

	if (offset && len_bytes)
		memcpy(writing_at(w, offset), bytes, len_bytes);
	return offset;
}

static const struct err *grow(struct writing *w)
{
	uint32_t more = w->allocated ? w->allocated * 2 : ENTRIES_FIRST;
	struct image_entry *bigger = reallocarray(w->entries, more, sizeof(*bigger));

	if (!bigger)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for an image");
	w->entries = bigger;
	w->allocated = more;
	return NULL;
}

const struct err *writing_put(struct writing *w, const char *path, struct image_entry entry)
{
	if (w->count == w->allocated)
		TRY(grow(w));
	entry.path_len = (uint32_t)strlen(path);
	entry.hash = image_hash(path, entry.path_len);
	entry.path = writing_keep(w, path, entry.path_len);
	if (entry.path)
		w->entries[w->count++] = entry;
	return NULL;
}

static void place(uint32_t *slots, uint32_t mask, uint64_t hash, uint32_t number)
{
	uint32_t slot = (uint32_t)hash & mask;

	while (slots[slot])
		slot = (slot + 1) & mask;
	slots[slot] = number;
}

void writing_end(struct writing *w)
{
	uint32_t count = w->count, slot_count = 64, *slots;

	while (slot_count < count * 2)
		slot_count *= 2;
	/* both fit: what writing_room() left is for them */
	w->image->entries = take(w, count * sizeof(*w->entries), 0);
	w->image->slots = take(w, slot_count * sizeof(*slots), 0);
	w->image->slot_count = slot_count;
	if (count)
		memcpy(writing_at(w, w->image->entries), w->entries, count * sizeof(*w->entries));
	slots = (uint32_t *)writing_at(w, w->image->slots);
	for (uint32_t i = 0; i < count; i++)
		place(slots, slot_count - 1, w->entries[i].hash, i + 1);
}
