// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/xen/abuse_records.h"

#include <string.h>

#define ALIGNMENT 16 /* of records behind each other in a buffer that is aligned */

enum record_state records_judge(struct records *r, const struct client *c, const uint8_t *at,
				size_t left, struct rtvmm_header *h)
{
	uint8_t tag[RTVMM_TAG_BYTES];
	struct rtvmm_record record;

	if (left < sizeof(record))
		return RECORD_FALSE;
	memcpy(&record, at, sizeof(record));
	*h = record.header;
	if (h->magic != RTVMM_MAGIC || h->payload_bytes > left - sizeof(record) ||
	    h->payload_bytes > RTVMM_FRAME_BYTES || h->counter >= RECORDS_MAX ||
	    !vmm_peer_tag(c->peer.key, h->counter, h, sizeof(*h), at + sizeof(record),
			  h->payload_bytes, tag) ||
	    memcmp(tag, record.tag, sizeof(tag)))
		return RECORD_FALSE;
	if (r->seen[h->counter])
		return memcmp(r->tags[h->counter], tag, sizeof(tag)) ? RECORD_AGAIN : RECORD_COPY;
	r->seen[h->counter] = true;
	memcpy(r->tags[h->counter], tag, sizeof(tag));
	if (h->counter > r->highest)
		r->highest = h->counter;
	return RECORD_NEW;
}

static bool was_asked(const struct client *c, const uint64_t *frames, const struct rtvmm_header *h)
{
	bool named = false;

	for (uint32_t i = 0; i < c->request.count; i++)
		named = named || frames[i] == h->subject;
	return named && h->session == c->peer.reply.session &&
	       !memcmp(h->challenge, c->request.challenge, sizeof(h->challenge)) &&
	       (h->type == RTVMM_RECORD_PAGE || h->type == RTVMM_RECORD_NOT_RAM);
}

const struct err *records_search(struct records *r, const struct client *c, const uint64_t *frames,
				 const uint8_t *buffer, size_t len_bytes, uint32_t *ret_new,
				 uint32_t *ret_false)
{
	const uint32_t magic = RTVMM_MAGIC;

	*ret_new = *ret_false = 0;
	for (size_t at = 0; at + sizeof(struct rtvmm_record) <= len_bytes; at += ALIGNMENT) {
		struct rtvmm_header h;

		if (memcmp(buffer + at, &magic, sizeof(magic)))
			continue;
		switch (records_judge(r, c, buffer + at, len_bytes - at, &h)) {
		case RECORD_NEW:
			if (!was_asked(c, frames, &h))
				return ERR(ERR_INTEGRITY,
					   "a record of frame %llx verifies that was not asked for",
					   (unsigned long long)h.subject);
			++*ret_new;
			break;
		case RECORD_AGAIN:
			return ERR(ERR_INTEGRITY, "two records with counter %llu",
				   (unsigned long long)h.counter);
		case RECORD_FALSE:
			++*ret_false;
			break;
		case RECORD_COPY:
			break;
		}
	}
	return NULL;
}
