/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inet - IPv4 and IPv6 sockets: their hash tables, addresses and ports. */
#ifndef TC_KOBJ_INET_H
#define TC_KOBJ_INET_H

#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/sock.h"

enum inet_table { INET_TCP, INET_UDP, INET_UDPLITE, INET_RAW, INET_RAW6, INET_PING };

/* Does this kernel have the table? */
bool inet_has_table(const struct kernel *k, enum inet_table table);

/* Walk over the sockets of a network namespace and address family, in the order of /proc/net. */
struct inet_iter {
	struct hashwalk walk;
	enum inet_table table;
	gva_t net;
	uint16_t family;  /* AF_INET, AF_INET6; raw tables hold one family each */
	bool established; /* TCP: after the listening sockets come the others */
};
MUST_CHECK const struct err *inet_iter_init(struct inet_iter *it, const struct kernel *k, gva_t net,
					    enum inet_table table, uint16_t family);

/**
 * inet_iter_next() - the next socket
 * @ret: out: ret->at is null at the end. May be a timewait or request socket: see the state
 *
 * it->walk.bucket is its bucket.
 */
MUST_CHECK const struct err *inet_iter_next(struct inet_iter *it, const struct kernel *k,
					    struct sock_head *ret);

/* Addresses as the kernel prints them: words of network order read as host order; ports in host
 * order. */
struct inet_ends {
	uint32_t local[4], remote[4]; /* IPv4: only [0] */
	uint16_t local_port, remote_port;
	uint16_t number; /* inet_num: the local port, or the protocol of a raw socket */
};
MUST_CHECK const struct err *inet_read_ends(const struct kernel *k, const struct sock_head *head,
					    struct inet_ends *ret);

#endif
