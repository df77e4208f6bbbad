/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unixsock - AF_UNIX sockets. */
#ifndef TC_KOBJ_UNIXSOCK_H
#define TC_KOBJ_UNIXSOCK_H

#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/sock.h"

#define UNIXSOCK_NAME_BYTES 109 /* sun_path, and a NUL */

/* Walk over the sockets of a network namespace, in the order of /proc/net/unix. */
struct unixsock_iter {
	struct hashwalk walk;
	gva_t net;
};
MUST_CHECK const struct err *unixsock_iter_init(struct unixsock_iter *it, const struct kernel *k,
						gva_t net);
/* @ret->at null: the end. */
MUST_CHECK const struct err *unixsock_iter_next(struct unixsock_iter *it, const struct kernel *k,
						struct sock_head *ret);

/* The name a socket is bound to. */
struct unixsock_name {
	bool bound, abstract;
	unsigned len; /* without the leading NUL of an abstract name, the closing one of a path */
	uint8_t bytes[UNIXSOCK_NAME_BYTES]; /* any */
};
MUST_CHECK const struct err *unixsock_read_name(const struct kernel *k, gva_t at,
						struct unixsock_name *ret);

/* File descriptors in flight to this socket. */
MUST_CHECK const struct err *unixsock_fds_in_flight(const struct kernel *k, gva_t at,
						    uint32_t *ret);

/* Where a socket that is bound to a path lies: inode and device number; false: it has no path. */
MUST_CHECK const struct err *unixsock_read_file(const struct kernel *k, gva_t at, uint32_t *ret_ino,
						uint32_t *ret_dev, bool *ret);

/* The socket that it is connected to; null: none. */
MUST_CHECK const struct err *unixsock_read_peer(const struct kernel *k, gva_t at, gva_t *ret);

/* What can be read from it at once (SIOCINQ); @type: SOCK_*. */
MUST_CHECK const struct err *unixsock_read_queue(const struct kernel *k, gva_t at, uint16_t type,
						 uint32_t *ret_bytes);

/* How many connections wait to be accepted. */
MUST_CHECK const struct err *unixsock_read_backlog(const struct kernel *k, gva_t at, uint32_t *ret);
/**
 * unixsock_read_waiting() - and whose they are
 * @ret: out: inode numbers, 0 for a socket that is gone
 * @max: of them; the rest is left out
 */
MUST_CHECK const struct err *unixsock_read_waiting(const struct kernel *k, gva_t at, uint32_t *ret,
						   unsigned max, unsigned *ret_count);

#endif
