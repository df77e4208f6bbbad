/* SPDX-License-Identifier: MIT */
/*
 * The VMM's side of the session handshake. Input: attacker-controlled.
 *
 * The session number is part of what derives the ephemeral key and the session key, so neither
 * repeats within a boot even if the random generator does.
 */
#include "vmm/core/handshake.h"
#include "vmm/core/bytes.h"
#include "vmm/core/hkdf.h"
#include "vmm/core/record.h"
#include "vmm/core/x25519.h"

#define REPLY_HASHED_BYTES ((uint32_t)offsetof(struct rtvmm_open_reply, confirm))

static const char transcript_label[] = "RemoteTrans handshake 1";
static const char ephemeral_label[] = "RemoteTrans ephemeral 1";

/* What hkdf_sha256() gets as info, after a label or a transcript. */
struct derivation_info {
	uint8_t prefix[SHA256_BYTES];
	uint8_t session[8];
};

static int draw_ephemeral(const struct core *core, const struct vm *vm, uint64_t session,
			  uint8_t ret[RTVMM_KEY_BYTES])
{
	struct derivation_info info = {0};
	struct hkdf_input in = {
		core->static_secret, sizeof(core->static_secret), ret, RTVMM_KEY_BYTES, &info,
		sizeof(info)};
	int status = vm->ops->random_bytes(vm->host, ret, RTVMM_KEY_BYTES);

	if (status)
		return status;
	bytes_copy(info.prefix, ephemeral_label, sizeof(ephemeral_label) - 1);
	bytes_store_le64(info.session, session);
	hkdf_sha256(&in, ret);
	return 0;
}

static void hash_transcript(const struct rtvmm_open_request *request,
			    const struct rtvmm_open_reply *reply, uint8_t ret[SHA256_BYTES])
{
	struct sha256 s;

	sha256_init(&s);
	sha256_update(&s, transcript_label, sizeof(transcript_label) - 1);
	sha256_update(&s, request, sizeof(*request));
	sha256_update(&s, reply, REPLY_HASHED_BYTES);
	sha256_final(&s, ret);
}

static int derive_key(const struct core *core, const uint8_t ephemeral[RTVMM_KEY_BYTES],
		      const struct rtvmm_open_request *request,
		      const struct rtvmm_open_reply *reply, uint8_t ret[RTVMM_KEY_BYTES])
{
	uint8_t ikm[2 * RTVMM_KEY_BYTES];
	struct derivation_info info;
	struct hkdf_input in = {
		core->static_public, sizeof(core->static_public), ikm, sizeof(ikm), &info,
		sizeof(info)};
	bool usable = x25519(core->static_secret, request->client_ephemeral, ikm);

	usable &= x25519(ephemeral, request->client_ephemeral, ikm + RTVMM_KEY_BYTES);
	if (usable) {
		hash_transcript(request, reply, info.prefix);
		bytes_store_le64(info.session, reply->session);
		hkdf_sha256(&in, ret);
	}
	bytes_wipe(ikm, sizeof(ikm));
	return usable ? 0 : -RTVMM_EKEY;
}

static void describe(const struct core *core, const struct vm *vm, struct rtvmm_open_reply *ret)
{
	bytes_zero(ret, sizeof(*ret));
	ret->version = RTVMM_VERSION;
	bytes_copy(ret->vmm_static, core->static_public, sizeof(ret->vmm_static));
	bytes_copy(ret->boot_id, core->boot_id, sizeof(ret->boot_id));
	bytes_copy(ret->instance_id, vm->instance_id, sizeof(ret->instance_id));
	bytes_copy(ret->uuid, vm->uuid, sizeof(ret->uuid));
}

int handshake_answer(struct core *core, const struct vm *vm,
		     const struct rtvmm_open_request *request, struct session *session,
		     struct rtvmm_open_reply *ret)
{
	uint8_t ephemeral[RTVMM_KEY_BYTES];
	uint8_t key[RTVMM_KEY_BYTES];
	int status;

	describe(core, vm, ret);
	ret->session = ++core->last_session;
	status = draw_ephemeral(core, vm, ret->session, ephemeral);
	if (!status) {
		x25519_public(ephemeral, ret->vmm_ephemeral);
		status = derive_key(core, ephemeral, request, ret, key);
	}
	if (!status) {
		session->number = ret->session;
		session->next_counter = 0;
		bytes_copy(session->key, key, sizeof(session->key));
		bytes_copy(session->instance_id, vm->instance_id, sizeof(session->instance_id));
		record_confirm(core, vm, session, request->challenge, ret->confirm);
	}
	bytes_wipe(ephemeral, sizeof(ephemeral));
	bytes_wipe(key, sizeof(key));
	return status;
}
