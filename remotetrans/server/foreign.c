/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kept mappings, in a hash table with linear probing. Frame numbers: attacker-controlled. */
#include "remotetrans/server/foreign.h"

#include <string.h>

static struct foreign_chunk *slot_of(struct foreign *f, uint64_t number)
{
	uint64_t hash = number * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(hash >> 32) % FOREIGN_SLOTS;

	/* ends: at most half of the slots are taken */
	while (f->chunks[i].number && f->chunks[i].number != number)
		i = (i + 1) % FOREIGN_SLOTS;
	return &f->chunks[i];
}

static const struct foreign_chunk *chunk_of(struct foreign *f, uint64_t number)
{
	struct foreign_chunk *c = slot_of(f, number + 1);

	if (c->number)
		return c;
	if (f->count == FOREIGN_CHUNKS_MAX) {
		foreign_release(f);
		c = slot_of(f, number + 1);
	}
	c->number = number + 1;
	c->there = 0;
	c->at = f->ops->map(f, number * FOREIGN_CHUNK_FRAMES, &c->there);
	f->count++;
	return c;
}

const uint8_t *foreign_frame(struct foreign *f, gfn_t frame)
{
	const struct foreign_chunk *c;
	uint64_t i = frame.v % FOREIGN_CHUNK_FRAMES;

	if (frame.v > f->max_frame)
		return NULL;
	c = chunk_of(f, frame.v / FOREIGN_CHUNK_FRAMES);
	return c->at && c->there >> i & 1 ? c->at + i * FRAME_BYTES : NULL;
}

void foreign_release(struct foreign *f)
{
	if (!f->count)
		return;
	for (size_t i = 0; i < FOREIGN_SLOTS; i++)
		if (f->chunks[i].at)
			f->ops->unmap(f, f->chunks[i].at);
	memset(f->chunks, 0, sizeof(f->chunks));
	f->count = 0;
}
