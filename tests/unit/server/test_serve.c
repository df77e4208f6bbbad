/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Client sessions through a running remotetransd, with the VMM core or an image behind it. */
#include "remotetrans/client/handshake.h"
#include "remotetrans/client/link.h"
#include "remotetrans/client/session.h"
#include "tests/lib/unit.h"
#include "tests/unit/core/fake_host.h"
#include "tests/unit/server/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct world world;

static const struct err *get(struct session *s, uint64_t frame, const uint8_t **ret)
{
	struct framesrc *frames = session_frames(s);

	return frames->get(frames, gfn(frame), ret);
}

static void check_open_profile(const struct target_config *t, const struct session_profile *p,
			       enum err_kind kind, const char *what)
{
	struct session *s;

	check_says(session_open(t, p, 0, &s), kind, what);
}

/* Opening fails like this. */
static void check_open(const struct target_config *t, enum err_kind kind, const char *what)
{
	check_open_profile(t, NULL, kind, what);
}

/* --- sessions ------------------------------------------------------------------------------------
 */

TEST(serve, verified_frames_registers_and_facts)
{
	const struct vcpu *vcpus;
	unsigned count = 0;
	struct vm_info info = {0};
	const uint8_t *bytes;
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CU_ASSERT_TRUE(session_is_verified(s));
	CHECK_OK(session_info(s, &info));
	CU_ASSERT_EQUAL(info.vcpus, FAKE_VCPUS);
	CHECK_OK(session_vcpus(s, &vcpus, &count));
	CU_ASSERT_EQUAL(count, FAKE_VCPUS);
	CU_ASSERT_EQUAL(vcpus[1].cr3, 0x2000);
	for (uint64_t frame = 0; frame < FAKE_FRAMES; frame++) {
		CHECK_OK(get(s, frame, &bytes));
		CU_ASSERT_TRUE(bytes[0] == 0x40 + frame && bytes[4095] == bytes[0]);
	}
	check_says(get(s, FAKE_FRAMES, &bytes), ERR_FAULT, "not RAM");
	check_says(get(s, UINT64_MAX, &bytes), ERR_FAULT, "not RAM");
	/* connect 2, open, info, vcpus, and four groups of eight frames */
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 2 + 1 + 1 + 1 + 4);
	session_close(s);
	world_stop(&world);
}

TEST(serve, a_miss_makes_a_new_snapshot_then_a_live_read)
{
	const uint8_t *bytes;
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CU_ASSERT_EQUAL(session_epoch(s), 0);
	CHECK_OK(session_snapshot(s, 1));
	CU_ASSERT_EQUAL(session_epoch(s), 1);
	for (uint64_t round = 1; round <= SESSION_ROUNDS_MAX; round++) {
		check_says(get(s, round, &bytes), ERR_RACE, "was not in the snapshot");
		CU_ASSERT_EQUAL(session_epoch(s), 1 + round);
		/* this one, and all that were missed before */
		for (uint64_t frame = 1; frame <= round; frame++)
			CHECK_OK(get(s, frame, &bytes));
	}
	CU_ASSERT_EQUAL(session_counters(s).races, 0);
	CHECK_OK(get(s, 9, &bytes));
	CU_ASSERT_EQUAL(bytes[0], 0x40 + 9);
	CU_ASSERT_EQUAL(session_counters(s).races, 1);
	CU_ASSERT_EQUAL(session_epoch(s), 1 + SESSION_ROUNDS_MAX);
	CHECK_OK(session_snapshot(s, 1)); /* asks for 9, too */
	CHECK_OK(get(s, 9, &bytes));
	CU_ASSERT_EQUAL(session_counters(s).races, 1);
	session_close(s);
	world_stop(&world);
}

