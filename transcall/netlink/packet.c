/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Framing of netlink messages, as af_netlink.c does it. Input: the tool's requests. */
#include "transcall/netlink/packet.h"

#include <string.h>

/* The C library reads interfaces into one page; nothing longer than this unless a single message
 * is. */
#define PACKET_BYTES 4096

bool packet_next(const uint8_t *packet, size_t len_bytes, size_t *at, struct request *ret)
{
	while (*at < len_bytes && len_bytes - *at >= sizeof(ret->header)) {
		const uint8_t *start = packet + *at;

		memcpy(&ret->header, start, sizeof(ret->header));
		if (ret->header.nlmsg_len < sizeof(ret->header) ||
		    ret->header.nlmsg_len > len_bytes - *at)
			return false;
		*at += NLMSG_ALIGN((size_t)ret->header.nlmsg_len);
		ret->body = start + sizeof(ret->header);
		ret->len_bytes = ret->header.nlmsg_len - sizeof(ret->header);
		if (ret->header.nlmsg_flags & NLM_F_REQUEST &&
		    ret->header.nlmsg_type >= NLMSG_MIN_TYPE)
			return true;
	}
	return false;
}

bool request_is_dump(const struct request *request)
{
	return request->header.nlmsg_flags & NLM_F_DUMP;
}

static void message_write(FILE *out, const struct request *request, uint32_t portid, uint16_t type,
			  uint16_t flags, const void *body, size_t len_bytes)
{
	static const uint8_t padding[NLMSG_ALIGNTO];
	struct nlmsghdr header = {
		.nlmsg_len = (uint32_t)(sizeof(header) + len_bytes),
		.nlmsg_type = type,
		.nlmsg_flags = flags,
		.nlmsg_seq = request->header.nlmsg_seq,
		.nlmsg_pid = portid,
	};

	fwrite(&header, 1, sizeof(header), out);
	fwrite(body, 1, len_bytes, out);
	fwrite(padding, 1, NLMSG_ALIGN(len_bytes) - len_bytes, out);
}

/* netlink_ack() */
static void verdict_write(FILE *out, const struct request *request, uint32_t portid, int errnum)
{
	uint8_t body[sizeof(struct nlmsgerr)];
	struct nlmsgerr verdict = {.error = -errnum, .msg = request->header};

	memcpy(body, &verdict, sizeof(body));
	message_write(out, request, portid, NLMSG_ERROR, NLM_F_CAPPED, body, sizeof(body));
}

static void headers_complete(const struct request *request, uint32_t portid, uint8_t *text,
			     size_t len_bytes)
{
	for (size_t at = 0; len_bytes - at >= sizeof(struct nlmsghdr);) {
		struct nlmsghdr header;

		memcpy(&header, text + at, sizeof(header));
		header.nlmsg_flags |= request_is_dump(request) ? NLM_F_MULTI : 0;
		header.nlmsg_seq = request->header.nlmsg_seq;
		header.nlmsg_pid = portid;
		memcpy(text + at, &header, sizeof(header));
		at += NLMSG_ALIGN((size_t)header.nlmsg_len);
	}
}

void packet_reply(FILE *out, const struct request *request, uint32_t portid, uint8_t *text,
		  size_t len_bytes, int errnum)
{
	static const int32_t success;

	if (errnum) {
		verdict_write(out, request, portid, errnum);
		return;
	}
	headers_complete(request, portid, text, len_bytes);
	fwrite(text, 1, len_bytes, out);
	if (request_is_dump(request))
		message_write(out, request, portid, NLMSG_DONE, NLM_F_MULTI, &success,
			      sizeof(success));
	else if (request->header.nlmsg_flags & NLM_F_ACK)
		verdict_write(out, request, portid, 0);
}

size_t packet_cut(const uint8_t *messages, size_t len_bytes)
{
	size_t taken = 0;

	while (taken < len_bytes) {
		struct nlmsghdr header;
		size_t next;

		memcpy(&header, messages + taken, sizeof(header));
		next = NLMSG_ALIGN(header.nlmsg_len);
		if (taken > 0 && taken + next > PACKET_BYTES)
			break;
		taken += next;
	}
	return taken;
}
