/* SPDX-License-Identifier: GPL-2.0-or-later */
/* key - the guest's keys and keyrings (security/keys), without what they hold. */
#ifndef TC_KOBJ_KEY_H
#define TC_KOBJ_KEY_H

#include "transcall/kobj/rbtree.h"

#define KEY_NAME_BYTES        64
#define KEY_DESCRIPTION_BYTES 4096      /* KEY_MAX_DESC_SIZE, include/linux/key.h */
#define KEY_NEVER             INT64_MAX /* TIME64_MAX: it does not expire */

/* Bits of perm (include/linux/key.h): the possessor's byte is on top, then user, group, other. */
#define KEY_VIEW        1u
#define KEY_USER_SHIFT  16
#define KEY_GROUP_SHIFT 8
#define KEY_GROUP_ALL   (0x3fu << KEY_GROUP_SHIFT)

struct key {
	gva_t at;
	int32_t serial;
	uint32_t usage, perm, uid, gid,
		owner_uid; /* kernel ids; owner: whose quota it counts for */
	int64_t expires;   /* seconds of wall clock; KEY_NEVER or 0 */
	uint64_t flags;    /* KEY_FLAG_*: 0 dead, 1 revoked, 2 in quota, 3 construct, 5 or 6 ... */
	int32_t state;     /* 0: not instantiated; negative: an error */
	uint32_t data_bytes;
	char type[KEY_NAME_BYTES];
	gva_t describe; /* function that says what it is; may be null */
};

/* Walk over all keys by their number: @ret a struct key; null: the end. */
MUST_CHECK const struct err *keys_init(struct rbtree_iter *it, const struct kernel *k);
MUST_CHECK const struct err *keys_next(struct rbtree_iter *it, const struct kernel *k, gva_t *ret);
MUST_CHECK const struct err *key_read(const struct kernel *k, gva_t at, struct key *ret);

/* Empty where it has none. */
MUST_CHECK const struct err *key_description(const struct kernel *k, gva_t at,
					     char ret[static KEY_DESCRIPTION_BYTES]);
/* How many keys are in a keyring. */
MUST_CHECK const struct err *key_ring_count(const struct kernel *k, gva_t at, uint64_t *ret);

/* What a public key says of itself: "X509" and "rsa", and the last bytes of its identifier. */
struct key_public {
	bool present;
	char id_type[KEY_NAME_BYTES], algorithm[KEY_NAME_BYTES];
	uint8_t id[4];
	unsigned id_bytes;
};
MUST_CHECK const struct err *key_public_read(const struct kernel *k, gva_t at,
					     struct key_public *ret);

/* What one user has of keys, and may have. */
struct key_user {
	uint32_t uid, usage;
	int32_t keys, instantiated, quota_keys, quota_bytes;
};
MUST_CHECK const struct err *key_users_init(struct rbtree_iter *it, const struct kernel *k);
/* @ret_end: there are no more. */
MUST_CHECK const struct err *key_users_next(struct rbtree_iter *it, const struct kernel *k,
					    struct key_user *ret, bool *ret_end);

#endif