TEST(serve, pages_that_did_not_change_come_as_tags)
{
	static const uint64_t wanted[] = {1, 2, 3, FAKE_FRAMES};
	const uint8_t *first, *bytes;
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CHECK_OK(session_snapshot(s, 1));
	for (size_t i = 0; i < 3; i++) /* each time, what was there is said again */
		check_says(get(s, wanted[i], &bytes), ERR_RACE, "was not in the snapshot");
	CU_ASSERT_EQUAL(session_counters(s).frames, 1 + 2 + 3);
	CU_ASSERT_EQUAL(session_counters(s).kept, 1 + 2);
	CHECK_OK(get(s, 2, &first));
	check_says(get(s, wanted[3], &bytes), ERR_FAULT, "not RAM"); /* from the running VM */
	uint64_t received = session_counters(s).bytes_received;
	CHECK_OK(session_snapshot(s, 1));
	CU_ASSERT_EQUAL(session_counters(s).kept, 1 + 2 + 3);
	CU_ASSERT_TRUE(session_counters(s).bytes_received - received < 4096);
	CHECK_OK(get(s, 2, &bytes));
	CU_ASSERT_PTR_EQUAL(bytes, first);
	CU_ASSERT_TRUE(bytes[0] == 0x40 + 2 && bytes[4095] == 0x40 + 2);
	session_close(s);
	world_stop(&world);
}

/* Over a link on which it pays, and only for a client that takes it. */
TEST(serve, records_are_compressed_for_a_distant_client)
{
	const uint8_t *bytes;
	struct session *s;

	world_start(&world);
	world_move_away(&world, 10);
	struct target_config t = world_target(&world, "alice", "tagged");
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CHECK_OK(get(s, 3, &bytes));
	CU_ASSERT_TRUE(bytes[0] == 0x40 + 3 && bytes[4095] == bytes[0]);
	struct session_counters c = session_counters(s);
	CU_ASSERT_EQUAL(c.frames, 8);
	CU_ASSERT_TRUE(c.packed_bytes > 0 && c.bytes_received < 2 * FRAME_BYTES);
	CU_ASSERT_TRUE(c.saved_bytes > 7 * FRAME_BYTES);
	session_close(s);
	t.compress = false;
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CHECK_OK(get(s, 3, &bytes));
	CU_ASSERT_EQUAL(session_counters(s).packed_bytes, 0);
	CU_ASSERT_TRUE(session_counters(s).bytes_received > 8 * FRAME_BYTES);
	session_close(s);
	world_stop(&world);
	world_start(&world); /* nearby */
	t = world_target(&world, "alice", "tagged");
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CHECK_OK(get(s, 3, &bytes));
	CU_ASSERT_EQUAL(session_counters(s).packed_bytes, 0);
	session_close(s);
	world_stop(&world);
}

TEST(serve, an_image_needs_the_users_word)
{
	const struct vcpu *vcpus;
	unsigned count = 0;
	const uint8_t *bytes;
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "image");
	memset(t.vmm_key, 0, sizeof(t.vmm_key));
	check_open(&t, ERR_INTEGRITY, "--insecure-unverified");
	t.insecure_unverified = true;
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CU_ASSERT_FALSE(session_is_verified(s));
	CHECK_OK(session_vcpus(s, &vcpus, &count));
	CU_ASSERT_EQUAL(count, 1);
	CU_ASSERT_EQUAL(vcpus[0].cr3, WORLD_IMAGE_TABLE);
	CHECK_OK(session_snapshot(s, 0));
	check_says(get(s, 4, &bytes), ERR_RACE, "frame 0x4");
	CHECK_OK(get(s, 4, &bytes));
	CU_ASSERT_EQUAL(memcmp(bytes, "frame four", 10), 0);
	CHECK_OK(session_snapshot(s, 0));
	CU_ASSERT_EQUAL(session_counters(s).kept, 1);
	CHECK_OK(get(s, 4, &bytes));
	CU_ASSERT_EQUAL(memcmp(bytes, "frame four", 10), 0);
	session_close(s);
	world_stop(&world);
}

