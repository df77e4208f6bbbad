/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packet - the requests in what the tool sent, and the messages that answer one. */
#ifndef TC_NETLINK_PACKET_H
#define TC_NETLINK_PACKET_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One request; it borrows the packet's bytes. */
struct request {
	struct nlmsghdr header;
	const uint8_t *body;
	size_t len_bytes;
};

/* The next request of @packet from *@at on; false: there is none, or what is there is malformed. */
bool packet_next(const uint8_t *packet, size_t len_bytes, size_t *at, struct request *ret);

/* Does it ask for all objects? */
bool request_is_dump(const struct request *request);

/**
 * packet_reply() - append all that answers @request
 * @text:   whole messages, whose headers are completed
 * @errnum: 0, or what there is instead of them
 */
void packet_reply(FILE *out, const struct request *request, uint32_t portid, uint8_t *text,
		  size_t len_bytes, int errnum);

/* Length of the first packet of an answer: as many whole messages as fit, one at least. */
size_t packet_cut(const uint8_t *messages, size_t len_bytes);

#endif
