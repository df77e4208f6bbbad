/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verified frames in a hash table. */
#include "remotetrans/client/framecache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/base/check.h"

#define SIZE_INITIAL 4096u

void framecache_clear(struct framecache *c)
{
	for (size_t i = 0; c->count && i < c->size; i++) {
		if (!c->entries[i].used)
			continue;
		framepool_give(c->pool, c->entries[i].page);
		c->entries[i].used = false;
		c->count--;
	}
}

void framecache_deinit(struct framecache *c)
{
	framecache_clear(c);
	free(c->entries);
	*c = (struct framecache){.pool = c->pool};
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

/* A place for @rec; who fills it counts it. */
static const struct err *new_entry(struct framecache *c, const struct record *rec,
				   struct framecache_entry **ret)
{
	if (c->count >= FRAMECACHE_FRAMES_MAX)
		return ERR(ERR_PROTO, "the server sends more than %u frames",
			   FRAMECACHE_FRAMES_MAX);
	if (!CHECK(once, !framecache_find(c, gfn(rec->subject))))
		return ERR_AT(ERR_INTEGRITY, rec->subject, "frame 0x%llx: sent twice",
			      (unsigned long long)rec->subject);
	if (4 * (c->count + 1) > 3 * c->size)
		TRY(grow(c));
	*ret = place(c, gfn(rec->subject));
	return NULL;
}

/* @page: held for the entry from now on. */
static void fill_entry(struct framecache *c, struct framecache_entry *e, const struct record *rec,
		       struct framepage *page)
{
	if (e->used)
		framepool_give(c->pool, e->page);
	else
		c->count++;
	*e = (struct framecache_entry){.frame = gfn(rec->subject),
				       .generation = rec->generation,
				       .page = page,
				       .used = true};
}

const struct err *framecache_put(struct framecache *c, const struct record *rec)
{
	struct framecache_entry *e;
	struct framepage *page = NULL;

	TRY(new_entry(c, rec, &e));
	if (rec->type == RTVMM_RECORD_PAGE) {
		TRY(framepool_take(c->pool, &page));
		memcpy(page->bytes, rec->payload, FRAME_BYTES);
	}
	fill_entry(c, e, rec, page);
	return NULL;
}

const struct err *framecache_keep(struct framecache *c, const struct framecache *from,
				  const struct record *rec)
{
	const struct framecache_entry *kept = framecache_find(from, gfn(rec->subject));
	struct framecache_entry *e;

	TRY(new_entry(c, rec, &e));
	if (kept)
		framepool_hold(kept->page);
	fill_entry(c, e, rec, kept ? kept->page : NULL);
	return NULL;
}
