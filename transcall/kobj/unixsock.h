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

#endif
