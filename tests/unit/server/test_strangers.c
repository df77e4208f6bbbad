/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom remotetransd does not know, or not any more: all of them get the same answers. */
#include "remotetrans/wire/frame.h"
#include "tests/lib/unit.h"
#include "tests/unit/server/world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct world world;

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

TEST(strangers, every_refusal_is_the_same)
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

TEST(strangers, a_list_of_revoked_ones_acts_at_once_and_fails_closed)
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
