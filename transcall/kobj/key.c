/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and keyrings. Input: attacker-controlled. */
#include "transcall/kobj/key.h"

/* enum asymmetric_payload_bits, include/keys/asymmetric-type.h */
#define ASYM_CRYPTO  0
#define ASYM_KEY_IDS 2
#define KEY_ID_SHOWN 1 /* asymmetric_key_ids.id[]: the subject's */

static const struct err *tree_init(struct rbtree_iter *it, const struct kernel *k,
				   enum symbol_id root)
{
	gva_t node;

	TRY(kread_ptr(k, kernel_symbol(k, root), &node));
	return rbtree_init(it, k, node);
}

const struct err *keys_init(struct rbtree_iter *it, const struct kernel *k)
{
	return tree_init(it, k, S_key_serial_tree);
}

const struct err *keys_next(struct rbtree_iter *it, const struct kernel *k, gva_t *ret)
{
	TRY(rbtree_next(it, k, ret));
	if (!gva_is_null(*ret))
		*ret = kfield_container(k, *ret, F_key_serial_node);
	return NULL;
}

static const struct err *u32_field(const struct kernel *k, gva_t at, enum field_id id,
				   uint32_t *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, at, id, &v));
	*ret = (uint32_t)v;
	return NULL;
}

static const struct err *type_read(const struct kernel *k, gva_t at, struct key *ret)
{
	gva_t type, name;

	TRY(kfield_ptr(k, at, F_key_type, &type));
	TRY(kfield_ptr(k, type, F_key_type_describe, &ret->describe));
	TRY(kfield_ptr(k, type, F_key_type_name, &name));
	return kread_str(k, name, ret->type, sizeof(ret->type));
}

const struct err *key_read(const struct kernel *k, gva_t at, struct key *ret)
{
	uint32_t serial;
	int64_t state;
	gva_t user;

	ret->at = at;
	TRY(u32_field(k, at, F_key_serial, &serial));
	ret->serial = (int32_t)serial;
	TRY(u32_field(k, at, F_key_usage, &ret->usage));
	TRY(u32_field(k, at, F_key_perm, &ret->perm));
	TRY(u32_field(k, at, F_key_uid, &ret->uid));
	TRY(u32_field(k, at, F_key_gid, &ret->gid));
	TRY(u32_field(k, at, F_key_datalen, &ret->data_bytes));
	TRY(kfield_int(k, at, F_key_expiry, &ret->expires));
	TRY(kfield_uint(k, at, F_key_flags, &ret->flags));
	TRY(kfield_int(k, at, F_key_state, &state));
	ret->state = (int32_t)state;
	TRY(kfield_ptr(k, at, F_key_user, &user));
	TRY(u32_field(k, user, F_key_user_uid, &ret->owner_uid));
	return type_read(k, at, ret);
}

const struct err *key_description(const struct kernel *k, gva_t at,
				  char ret[static KEY_DESCRIPTION_BYTES])
{
	gva_t text;

	*ret = 0;
	TRY(kfield_ptr(k, at, F_key_description, &text));
	return gva_is_null(text) ? NULL : kread_str(k, text, ret, KEY_DESCRIPTION_BYTES);
}

const struct err *key_ring_count(const struct kernel *k, gva_t at, uint64_t *ret)
{
	return kfield_uint(k, at, F_key_ring_count, ret);
}

static const struct err *text_field(const struct kernel *k, gva_t at, enum field_id id,
				    char ret[static KEY_NAME_BYTES])
{
	gva_t text;

	TRY(kfield_ptr(k, at, id, &text));
	return kread_str(k, text, ret, KEY_NAME_BYTES);
}

/* The last bytes of struct asymmetric_key_id: a length of 16 bits, then the identifier. */
static const struct err *id_read(const struct kernel *k, gva_t ids, struct key_public *ret)
{
	uint16_t len;
	gva_t id;

	ret->id_bytes = 0;
	if (gva_is_null(ids))
		return NULL;
	TRY(kread_ptr(k, gva_add(ids, 8 * KEY_ID_SHOWN), &id));
	if (gva_is_null(id))
		return NULL;
	TRY(kread_u16(k, id, &len));
	ret->id_bytes = len < sizeof(ret->id) ? len : sizeof(ret->id);
	return kread(k, gva_add(id, 2 + (uint64_t)(len - ret->id_bytes)), ret->id, ret->id_bytes);
}

const struct err *key_public_read(const struct kernel *k, gva_t at, struct key_public *ret)
{
	gva_t payload = kfield_at(k, at, F_key_payload), key, ids;

	TRY(kread_ptr(k, gva_add(payload, 8 * ASYM_CRYPTO), &key));
	ret->present = !gva_is_null(key);
	if (!ret->present)
		return NULL;
	TRY(text_field(k, key, F_public_key_id_type, ret->id_type));
	TRY(text_field(k, key, F_public_key_algorithm, ret->algorithm));
	TRY(kread_ptr(k, gva_add(payload, 8 * ASYM_KEY_IDS), &ids));
	return id_read(k, ids, ret);
}

const struct err *key_users_init(struct rbtree_iter *it, const struct kernel *k)
{
	return tree_init(it, k, S_key_user_tree);
}

static const struct err *i32_field(const struct kernel *k, gva_t at, enum field_id id, int32_t *ret)
{
	int64_t v;

	TRY(kfield_int(k, at, id, &v));
	*ret = (int32_t)v;
	return NULL;
}

const struct err *key_users_next(struct rbtree_iter *it, const struct kernel *k,
				 struct key_user *ret, bool *ret_end)
{
	gva_t at;

	TRY(rbtree_next(it, k, &at));
	*ret_end = gva_is_null(at);
	if (*ret_end)
		return NULL;
	at = kfield_container(k, at, F_key_user_node);
	TRY(u32_field(k, at, F_key_user_uid, &ret->uid));
	TRY(u32_field(k, at, F_key_user_usage, &ret->usage));
	TRY(i32_field(k, at, F_key_user_nkeys, &ret->keys));
	TRY(i32_field(k, at, F_key_user_nikeys, &ret->instantiated));
	TRY(i32_field(k, at, F_key_user_qnkeys, &ret->quota_keys));
	return i32_field(k, at, F_key_user_qnbytes, &ret->quota_bytes);
}
