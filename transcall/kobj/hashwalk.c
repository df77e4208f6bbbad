/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hash tables of the kernel. Input: attacker-controlled. */
#include "transcall/kobj/hashwalk.h"

#include "transcall/kobj/list.h"

#define POINTER_BYTES 8u

const struct err *hashwalk_init(struct hashwalk *w, gva_t heads, uint64_t count,
				uint32_t stride_bytes)
{
	if (count > HASHWALK_BUCKETS_MAX || stride_bytes < POINTER_BYTES)
		return ERR_AT(ERR_RACE, heads.v, "a hash table of %llu buckets",
			      (unsigned long long)count);
	w->heads = heads;
	w->count = (uint32_t)count;
	w->stride_bytes = stride_bytes;
	w->bucket = 0;
	w->in_bucket = w->lock_in_head = false;
	w->chunk_first = w->chunk_count = 0;
	return NULL;
}

/* The head pointer of w->bucket; heads are read many at a time, as most are empty. */
static const struct err *head_read(struct hashwalk *w, const struct kernel *k, gva_t *ret)
{
	uint32_t room = (HASHWALK_CHUNK_BYTES - POINTER_BYTES) / w->stride_bytes + 1;
	const uint8_t *at;
	uint64_t v = 0;

	if (w->bucket - w->chunk_first >= w->chunk_count) {
		uint32_t left = w->count - w->bucket;

		w->chunk_count = left < room ? left : room;
		w->chunk_first = w->bucket;
		TRY(kread(k, gva_add(w->heads, (uint64_t)w->bucket * w->stride_bytes), w->chunk,
			  (size_t)(w->chunk_count - 1) * w->stride_bytes + POINTER_BYTES));
	}
	at = w->chunk + (size_t)(w->bucket - w->chunk_first) * w->stride_bytes;
	for (unsigned i = POINTER_BYTES; i-- > 0;)
		v = v << 8 | at[i];
	*ret = gva(v);
	return NULL;
}

/* An unreadable head takes those with it that were to be read together. */
static const struct err *bucket_skip(struct hashwalk *w, const struct err *e)
{
	w->bucket = w->chunk_first + w->chunk_count - 1;
	w->chunk_count = 0;
	w->next = gva(0);
	w->in_bucket = true;
	return e;
}

static const struct err *bucket_enter(struct hashwalk *w, const struct kernel *k)
{
	const struct err *e = head_read(w, k, &w->next);

	if (e)
		return bucket_skip(w, e);
	if (w->lock_in_head)
		w->next.v &= ~UINT64_C(1);
	w->mark = gva(0);
	w->steps = 0;
	w->mark_steps = 1;
	w->in_bucket = true;
	return NULL;
}

static const struct err *cycle_check(struct hashwalk *w)
{
	if (gva_equal(w->next, w->mark) || w->steps >= LIST_MAX)
		return ERR_AT(ERR_RACE, w->next.v, "a hash chain loops at 0x%llx",
			      (unsigned long long)w->next.v);
	if (++w->steps == w->mark_steps) {
		w->mark = w->next;
		w->mark_steps *= 2;
	}
	return NULL;
}

static bool chain_ends(gva_t at)
{
	return gva_is_null(at) || (at.v & 1);
}

const struct err *hashwalk_next(struct hashwalk *w, const struct kernel *k, gva_t *ret)
{
	*ret = gva(0);
	if (!w->in_bucket && w->bucket < w->count)
		TRY(bucket_enter(w, k));
	while (w->in_bucket && chain_ends(w->next)) {
		w->in_bucket = ++w->bucket < w->count;
		if (w->in_bucket)
			TRY(bucket_enter(w, k));
	}
	if (!w->in_bucket)
		return NULL;
	gva_t at = w->next;
	const struct err *e = cycle_check(w);
	if (!e)
		e = kread_ptr(k, at, &w->next);
	if (e)
		w->next = gva(0); /* on to the next bucket */
	else
		*ret = at;
	return e;
}
