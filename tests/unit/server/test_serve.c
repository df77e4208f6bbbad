/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Client sessions through a running remotetransd, with the VMM core or an image behind it. */
#include "remotetrans/client/handshake.h"
#include "remotetrans/client/link.h"
#include "remotetrans/client/session.h"
#include "tests/lib/unit.h"
#include "tests/unit/core/fake_host.h"
#include "tests/unit/server/world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static struct world world;

static void check_says(const struct err *e, enum err_kind kind, const char *what)
{
	CHECK_ERR(e, kind);
	if (e && !strstr(e->message, what)) {
		fprintf(stderr, "\n    '%s' does not say '%s'\n", e->message, what);
		CU_FAIL("message");
	}
}

static const struct err *get(struct session *s, uint64_t frame, const uint8_t **ret)
{
	struct framesrc *frames = session_frames(s);

	return frames->get(frames, gfn(frame), ret);
}

static void check_open_profile(const struct target_config *t, const struct session_profile *p,
			       enum err_kind kind, const char *what)
{
	struct session *s;

	check_says(session_open(t, p, &s), kind, what);
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
	CHECK_OK(session_open(&t, NULL, &s));
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
	CHECK_OK(session_open(&t, NULL, &s));
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
	CHECK_OK(session_open(&t, NULL, &s));
	CU_ASSERT_FALSE(session_is_verified(s));
	CHECK_OK(session_vcpus(s, &vcpus, &count));
	CU_ASSERT_EQUAL(count, 1);
	CU_ASSERT_EQUAL(vcpus[0].cr3, WORLD_IMAGE_TABLE);
	CHECK_OK(session_snapshot(s, 0));
	check_says(get(s, 4, &bytes), ERR_RACE, "frame 0x4");
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
	CHECK_OK(session_open(&t, NULL, &s));
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
	CHECK_OK(session_open(&t, NULL, &s));
	session_close(s);
	world_stop(&world);
}