/* The word for unverified backends does not weaken one that can tag. */
TEST(serve, a_tagged_vm_stays_verified)
{
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	t.insecure_unverified = true;
	CHECK_OK(session_open(&t, NULL, 0, &s));
	CU_ASSERT_TRUE(session_is_verified(s));
	session_close(s);
	memset(t.vmm_key, 0, sizeof(t.vmm_key));
	check_open(&t, ERR_USAGE, "lacks manifest=");
	t.vmm_key[3] = 1;
	check_open(&t, ERR_INTEGRITY, "not the pinned one");
	world_stop(&world);
}

/* A server that says 'this one cannot tag' of a VM whose key is pinned. */
TEST(serve, a_pinned_key_is_not_given_up)
{
	world_start(&world);
	struct target_config t = world_target(&world, "alice", "image");
	t.insecure_unverified = true;
	check_open(&t, ERR_INTEGRITY, "says whose key it must have");
	world_stop(&world);
}

/* --- refusals ------------------------------------------------------------------------------------
 */

TEST(serve, unknown_and_forbidden_vms_are_the_same)
{
	world_start(&world);
	struct target_config t = world_target(&world, "alice", "bobs");
	check_open(&t, ERR_PEER, "no VM 'bobs' for this client");
	t = world_target(&world, "alice", "nosuch");
	check_open(&t, ERR_PEER, "no VM 'nosuch' for this client");
	t = world_target(&world, "bob", "tagged");
	check_open(&t, ERR_PEER, "no VM 'tagged' for this client");
	world_stop(&world);
}

TEST(serve, a_vm_is_found_by_uuid)
{
	struct session *s;

	world_start(&world);
	struct target_config t =
		world_target(&world, "alice", "00000000-0000-0000-0000-000000000001");
	CHECK_OK(session_open(&t, NULL, 0, &s));
	session_close(s);
	world_stop(&world);
}

TEST(serve, a_pinned_uuid_must_be_the_vmms)
{
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	memcpy(t.uuid, "uuid of the VM.", RTVMM_ID_BYTES);
	CHECK_OK(session_open(&t, NULL, 0, &s));
	session_close(s);
	t.uuid[0] ^= 1;
	check_open(&t, ERR_INTEGRITY, "wrong vm= or uuid=");
	world_stop(&world);
}

TEST(serve, protection_can_be_demanded)
{
	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	t.require_protected = true;
	check_open(&t, ERR_PEER, "require_protected=");
	world_stop(&world);
}

TEST(serve, what_cannot_be_reached_is_named)
{
	world_start(&world);
	struct target_config t = world_target(&world, "alice", "dead");
	check_open(&t, ERR_PEER, "backend failed");
	t = world_target(&world, "alice", "tagged");
	snprintf(t.server, sizeof(t.server), "127.0.0.1:1");
	check_open(&t, ERR_PEER, "cannot be reached");
	world_stop(&world);
}

TEST(serve, certificates_are_checked_on_both_sides)
{
	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	snprintf(t.server_name, sizeof(t.server_name), "elsewhere.example");
	check_open(&t, ERR_PEER, "hostname mismatch");
	t = world_target(&world, "alice", "tagged");
	snprintf(t.ca, sizeof(t.ca), "%s/alice.pem", world.folder);
	check_open(&t, ERR_PEER, "certificate was refused");
	t = world_target(&world, "usage", "tagged");
	check_open(&t, ERR_USAGE, "not for a client");
	t = world_target(&world, "expired", "tagged");
	check_open(&t, ERR_USAGE, "has expired");
	t = world_target(&world, "early", "tagged");
	check_open(&t, ERR_USAGE, "not yet valid");
	t = world_target(&world, "foreign", "tagged");
	check_open(&t, ERR_PEER, "no VM 'tagged' for this client; it says so for every reason");
	t = world_target(&world, "alice", "tagged");
	snprintf(t.key, sizeof(t.key), "%s/bob.key", world.folder);
	check_open(&t, ERR_USAGE, "bob.key");
	world_stop(&world);
}

