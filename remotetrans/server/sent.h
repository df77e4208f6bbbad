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
	struct sent_page *pages; /* owned; by ascending frame */
	size_t count;
};

void sent_deinit(struct sent *s);

/* Replace what is known by the pages of @r: the client is going to have them. */
void sent_learn(struct sent *s, const struct records *r);

/* The same, and turn records of pages that the client has kept into short forms. */
void sent_shorten(struct sent *s, struct records *r);

#endif
