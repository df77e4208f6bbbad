/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet - AF_PACKET sockets.
 *
 * Their structure is a module's, so that the kernel image does not describe it. What a socket
 * captures is read from its protocol hook (struct packet_type) instead, which the network core has
 * in its lists while the socket runs.
 */
#ifndef TC_KOBJ_PACKET_H
#define TC_KOBJ_PACKET_H

#include "transcall/kobj/list.h"
#include "transcall/kobj/sock.h"

/* Walk over the sockets of a network namespace, in the order of /proc/net/packet. */
struct packet_iter {
	struct list_iter list;
	gva_t net;
	uint64_t hook_offset; /* of a socket's hook from its beginning; 0: not known yet */
};
MUST_CHECK const struct err *packet_iter_init(struct packet_iter *it, const struct kernel *k,
					      gva_t net);
/* @ret: address of the struct sock; null at the end. */
MUST_CHECK const struct err *packet_iter_next(struct packet_iter *it, const struct kernel *k,
					      gva_t *ret);

struct packet_hook {
	uint16_t protocol; /* in host order */
	int32_t ifindex;   /* 0: all devices */
	bool running;
};

/**
 * packet_read_hook() - what a socket of @it captures
 *
 * Return: NULL; ABSENT: the socket does not run, and no other one tells where its hook lies; RACE;
 * FAULT; fatal.
 */
MUST_CHECK const struct err *packet_read_hook(struct packet_iter *it, const struct kernel *k,
					      gva_t sock, struct packet_hook *ret);

#endif
