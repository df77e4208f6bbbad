/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a client has already. Input: pages of a hostile guest. */
#include "remotetrans/server/sent.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "remotetrans/wire/record.h"

#define HASH_BYTES  16
#define PAGES_FIRST 1024

struct sent_page {
	uint64_t frame;
	uint8_t hash[HASH_BYTES];
};

void sent_deinit(struct sent *s)
{
	EVP_MAC_CTX_free(s->mac);
	free(s->pages);
	free(s->next);
	OPENSSL_cleanse(s, sizeof(*s));
}

/* One key for all pages is enough: the hashes stay here. */
static bool set_up(struct sent *s)
{
	if (s->mac)
		return true;
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "POLY1305", NULL);
	s->mac = mac ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac);
	return s->mac && RAND_bytes(s->key, sizeof(s->key)) == 1;
}

static bool hash_page(struct sent *s, const uint8_t *page, uint8_t *ret)
{
	size_t len;

	return EVP_MAC_init(s->mac, s->key, sizeof(s->key), NULL) == 1 &&
	       EVP_MAC_update(s->mac, page, RTVMM_FRAME_BYTES) == 1 &&
	       EVP_MAC_final(s->mac, ret, &len, HASH_BYTES) == 1;
}

/* --- walking over an answer ----------------------------------------------------------------------
 */

void sent_begin(struct sent *s)
{
	s->before = s->next_count = 0;
}

void sent_end(struct sent *s)
{
	free(s->pages);
	s->pages = s->next;
	s->count = s->next_count;
	s->next = NULL;
	s->next_count = s->next_size = 0;
}

static bool has_room(struct sent *s)
{
	if (s->next_count < s->next_size)
		return true;
	size_t size = s->next_size ? 2 * s->next_size : PAGES_FIRST;
	struct sent_page *next = reallocarray(s->next, size, sizeof(*next));
	if (!next)
		return false;
	s->next = next;
	s->next_size = size;
	return true;
}

/* Frames ascend in both answers, as snapshots are sorted. */
static const struct sent_page *find_before(struct sent *s, uint64_t frame)
{
	while (s->before < s->count && s->pages[s->before].frame < frame)
		s->before++;
	return s->before < s->count && s->pages[s->before].frame == frame ? &s->pages[s->before]
									  : NULL;
}

/* Learn the page of a record; true: the client has it. What there is no room for is not known. */
static bool learn(struct sent *s, const struct record_header *h, const uint8_t *page)
{
	if (!has_room(s) || !hash_page(s, page, s->next[s->next_count].hash))
		return false;
	struct sent_page *now = &s->next[s->next_count++];
	now->frame = h->subject;
	const struct sent_page *before = find_before(s, h->subject);
	return before && memcmp(before->hash, now->hash, HASH_BYTES) == 0;
}

/* Whether the @len_bytes at @bytes are a PAGE record. */
static bool is_page(const uint8_t *bytes, size_t len_bytes, struct record_header *ret)
{
	struct buf_reader r = buf_reader_over(bytes, len_bytes);

	return len_bytes == WIRE_RECORD_BYTES_MAX && !record_header_decode(&r, ret) &&
	       ret->type == RTVMM_RECORD_PAGE;
}

/* The short form of a PAGE record, over its beginning. */
static void shorten_record(uint8_t *bytes, const struct record_header *h)
{
	struct kept_record k = {
		.frame = h->subject, .counter = h->counter, .taken_ns = h->taken_ns};
	struct buf_writer w = buf_writer_over(bytes, WIRE_KEPT_BYTES);

	memcpy(k.tag, bytes + RTVMM_HEADER_BYTES, sizeof(k.tag));
	IGNORE(record_kept_encode(&k, &w)); /* there is room */
}

void sent_see(struct sent *s, struct records *r, size_t first, bool shorten)
{
	size_t start = first ? r->ends[first - 1] : 0, used = start;
	struct record_header h;

	if (!set_up(s))
		return;
	for (size_t i = first; i < r->count; i++) {
		uint8_t *bytes = r->bytes + start;
		size_t len = r->ends[i] - start;

		start = r->ends[i];
		if (is_page(bytes, len, &h) && learn(s, &h, bytes + WIRE_RECORD_HEAD_BYTES) &&
		    shorten) {
			shorten_record(bytes, &h);
			len = WIRE_KEPT_BYTES;
		}
		if (bytes != r->bytes + used)
			memmove(r->bytes + used, bytes, len);
		r->ends[i] = used += len;
	}
	r->used_bytes = used;
}
