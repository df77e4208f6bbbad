/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sent - which pages a client has from its last snapshot, by a keyed hash of each; so that what did
 * not change goes as a short form.
 *
 * A hint only: where it is wrong, the client's verify says so. Input: pages of a hostile guest, who
 * must not be able to make two pages that look alike here (it would end the client's session):
 * hence Poly1305 under a key that nobody is told, and never a hash without one.
 */
#ifndef RT_SERVER_SENT_H
#define RT_SERVER_SENT_H

#include <openssl/evp.h>

#include "remotetrans/server/records.h"

struct sent_page;

/* All zero is empty. */
struct sent {
	EVP_MAC_CTX *mac; /* owned */
	uint8_t key[32];
	struct sent_page *pages; /* owned; of the last answer, by ascending frame */
	size_t count;
	size_t before;          /* in pages: where the next frame is looked for */
	struct sent_page *next; /* owned; of the answer that is under way */
	size_t next_count, next_size;
};

void sent_deinit(struct sent *s);

/* An answer begins; one that was broken off is forgotten. */
void sent_begin(struct sent *s);

/* Its records in @r from @first on: learn their pages. @shorten: turn those of pages that the
 * client has kept into short forms. */
void sent_see(struct sent *s, struct records *r, size_t first, bool shorten);

/* All of it was sent: the client has these pages now, and no others. */
void sent_end(struct sent *s);

#endif
