/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/netlink/packet.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/unit.h"

static _Alignas(4) uint8_t packet[256];
static size_t packet_bytes;

/* Append a request with @body_bytes of body. */
static void add(uint16_t type, uint16_t flags, uint32_t body_bytes)
{
	struct nlmsghdr h = {.nlmsg_len = (uint32_t)sizeof(h) + body_bytes,
			     .nlmsg_type = type,
			     .nlmsg_flags = flags,
			     .nlmsg_seq = 77};

	memcpy(packet + packet_bytes, &h, sizeof(h));
	packet_bytes += NLMSG_ALIGN(h.nlmsg_len);
}

static void claim_len(size_t at, uint32_t len)
{
	memcpy(packet + at, &len, sizeof(len));
}

TEST(packet, requests_come_one_after_the_other)
{
	struct request r;
	size_t at = 0;

	packet_bytes = 0;
	add(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1);
	add(NLMSG_NOOP, NLM_F_REQUEST, 0);
	add(RTM_GETLINK, 0, 0); /* asks for nothing */
	add(RTM_GETADDR, NLM_F_REQUEST, 8);
	CU_ASSERT_TRUE(packet_next(packet, packet_bytes, &at, &r));
	CU_ASSERT_EQUAL(r.header.nlmsg_type, RTM_GETLINK);
	CU_ASSERT_EQUAL(r.len_bytes, 1);
	CU_ASSERT_TRUE(request_is_dump(&r));
	CU_ASSERT_TRUE(packet_next(packet, packet_bytes, &at, &r));
	CU_ASSERT_EQUAL(r.header.nlmsg_type, RTM_GETADDR);
	CU_ASSERT_FALSE(request_is_dump(&r));
	CU_ASSERT_FALSE(packet_next(packet, packet_bytes, &at, &r));
}

TEST(packet, lengths_that_cannot_be_end_it)
{
	static const uint32_t lens[] = {0, 15, 25, UINT32_MAX};
	struct request r;

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		size_t at = 0;

		packet_bytes = 0;
		add(RTM_GETLINK, NLM_F_REQUEST, 8);
		claim_len(0, lens[i]);
		CU_ASSERT_FALSE(packet_next(packet, packet_bytes, &at, &r));
	}
	for (size_t len = 0; len < 24; len++) {
		size_t at = 0;

		claim_len(0, 24);
		CU_ASSERT_FALSE(packet_next(packet, len, &at, &r));
	}
}

/* What is sent for a request, of one message of @text_bytes; the caller frees it. */
static uint8_t *reply(uint16_t flags, size_t text_bytes, int errnum, size_t *ret_len)
{
	uint8_t text[64] = {0};
	struct nlmsghdr h = {.nlmsg_len = (uint32_t)text_bytes, .nlmsg_type = RTM_NEWLINK};
	struct request r;
	size_t at = 0;
	char *out;
	FILE *file = open_memstream(&out, ret_len);

	packet_bytes = 0;
	add(RTM_GETLINK, flags, 0);
	CU_ASSERT_TRUE_FATAL(packet_next(packet, packet_bytes, &at, &r));
	memcpy(text, &h, sizeof(h));
	packet_reply(file, &r, 4321, text, text_bytes, errnum);
	fclose(file);
	return (uint8_t *)out;
}

static struct nlmsghdr header_at(const uint8_t *bytes, size_t at)
{
	struct nlmsghdr h;

	memcpy(&h, bytes + at, sizeof(h));
	return h;
}

TEST(packet, dumps_end_with_done)
{
	size_t len;
	uint8_t *out = reply(NLM_F_REQUEST | NLM_F_DUMP, 32, 0, &len);
	struct nlmsghdr first = header_at(out, 0), last = header_at(out, 32);

	CU_ASSERT_EQUAL(len, 32 + 20);
	CU_ASSERT_EQUAL(first.nlmsg_type, RTM_NEWLINK);
	CU_ASSERT_EQUAL(first.nlmsg_flags, NLM_F_MULTI);
	CU_ASSERT_EQUAL(first.nlmsg_seq, 77);
	CU_ASSERT_EQUAL(first.nlmsg_pid, 4321);
	CU_ASSERT_EQUAL(last.nlmsg_type, NLMSG_DONE);
	CU_ASSERT_EQUAL(last.nlmsg_seq, 77);
	free(out);
}

TEST(packet, errors_stand_for_all_the_rest)
{
	size_t len;
	uint8_t *out = reply(NLM_F_REQUEST | NLM_F_DUMP, 32, EPERM, &len);
	int32_t errnum;

	CU_ASSERT_EQUAL(header_at(out, 0).nlmsg_type, NLMSG_ERROR);
	CU_ASSERT_EQUAL(header_at(out, 0).nlmsg_len, len);
	memcpy(&errnum, out + NLMSG_HDRLEN, sizeof(errnum));
	CU_ASSERT_EQUAL(errnum, -EPERM);
	free(out);
}

TEST(packet, one_object_is_acknowledged_when_asked)
{
	size_t len;
	uint8_t *out = reply(NLM_F_REQUEST, 16, 0, &len);

	CU_ASSERT_EQUAL(len, 16);
	CU_ASSERT_EQUAL(header_at(out, 0).nlmsg_flags, 0);
	free(out);
	out = reply(NLM_F_REQUEST | NLM_F_ACK, 16, 0, &len);
	CU_ASSERT_EQUAL(header_at(out, 16).nlmsg_type, NLMSG_ERROR);
	free(out);
}