TEST(serve, keys_must_be_their_owners_alone)
{
	char path[128];

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	snprintf(path, sizeof(path), "%s/alice.key", world.folder);
	CU_ASSERT_EQUAL(chmod(path, 0640), 0);
	check_open(&t, ERR_USAGE, "chmod 600");
	CU_ASSERT_EQUAL(chmod(path, 0604), 0);
	check_open(&t, ERR_USAGE, "chmod 600");
	world_stop(&world);
}

TEST(serve, a_profile_is_uploaded_once)
{
	static const char text[] = "not a profile, and the server does not look";
	struct session_profile p = {.text = text, .len_bytes = sizeof(text) - 1};
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	check_open_profile(&t, &p, ERR_PEER, "hash that was announced");
	CU_ASSERT_EQUAL(EVP_Digest(text, p.len_bytes, p.hash, NULL, EVP_sha256(), NULL), 1);
	CHECK_OK(session_open(&t, &p, 0, &s));
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 4);
	session_close(s);
	CHECK_OK(session_open(&t, &p, 0, &s));
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 3);
	session_close(s);
	world_stop(&world);
}

/* The first snapshot is asked for before the server has said anything. */
TEST(serve, the_first_snapshot_travels_with_the_opening)
{
	static const char text[] = "no profile either";
	struct session_profile p = {.text = text, .len_bytes = sizeof(text) - 1};
	const struct vcpu *vcpus;
	unsigned count;
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	CU_ASSERT_EQUAL(EVP_Digest(text, p.len_bytes, p.hash, NULL, EVP_sha256(), NULL), 1);
	/* the server lacks the profile: what it could not walk for is taken anew */
	CHECK_OK(session_open(&t, &p, 5, &s));
	CU_ASSERT_EQUAL(session_epoch(s), 1);
	CHECK_OK(session_snapshot(s, 5));
	CU_ASSERT_EQUAL(session_epoch(s), 2);
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 2 + 3);
	session_close(s);
	CHECK_OK(session_open(&t, &p, 5, &s));
	CU_ASSERT_EQUAL(session_epoch(s), 0);
	CHECK_OK(session_snapshot(s, 5));
	CHECK_OK(session_vcpus(s, &vcpus, &count));
	CU_ASSERT_EQUAL(count, FAKE_VCPUS);
	CU_ASSERT_EQUAL(session_epoch(s), 1);
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 2 + 1);
	CHECK_OK(session_snapshot(s, 5));
	CU_ASSERT_EQUAL(session_epoch(s), 2);
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 2 + 2);
	session_close(s);
	/* of other sets, or something else comes first: what is on its way is received before */
	CHECK_OK(session_open(&t, &p, 5, &s));
	CHECK_OK(session_snapshot(s, 6));
	CU_ASSERT_EQUAL(session_epoch(s), 2);
	session_close(s);
	CHECK_OK(session_open(&t, &p, 5, &s));
	CHECK_OK(session_vcpus(s, &vcpus, &count));
	CU_ASSERT_EQUAL(session_epoch(s), 1);
	session_close(s);
	CHECK_OK(session_open(&t, &p, 5, &s)); /* never received */
	session_close(s);
	t.require_protected = true;
	CHECK_OK(session_open(&t, &p, 5, &s));
	check_says(session_snapshot(s, 5), ERR_PEER, "require_protected=");
	session_close(s);
	memset(t.vmm_key, 1, sizeof(t.vmm_key));
	check_says(session_open(&t, &p, 5, &s), ERR_INTEGRITY, "not the pinned one");
	t = world_target(&world, "alice", "bobs");
	check_says(session_open(&t, &p, 5, &s), ERR_PEER, "no VM 'bobs'");
	world_stop(&world);
}
