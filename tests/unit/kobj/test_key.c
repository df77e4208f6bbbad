/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/key.h"

static struct fake_guest g;
static gva_t key, user, type, payload;

static void declare(void)
{
	fake_field(&g, F_rb_node_right, 8, 8);
	fake_field(&g, F_rb_node_left, 16, 8);
	FAKE_MEMBERS(&g, {F_key_serial_node, 24}, {F_key_usage, 4}, {F_key_serial, 4},
		     {F_key_user, 8}, {F_key_expiry, 8}, {F_key_uid, 4}, {F_key_gid, 4},
		     {F_key_perm, 4}, {F_key_datalen, 2}, {F_key_state, 2}, {F_key_flags, 8},
		     {F_key_type, 8}, {F_key_description, 8}, {F_key_payload, 32});
	fake_field(&g, F_key_ring_count, g.p.fields[F_key_payload].offset_bytes + 24, 8);
	FAKE_MEMBERS(&g, {F_key_type_name, 8}, {F_key_type_describe, 8});
	FAKE_MEMBERS(&g, {F_key_user_node, 24}, {F_key_user_uid, 4}, {F_key_user_usage, 4},
		     {F_key_user_nkeys, 4}, {F_key_user_nikeys, 4}, {F_key_user_qnkeys, 4},
		     {F_key_user_qnbytes, 4});
	FAKE_MEMBERS(&g, {F_public_key_id_type, 8}, {F_public_key_algorithm, 8});
}

/* One key of one user. */
static void set_up(void)
{
	fake_guest_init(&g);
	declare();
	key = fake_object(&g);
	user = fake_object(&g);
	type = fake_object(&g);
	payload = kfield_at(&g.k, key, F_key_payload);
	fake_variable(&g, S_key_serial_tree, kfield_at(&g.k, key, F_key_serial_node).v);
	fake_variable(&g, S_key_user_tree, kfield_at(&g.k, user, F_key_user_node).v);
	fake_set(&g, key, F_key_serial, 0x12345678);
	fake_set(&g, key, F_key_state, 0xffff);
	fake_set(&g, key, F_key_expiry, INT64_MAX);
	fake_set(&g, key, F_key_user, user.v);
	fake_set(&g, key, F_key_type, type.v);
	fake_set(&g, key, F_key_description, fake_str(&g, "_uid.0").v);
	fake_set(&g, type, F_key_type_name, fake_str(&g, "keyring").v);
	fake_set(&g, user, F_key_user_uid, 1000);
	fake_set(&g, user, F_key_user_qnbytes, 40);
	fake_object(&g); /* texts are read by the piece: something is behind them */
}

TEST(key, reads_keys)
{
	char text[KEY_DESCRIPTION_BYTES];
	struct rbtree_iter it;
	struct key k;
	gva_t at;

	set_up();
	CHECK_OK(keys_init(&it, &g.k));
	CHECK_OK(keys_next(&it, &g.k, &at));
	CU_ASSERT_EQUAL(at.v, key.v);
	CHECK_OK(key_read(&g.k, at, &k));
	CU_ASSERT_EQUAL(k.serial, 0x12345678);
	CU_ASSERT_EQUAL(k.state, -1);
	CU_ASSERT_EQUAL(k.expires, KEY_NEVER);
	CU_ASSERT_EQUAL(k.owner_uid, 1000);
	CU_ASSERT_STRING_EQUAL(k.type, "keyring");
	CHECK_OK(key_description(&g.k, at, text));
	CU_ASSERT_STRING_EQUAL(text, "_uid.0");
	CHECK_OK(keys_next(&it, &g.k, &at));
	CU_ASSERT(gva_is_null(at));
}

TEST(key, reads_users)
{
	struct rbtree_iter it;
	struct key_user u;
	bool end;

	set_up();
	CHECK_OK(key_users_init(&it, &g.k));
	CHECK_OK(key_users_next(&it, &g.k, &u, &end));
	CU_ASSERT(!end);
	CU_ASSERT_EQUAL(u.uid, 1000);
	CU_ASSERT_EQUAL(u.quota_bytes, 40);
	CHECK_OK(key_users_next(&it, &g.k, &u, &end));
	CU_ASSERT(end);
}

TEST(key, tells_the_end_of_a_public_keys_identifier)
{
	static const uint8_t id[] = {6, 0, 1, 2, 3, 4, 5, 6};
	gva_t public_key, ids, id_at;
	struct key_public p;

	set_up();
	CHECK_OK(key_public_read(&g.k, key, &p));
	CU_ASSERT(!p.present);
	public_key = fake_object(&g);
	ids = fake_object(&g);
	id_at = fake_object(&g);
	fake_u64(&g, payload, public_key.v);
	fake_set(&g, public_key, F_public_key_id_type, fake_str(&g, "X509").v);
	fake_set(&g, public_key, F_public_key_algorithm, fake_str(&g, "rsa").v);
	CHECK_OK(key_public_read(&g.k, key, &p));
	CU_ASSERT(p.present);
	CU_ASSERT_EQUAL(p.id_bytes, 0);
	fake_u64(&g, gva_add(payload, 16), ids.v);
	fake_u64(&g, gva_add(ids, 8), id_at.v);
	fake_write(&g, id_at, id, sizeof(id));
	CHECK_OK(key_public_read(&g.k, key, &p));
	CU_ASSERT_STRING_EQUAL(p.id_type, "X509");
	CU_ASSERT_EQUAL(p.id_bytes, 4);
	CU_ASSERT_EQUAL(p.id[0], 3);
	CU_ASSERT_EQUAL(p.id[3], 6);
}

TEST(key, refuses_trees_that_loop_and_pointers_to_nowhere)
{
	struct rbtree_iter it;
	struct key k;
	gva_t node, at;
	const struct err *e = NULL;

	set_up();
	node = kfield_at(&g.k, key, F_key_serial_node);
	fake_u64(&g, gva_add(node, 8), node.v);
	CHECK_OK(keys_init(&it, &g.k));
	for (unsigned i = 0; !e && i < 1u << 23; i++) {
		e = keys_next(&it, &g.k, &at);
		if (!e && gva_is_null(at))
			break;
	}
	CHECK_ERR(e, ERR_RACE);
	set_up();
	fake_set(&g, key, F_key_type, 8);
	CHECK_ERR(key_read(&g.k, key, &k), ERR_FAULT);
}
