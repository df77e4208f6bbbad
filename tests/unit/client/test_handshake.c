/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client's handshake (OpenSSL) against the VMM core's (its own code). */
#include "tests/lib/unit.h"
#include "tests/unit/client/vmm.h"

#include <string.h>

TEST(handshake, agrees_with_the_core)
{
	struct vmm v;
	struct verify verify;

	vmm_init(&v);
	for (unsigned i = 0; i < 20; i++) {
		CHECK_OK(vmm_open(&v, &verify));
		CU_ASSERT_EQUAL(verify.identity.session, v.session);
		CU_ASSERT_EQUAL(memcmp(verify.identity.uuid, v.core->vm.uuid, RTVMM_ID_BYTES), 0);
		verify_deinit(&verify);
	}
	vmm_deinit(&v);
}

TEST(handshake, every_altered_byte_of_the_reply_is_refused)
{
	uint8_t reply[sizeof(struct rtvmm_open_reply)];
	struct handshake h;
	struct verify verify;
	struct vmm v;

	vmm_init(&v);
	CHECK_OK(handshake_init(&h));
	vmm_answer_open(&v, &h, reply);
	for (size_t i = 0; i < sizeof(reply); i++) {
		reply[i] ^= 0x10;
		const struct err *e =
			handshake_finish(&h, reply, v.core->core.static_public, &verify);
		CU_ASSERT_TRUE(e && (e->kind == ERR_INTEGRITY || e->kind == ERR_PROTO));
		reply[i] ^= 0x10;
	}
	CHECK_OK(handshake_finish(&h, reply, v.core->core.static_public, &verify));
	verify_deinit(&verify);
	handshake_deinit(&h);
	vmm_deinit(&v);
}

TEST(handshake, another_vmm_is_refused_by_its_key)
{
	uint8_t reply[sizeof(struct rtvmm_open_reply)], pinned[RTVMM_KEY_BYTES];
	struct handshake h;
	struct verify verify;
	struct vmm v;

	vmm_init(&v);
	memcpy(pinned, v.core->core.static_public, sizeof(pinned));
	pinned[31] ^= 1;
	CHECK_OK(handshake_init(&h));
	vmm_answer_open(&v, &h, reply);
	const struct err *e = handshake_finish(&h, reply, pinned, &verify);
	CHECK_ERR(e, ERR_INTEGRITY);
	CU_ASSERT_PTR_NOT_NULL(strstr(e->message, "vmm_key="));
	handshake_deinit(&h);
	vmm_deinit(&v);
}

/* The server answers with a VMM of its own making, but names the pinned key. */
TEST(handshake, a_named_key_without_its_secret_is_refused)
{
	uint8_t reply[sizeof(struct rtvmm_open_reply)], pinned[RTVMM_KEY_BYTES];
	struct handshake h;
	struct verify verify;
	struct vmm v;

	vmm_init(&v);
	memcpy(pinned, v.core->core.static_public, sizeof(pinned));
	v.core->core.static_secret[5] ^= 1; /* another VMM that claims the same public key */
	CHECK_OK(handshake_init(&h));
	vmm_answer_open(&v, &h, reply);
	const struct err *e = handshake_finish(&h, reply, pinned, &verify);
	CHECK_ERR(e, ERR_INTEGRITY);
	CU_ASSERT_PTR_NOT_NULL(strstr(e->message, "key confirmation"));
	handshake_deinit(&h);
	vmm_deinit(&v);
}

/* Points of small order (RFC 7748 section 6.1 leads to the all-zero check). */
TEST(handshake, keys_of_small_order_are_refused)
{
	static const uint8_t points[][RTVMM_KEY_BYTES] = {
		{0},
		{1},
		{0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
		 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
		 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
	};
	uint8_t reply[sizeof(struct rtvmm_open_reply)];
	struct handshake h;
	struct verify verify;
	struct vmm v;

	vmm_init(&v);
	CHECK_OK(handshake_init(&h));
	vmm_answer_open(&v, &h, reply);
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		memcpy(reply + offsetof(struct rtvmm_open_reply, vmm_ephemeral), points[i],
		       RTVMM_KEY_BYTES);
		const struct err *e =
			handshake_finish(&h, reply, v.core->core.static_public, &verify);
		CHECK_ERR(e, ERR_INTEGRITY);
		CU_ASSERT_PTR_NOT_NULL(strstr(e->message, "small order"));
	}
	handshake_deinit(&h);
	vmm_deinit(&v);
}

TEST(handshake, a_reply_to_another_client_is_refused)
{
	uint8_t reply[sizeof(struct rtvmm_open_reply)];
	struct handshake ours, theirs;
	struct verify verify;
	struct vmm v;

	vmm_init(&v);
	CHECK_OK(handshake_init(&ours));
	CHECK_OK(handshake_init(&theirs));
	vmm_answer_open(&v, &theirs, reply);
	CHECK_ERR(handshake_finish(&ours, reply, v.core->core.static_public, &verify),
		  ERR_INTEGRITY);
	handshake_deinit(&ours);
	handshake_deinit(&theirs);
	vmm_deinit(&v);
}
