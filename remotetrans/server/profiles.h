/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profiles - kernel profiles that clients uploaded, by the SHA-256 of their text. Only the walk
 * reads them, in its confined child.
 */
#ifndef RT_SERVER_PROFILES_H
#define RT_SERVER_PROFILES_H

#include "remotetrans/wire/msg.h"

/* The profile of one client connection. */
struct profile_text {
	uint8_t hash[WIRE_HASH_BYTES];
	char *text; /* owned; NULL: none */
	size_t len_bytes;
};

void profile_text_deinit(struct profile_text *p);

/* Make @folder unless it is there. USAGE: it cannot be used, or others than its owner may. */
MUST_CHECK const struct err *profile_folder_open(const char *folder);

/**
 * profile_text_find() - look in @folder
 * @folder: empty: there is none
 *
 * Return: whether @ret now has the text of @hash; a file whose text has another hash is ignored.
 */
bool profile_text_find(const char *folder, const uint8_t *hash, struct profile_text *ret);

/**
 * profile_text_put() - take an upload; keep it in @folder if there is one and it has room
 *
 * Return: NULL; PROTO: the text does not have this hash; SYSTEM.
 */
MUST_CHECK const struct err *profile_text_put(const char *folder, const uint8_t *hash,
					      struct wire_view text, struct profile_text *ret);

#endif
