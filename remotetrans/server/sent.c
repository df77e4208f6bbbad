/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a client has already. Input: pages of a hostile guest. */
#include "remotetrans/server/sent.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "remotetrans/wire/record.h"

#define HASH_BYTES 16

struct sent_page {
	uint64_t frame;
	uint8_t hash[HASH_BYTES];
};

void sent_deinit(struct sent *s)
{
	EVP_MAC_CTX_free(s->mac);
	free(s->pages);
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

/* The pages of one answer, and those of the one before it: both ascend, as snapshots are sorted. */
struct pass {
	struct sent *s;
	struct sent_page *pages;
	size_t count;
	size_t before; /* index in s->pages */
};

/* Without room for what is to be known, nothing is. */
static struct pass pass_begin(struct sent *s, const struct records *r)
{
	struct pass p = {.s = s};

	if (set_up(s))
		p.pages = reallocarray(NULL, r->count + 1, sizeof(*p.pages));
	return p;
}

static void pass_end(struct pass *p)
{
	free(p->s->pages);
	p->s->pages = p->pages;
	p->s->count = p->count;
}

static const struct sent_page *find_before(struct pass *p, uint64_t frame)
{
	const struct sent *s = p->s;

	while (p->before < s->count && s->pages[p->before].frame < frame)
		p->before++;
	return p->before < s->count && s->pages[p->before].frame == frame ? &s->pages[p->before]
									  : NULL;
}

/* Learn the page of a record; true: the client has it. */
static bool pass_record(struct pass *p, const struct record_header *h, const uint8_t *page)
{
	struct sent_page *now = &p->pages[p->count];

	if (!hash_page(p->s, page, now->hash))
		return false;
	now->frame = h->subject;
	p->count++;
	const struct sent_page *before = find_before(p, h->subject);
	return before && memcmp(before->hash, now->hash, HASH_BYTES) == 0;
}

/* Whether the @len_bytes at @bytes are a PAGE record. */
static bool is_page(const uint8_t *bytes, size_t len_bytes, struct record_header *ret)
{
	struct buf_reader r = buf_reader_over(bytes, len_bytes);

	return len_bytes == WIRE_RECORD_BYTES_MAX && !record_header_decode(&r, ret) &&
	       ret->type == RTVMM_RECORD_PAGE;
}

void sent_learn(struct sent *s, const struct records *r)
{
	struct pass p = pass_begin(s, r);
	struct record_header h;
	size_t len;

	for (size_t i = 0; p.pages && i < r->count; i++) {
		const uint8_t *bytes = records_at(r, i, &len);

		if (is_page(bytes, len, &h))
			(void)pass_record(&p, &h, bytes + WIRE_RECORD_HEAD_BYTES);
	}
	pass_end(&p);
}

/* The short form of a PAGE record, over its beginning. */
static void shorten(uint8_t *bytes, const struct record_header *h)
{
	struct kept_record k = {
		.frame = h->subject, .counter = h->counter, .taken_ns = h->taken_ns};
	struct buf_writer w = buf_writer_over(bytes, WIRE_KEPT_BYTES);

	memcpy(k.tag, bytes + RTVMM_HEADER_BYTES, sizeof(k.tag));
	IGNORE(record_kept_encode(&k, &w)); /* there is room */
}

void sent_shorten(struct sent *s, struct records *r)
{
	struct pass p = pass_begin(s, r);
	struct record_header h;
	size_t start = 0, used = 0;

	for (size_t i = 0; p.pages && i < r->count; i++) {
		uint8_t *bytes = r->bytes + start;
		size_t len = r->ends[i] - start;

		start = r->ends[i];
		if (is_page(bytes, len, &h) &&
		    pass_record(&p, &h, bytes + WIRE_RECORD_HEAD_BYTES)) {
			shorten(bytes, &h);
			len = WIRE_KEPT_BYTES;
		}
		memmove(r->bytes + used, bytes, len);
		r->ends[i] = used += len;
	}
	if (p.pages)
		r->used_bytes = used;
	pass_end(&p);
}
