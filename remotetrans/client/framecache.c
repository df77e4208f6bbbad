/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verified frames in a hash table. */
#include "remotetrans/client/framecache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/check.h"

#define SIZE_INITIAL 4096u

void framecache_deinit(struct framecache *c)
{
	for (size_t i = 0; i < c->slab_count; i++)
		free(c->slabs[i]);
	free(c->slabs);
	free(c->entries);
	*c = (struct framecache){0};
}

void framecache_clear(struct framecache *c)
{
	if (c->count)
		memset(c->entries, 0, c->size * sizeof(*c->entries));
	c->count = 0;
	c->pages_used = 0;
}

/* The place of @frame, or the free place where it belongs; the table is never full. */
static struct framecache_entry *place(const struct framecache *c, gfn_t frame)
{
	size_t at = (size_t)(frame.v * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (c->size - 1);

	while (c->entries[at].used && c->entries[at].frame.v != frame.v)
		at = (at + 1) & (c->size - 1);
	return &c->entries[at];
}

const struct framecache_entry *framecache_find(const struct framecache *c, gfn_t frame)
{
	if (!c->size)
		return NULL;
	const struct framecache_entry *e = place(c, frame);
	return e->used ? e : NULL;
}

static const struct err *grow(struct framecache *c)
{
	struct framecache old = *c;

	c->size = old.size ? 2 * old.size : SIZE_INITIAL;
	c->entries = calloc(c->size, sizeof(*c->entries));
	if (!c->entries) {
		*c = old;
		return ERR_ERRNO(ERR_SYSTEM, errno, "frame cache");
	}
	for (size_t i = 0; i < old.size; i++)
		if (old.entries[i].used)
			*place(c, old.entries[i].frame) = old.entries[i];
	free(old.entries);
	return NULL;
}

static const struct err *add_slab(struct framecache *c)
{
	uint8_t **slabs = reallocarray(c->slabs, c->slab_count + 1, sizeof(*slabs));

	if (!slabs)
		return ERR_ERRNO(ERR_SYSTEM, errno, "frame cache");
	c->slabs = slabs;
	c->slabs[c->slab_count] = malloc((size_t)FRAMECACHE_SLAB_FRAMES * FRAME_BYTES);
	if (!c->slabs[c->slab_count])
		return ERR_ERRNO(ERR_SYSTEM, errno, "frame cache");
	c->slab_count++;
	return NULL;
}

static const struct err *new_page(struct framecache *c, uint8_t **ret)
{
	if (c->pages_used == c->slab_count * FRAMECACHE_SLAB_FRAMES)
		TRY(add_slab(c));
	*ret = c->slabs[c->pages_used / FRAMECACHE_SLAB_FRAMES] +
	       c->pages_used % FRAMECACHE_SLAB_FRAMES * FRAME_BYTES;
	c->pages_used++;
	return NULL;
}

const struct err *framecache_put(struct framecache *c, const struct record *rec)
{
	uint8_t *page = NULL;

	if (c->pages_used >= FRAMECACHE_FRAMES_MAX || c->count >= FRAMECACHE_FRAMES_MAX)
		return ERR(ERR_PROTO, "the server sends more than %u frames",
			   FRAMECACHE_FRAMES_MAX);
	if (!CHECK(once, !framecache_find(c, gfn(rec->subject))))
		return ERR_AT(ERR_INTEGRITY, rec->subject, "frame 0x%llx: sent twice",
			      (unsigned long long)rec->subject);
	if (4 * (c->count + 1) > 3 * c->size)
		TRY(grow(c));
	if (rec->type == RTVMM_RECORD_PAGE) {
		TRY(new_page(c, &page));
		memcpy(page, rec->payload, FRAME_BYTES);
	}
	struct framecache_entry *e = place(c, gfn(rec->subject));
	if (!e->used)
		c->count++;
	*e = (struct framecache_entry){.frame = gfn(rec->subject),
				       .generation = rec->generation,
				       .bytes = page,
				       .used = true};
	return NULL;
}
