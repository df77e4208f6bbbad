/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The peer is written on OpenSSL from rtvmm.h, so agreement here is agreement of two writers. */
#include "tests/lib/unit.h"
#include "tests/unit/core/fake_host.h"
#include "vmm/core/x25519.h"

#include <string.h>

TEST(handshake, peer_and_core_agree)
{
	struct fake *f = fake_new();
	struct vmm_peer p;

	for (int i = 0; i < 20; i++)
		CHECK_OK(fake_open(f, &p));
	CU_ASSERT_TRUE(!memcmp(p.reply.vmm_static, f->core.static_public, RTVMM_KEY_BYTES));
	CU_ASSERT_EQUAL(p.reply.session, 20);
	fake_free(f);
}

static int open_with(struct fake *f, const struct rtvmm_request *r,
		     const struct rtvmm_open_request *open)
{
	uint32_t records;
	int status = fake_request(f, r, open, sizeof(*open), &records);

	CU_ASSERT_EQUAL(records, status ? 0 : 1);
	return status;
}

TEST(handshake, small_order_ephemeral_is_refused)
{
	struct fake *f = fake_new();
	struct vmm_peer p;
	struct rtvmm_request r;

	CHECK_OK(vmm_peer_begin(&p));
	memset(p.request.client_ephemeral, 0, RTVMM_KEY_BYTES);
	r = vmm_peer_request(&p, RTVMM_OP_OPEN);
	CU_ASSERT_EQUAL(open_with(f, &r, &p.request), -RTVMM_EKEY);
	CU_ASSERT_PTR_NULL(session_find(&f->caller, f->core.last_session));
	fake_free(f);
}

TEST(handshake, malformed_open_is_refused)
{
	struct fake *f = fake_new();
	struct vmm_peer p;
	struct rtvmm_request r;

	CHECK_OK(vmm_peer_begin(&p));
	r = vmm_peer_request(&p, RTVMM_OP_OPEN);
	p.request.version++;
	CU_ASSERT_EQUAL(open_with(f, &r, &p.request), -RTVMM_EVERSION);
	p.request.version--;
	p.request.flags = 1;
	CU_ASSERT_EQUAL(open_with(f, &r, &p.request), -RTVMM_EINVAL);
	p.request.flags = 0;
	p.request.challenge[31] ^= 1;
	CU_ASSERT_EQUAL(open_with(f, &r, &p.request), -RTVMM_EINVAL);
	p.request.challenge[31] ^= 1;
	CU_ASSERT_EQUAL(open_with(f, &r, &p.request), 0);
	fake_free(f);
}

/* A peer that was told another V, or another reply, does not come to the same key. */
TEST(handshake, altered_reply_does_not_verify)
{
	struct fake *f = fake_new();
	struct vmm_peer p;
	struct rtvmm_open_reply reply;

	CHECK_OK(fake_open(f, &p));
	for (size_t i = 0; i < sizeof(reply); i++) {
		reply = p.reply;
		((uint8_t *)&reply)[i] ^= 4;
		struct vmm_peer again = p;

		CU_ASSERT_TRUE(vmm_peer_finish(&again, &reply) != NULL);
	}
	fake_free(f);
}

/* Key uniqueness does not rest on the generator: with one that repeats, all keys still differ. */
TEST(handshake, keys_differ_with_a_broken_generator)
{
	struct fake *f = fake_new();
	struct rtvmm_request r;
	struct vmm_peer p;
	uint8_t ephemeral[3][RTVMM_KEY_BYTES];

	f->random_repeats = true;
	CHECK_OK(vmm_peer_begin(&p));
	r = vmm_peer_request(&p, RTVMM_OP_OPEN);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(open_with(f, &r, &p.request), 0);
		memcpy(ephemeral[i], f->out + offsetof(struct rtvmm_open_reply, vmm_ephemeral),
		       RTVMM_KEY_BYTES);
	}
	for (int i = 0; i < 3; i++) {
		int next = (i + 1) % 3;

		CU_ASSERT_TRUE(memcmp(f->caller.sessions[i].key, f->caller.sessions[next].key,
				      RTVMM_KEY_BYTES) != 0);
		CU_ASSERT_TRUE(memcmp(ephemeral[i], ephemeral[next], RTVMM_KEY_BYTES) != 0);
	}
	fake_free(f);
}

TEST(handshake, no_randomness_no_session)
{
	struct fake *f = fake_new();
	struct rtvmm_request r;
	struct vmm_peer p;

	CHECK_OK(vmm_peer_begin(&p));
	r = vmm_peer_request(&p, RTVMM_OP_OPEN);
	f->random_status = -RTVMM_EIO;
	CU_ASSERT_EQUAL(open_with(f, &r, &p.request), -RTVMM_EIO);
	CU_ASSERT_EQUAL(f->caller.sessions[0].number, 0);
	fake_free(f);
}

/* A number is used up even by an attempt that fails. */
TEST(handshake, session_numbers_never_repeat)
{
	struct fake *f = fake_new();
	struct vmm_peer p;
	struct rtvmm_request r;

	CHECK_OK(fake_open(f, &p));
	CU_ASSERT_EQUAL(p.reply.session, 1);
	f->random_status = -RTVMM_EIO;
	r = vmm_peer_request(&p, RTVMM_OP_OPEN);
	CU_ASSERT_EQUAL(open_with(f, &r, &p.request), -RTVMM_EIO);
	f->random_status = 0;
	session_wipe(&f->caller.sessions[0]);
	CHECK_OK(fake_open(f, &p));
	CU_ASSERT_EQUAL(p.reply.session, 3);
	fake_free(f);
}

/* Xen's key is older than what its core gets randomness from. */
TEST(handshake, a_secret_drawn_before_is_the_core_s)
{
	struct fake *f = fake_new();
	const uint8_t secret[RTVMM_KEY_BYTES] = {7, 7, 7};
	uint8_t v[RTVMM_KEY_BYTES];
	struct vmm_peer p;

	x25519_public(secret, v);
	CU_ASSERT_EQUAL(core_init_with(&f->core, secret, f->vm.ops, f), 0);
	CU_ASSERT_TRUE(!memcmp(f->core.static_secret, secret, sizeof(secret)));
	CHECK_OK(fake_open(f, &p));
	CU_ASSERT_TRUE(!memcmp(p.reply.vmm_static, v, sizeof(v)));
	f->random_status = -RTVMM_EIO;
	CU_ASSERT_EQUAL(core_init_with(&f->core, secret, f->vm.ops, f), -RTVMM_EIO);
	CU_ASSERT_EQUAL(f->core.static_secret[0], 0); /* nothing stays of what failed */
	fake_free(f);
}