TEST(serve, a_pinned_uuid_must_be_the_vmms)
{
	struct session *s;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	memcpy(t.uuid, "uuid of the VM.", RTVMM_ID_BYTES);
	CHECK_OK(session_open(&t, NULL, &s));
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

/* --- strangers -----------------------------------------------------------------------------------
 */

/* All that a server says, up to its end of the connection. */
struct heard {
	uint8_t bytes[8192];
	size_t len_bytes;
	bool ended_well;
};

static int connect_world(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_port = htons((uint16_t)atoi(strrchr(world.server, ':') + 1));
	CU_ASSERT_EQUAL_FATAL(connect(fd, (void *)&address, sizeof(address)), 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

/* As @who (NULL: without a certificate), whatever our own side would say to that. */
static void connect_as(const char *who, struct stream *ret)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	char certificate[160], key[160];

	snprintf(certificate, sizeof(certificate), "%s/%s.pem", world.folder, who ? who : "");
	snprintf(key, sizeof(key), "%s/%s.key", world.folder, who ? who : "");
	CU_ASSERT_TRUE_FATAL(
		!who || (SSL_CTX_use_certificate_file(ctx, certificate, SSL_FILETYPE_PEM) == 1 &&
			 SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1));
	CHECK_OK(stream_open(ret, ctx, connect_world(), false, NULL, stream_after_ms(5000)));
	SSL_CTX_free(ctx);
}

static void hear_all(struct stream *s, struct heard *ret)
{
	*ret = (struct heard){.len_bytes = 0};
	while (ret->len_bytes < sizeof(ret->bytes)) {
		const struct err *e = stream_wait(s, stream_after_ms(5000), &ret->ended_well);
		if (e || ret->ended_well)
			return;
		CHECK_OK(stream_read(s, ret->bytes + ret->len_bytes++, 1, stream_after_ms(5000)));
	}
}

#define PROFILE_TEXT "a profile that nobody asked for"

/* Everything that there is to ask, for a VM that is not @who's; then what ends the connection. */
static void ask_everything(const char *who, const char *vm, struct heard *ret)
{
	const struct msg_hello hello = {.version = WIRE_VERSION};
	struct msg_profile_have have = {{7}};
	struct msg_profile_put put = {.text = {(const uint8_t *)PROFILE_TEXT, 31}};
	const struct msg_info info = {{1}};
	const struct msg_vcpus vcpus = {{2}};
	struct msg_open open = {.request = {1}};
	uint64_t until_ns = stream_after_ms(5000);
	struct stream s;

	snprintf(open.vm, sizeof(open.vm), "%s", vm);
	EVP_Digest(PROFILE_TEXT, 31, put.hash, NULL, EVP_sha256(), NULL);
	connect_as(who, &s);
	CHECK_OK(frame_send_hello(&s, 0, &hello, until_ns));
	CHECK_OK(frame_send_open(&s, 1, &open, until_ns));
	CHECK_OK(frame_send_profile_have(&s, 2, &have, until_ns));
	CHECK_OK(frame_send_profile_put(&s, 3, &put, until_ns));
	CHECK_OK(frame_send_info(&s, 4, &info, until_ns));
	CHECK_OK(frame_send_vcpus(&s, 5, &vcpus, until_ns));
	CHECK_OK(frame_send_hello(&s, 6, &hello, until_ns));
	CHECK_OK(stream_write(&s, "\377\377\377\377\377\377\377\377", 8, until_ns));
	hear_all(&s, ret);
	stream_deinit(&s);
}

static bool same(const struct heard *a, const struct heard *b)
{
	return a->len_bytes == b->len_bytes && a->ended_well == b->ended_well &&
	       memcmp(a->bytes, b->bytes, a->len_bytes) == 0;
}

static unsigned count_text(const struct heard *h, const char *text)
{
	const uint8_t *at = h->bytes, *end = at + h->len_bytes;
	unsigned count = 0;

	while ((at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL) {
		at += strlen(text);
		count++;
	}
	return count;
}

/* As bob is answered, who is known, for what is not his; the strangers all call themselves alice.
 */
static void check_refusals(const char *vm)
{
	static const char *const strangers[] = {NULL,      "foreign", "expired", "early",
						"revoked", "usage",   "comma",   "terminal"};
	struct heard wanted, heard;

	ask_everything("bob", vm, &wanted);
	CU_ASSERT_TRUE(wanted.ended_well);
	CU_ASSERT_EQUAL(count_text(&wanted, "for this client"), 1);
	CU_ASSERT_EQUAL(count_text(&wanted, "no VM is open"), 4); /* neither profiles nor reads */
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		ask_everything(strangers[i], vm, &heard);
		if (!same(&heard, &wanted))
			fprintf(stderr, "\n    %s\n", strangers[i] ? strangers[i] : "nobody");
		CU_ASSERT_TRUE(same(&heard, &wanted));
	}
}

TEST(serve, every_refusal_is_the_same)
{
	struct heard others, none;
	char path[128];

	world_start(&world);
	check_refusals("tagged");
	check_refusals("00000000-0000-0000-0000-000000000001");
	ask_everything("alice", "bobs", &others);
	ask_everything("alice", "bobz", &none); /* not there; one letter differs in the answer */
	CU_ASSERT_EQUAL(none.len_bytes, others.len_bytes);
	snprintf(path, sizeof(path), "%s/profiles", world.folder);
	CU_ASSERT_EQUAL(rmdir(path), 0); /* nothing was stored */
	world_stop(&world);
}

static unsigned list_as(const char *who)
{
	const struct msg_hello hello = {.version = WIRE_VERSION};
	const struct msg_list list = {0};
	uint64_t until_ns = stream_after_ms(5000);
	struct frame f = {.type = MSG_VM};
	unsigned count = 0;
	struct stream s;

	connect_as(who, &s);
	CHECK_OK(frame_send_hello(&s, 0, &hello, until_ns));
	CHECK_OK(frame_send_list(&s, 1, &list, until_ns));
	CHECK_OK(frame_receive(&s, TO_CLIENT, until_ns, &f));
	for (; f.type != MSG_DONE && count < 100; count++)
		CHECK_OK(frame_receive(&s, TO_CLIENT, until_ns, &f));
	stream_deinit(&s);
	return count - 1;
}

static void replace_list(const char *command)
{
	char text[400];

	snprintf(text, sizeof(text), "cd '%s' && %s", world.folder, command);
	CU_ASSERT_EQUAL(system(text), 0);
}

TEST(serve, a_list_of_revoked_ones_acts_at_once_and_fails_closed)
{
	world_start(&world);
	CU_ASSERT_EQUAL(list_as("alice"), 3);
	CU_ASSERT_EQUAL(list_as("revoked"), 0);
	replace_list("mv ca.crl good.crl");
	CU_ASSERT_EQUAL(list_as("alice"), 0);
	replace_list("echo rubbish >ca.crl");
	CU_ASSERT_EQUAL(list_as("alice"), 0);
	replace_list("cat good.crl >ca.crl; sed 2q good.crl >>ca.crl"); /* cut off */
	CU_ASSERT_EQUAL(list_as("alice"), 0);
	replace_list("mv good.crl ca.crl");
	CU_ASSERT_EQUAL(list_as("alice"), 3);
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

/* --- the protocol below sessions -----------------------------------------------------------------
 */

static const struct err *count_vm(void *context, const struct msg_vm *vm)
{
	unsigned *seen = context;

	CU_ASSERT_STRING_NOT_EQUAL(vm->name, "bobs");
	CU_ASSERT_EQUAL(vm->flags & WIRE_VM_TAGGED, strcmp(vm->name, "image") ? WIRE_VM_TAGGED : 0);
	++*seen;
	return NULL;
}

TEST(serve, list_shows_what_is_allowed)
{
	unsigned seen = 0;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(link_list(&l, count_vm, &seen));
	CU_ASSERT_EQUAL(seen, 3);
	link_deinit(&l);
	world_stop(&world);
}

TEST(serve, requests_without_a_vm_are_refused)
{
	struct msg_info m = {{0}};
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(frame_send_info(&l.stream, 1, &m, stream_after_ms(1000)));
	check_says(link_receive(&l, 1, 1u << MSG_DONE, stream_after_ms(2000), &f), ERR_PEER,
		   "no VM is open");
	CU_ASSERT_EQUAL(l.refusal, WIRE_ERROR_BAD_REQUEST);
	link_deinit(&l);
	world_stop(&world);
}

TEST(serve, another_version_is_refused)
{
	const struct msg_hello m = {.version = WIRE_VERSION + 1};
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(frame_send_hello(&l.stream, 1, &m, stream_after_ms(1000)));
	check_says(link_receive(&l, 1, 1u << MSG_DONE, stream_after_ms(2000), &f), ERR_PEER,
		   "another version");
	CU_ASSERT_EQUAL(l.refusal, WIRE_ERROR_VERSION);
	link_deinit(&l);
	world_stop(&world);
}

TEST(serve, one_vm_per_connection)
{
	struct handshake h;
	struct msg_open m = {.vm = "tagged"};
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "");
	CHECK_OK(handshake_init(&h));
	memcpy(m.request, h.request, sizeof(m.request));
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(frame_send_open(&l.stream, 1, &m, stream_after_ms(1000)));
	CHECK_OK(link_receive(&l, 1, 1u << MSG_OPEN_REPLY, stream_after_ms(2000), &f));
	CHECK_OK(frame_send_open(&l.stream, 2, &m, stream_after_ms(1000)));
	check_says(link_receive(&l, 2, 1u << MSG_OPEN_REPLY, stream_after_ms(2000), &f), ERR_PEER,
		   "second OPEN");
	handshake_deinit(&h);
	link_deinit(&l);
	world_stop(&world);
}

TEST(serve, garbage_ends_the_connection_only)
{
	static const uint8_t garbage[] = {0xff, 0xff, 0xff, 0xff, 1, 0, 1, 0};
	struct session *s;
	struct frame f;
	struct link l;

	world_start(&world);
	struct target_config t = world_target(&world, "alice", "tagged");
	CHECK_OK(link_open(&l, &t));
	CHECK_OK(stream_write(&l.stream, garbage, sizeof(garbage), stream_after_ms(1000)));
	CHECK_ERR(link_receive(&l, 1, 1u << MSG_DONE, stream_after_ms(2000), &f), ERR_PEER);
	link_deinit(&l);
	CHECK_OK(session_open(&t, NULL, &s)); /* others are served on */
	session_close(s);
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
	CHECK_OK(session_open(&t, &p, &s));
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 4);
	session_close(s);
	CHECK_OK(session_open(&t, &p, &s));
	CU_ASSERT_EQUAL(session_counters(s).round_trips, 3);
	session_close(s);
	world_stop(&world);
}
