/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ends - the tool's netlink sockets, and our ends of them; and what else the tool reads in packets.
 *
 * A netlink socket of the tool is one end of an AF_UNIX SOCK_SEQPACKET pair, so sending and
 * receiving are its kernel's own. Our end is bound to a name that looks like the address of the
 * kernel's netlink socket (struct sockaddr_nl with port 0), which is what the tool gets as the
 * sender.
 */
#ifndef TC_NETLINK_ENDS_H
#define TC_NETLINK_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "remotetrans/base/err.h"

#define ENDS_MAX      256
#define REQUEST_BYTES 32768 /* of one packet of the tool */

/* Length of the first packet of @bytes; at least 1. */
typedef size_t (*ends_packet)(const uint8_t *bytes, size_t len);

struct end {
	int fd;       /* ours; -1: the slot is free */
	ino_t tool;   /* inode number of the tool's end */
	int protocol; /* NETLINK_* */
	uint32_t portid;
	uint8_t *out; /* owned: what is still to be sent, whole messages; NULL: nothing */
	size_t out_len, out_sent;
	ends_packet packet;
	bool feeds; /* closed when all is sent */
};

struct ends {
	int events; /* epoll over all of them: readable when one needs ends_next() */
	struct end slots[ENDS_MAX];
};

MUST_CHECK const struct err *ends_init(struct ends *ends);
void ends_deinit(struct ends *ends);

/**
 * ends_open() - make a pair
 * @type:     SOCK_CLOEXEC and SOCK_NONBLOCK count
 * @ret_fd:   out: the tool's end; owned by the caller
 *
 * Return: 0, or the errno of the tool's socket().
 */
int ends_open(struct ends *ends, int protocol, int type, uint32_t portid, int *ret_fd);

/**
 * ends_feed() - a descriptor from which the tool reads @bytes, packet by packet, and then the end
 * @bytes:  owned by @ends from now on, on error too
 * @ret_fd: out: the tool's end; owned by the caller
 *
 * Reading waits for what we have not sent yet: no file status of the tool's makes it fail.
 * Return: 0, or an errno.
 */
int ends_feed(struct ends *ends, ends_packet packet, uint8_t *bytes, size_t len, int *ret_fd);

/* The socket whose tool's end has inode number @tool; NULL: none. */
struct end *ends_find(struct ends *ends, ino_t tool);

/**
 * ends_next() - go on with one socket that needs it: send what waits, else receive
 * @packet: out: what the tool sent
 *
 * Return: whose it is; NULL: nothing was received.
 */
struct end *ends_next(struct ends *ends, uint8_t packet[static REQUEST_BYTES], size_t *ret_len);

/* Send whole messages, all of them in the end; @bytes: owned by @e from now on. */
void ends_send(struct ends *ends, struct end *e, uint8_t *bytes, size_t len);

#endif
