/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlinksock - netlink sockets. */
#ifndef TC_KOBJ_NETLINKSOCK_H
#define TC_KOBJ_NETLINKSOCK_H

#include "transcall/kobj/hashwalk.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/sock.h"

#define NETLINK_PROTOCOLS 32u /* MAX_LINKS */

/* Walk over the sockets of a network namespace, in the order of /proc/net/netlink. */
struct netlinksock_iter {
	struct hashwalk walk;
	gva_t net;
	gva_t table; /* struct bucket_table that is walked; null: none */
	unsigned protocol;
};
MUST_CHECK const struct err *netlinksock_iter_init(struct netlinksock_iter *it,
						   const struct kernel *k, gva_t net);
/* @ret->at null: the end. */
MUST_CHECK const struct err *netlinksock_iter_next(struct netlinksock_iter *it,
						   const struct kernel *k, struct sock_head *ret);

/* Walk over those of one protocol that joined groups; @ret null: the end. */
MUST_CHECK const struct err *netlinksock_groups_init(struct list_iter *it, const struct kernel *k,
						     unsigned protocol);
MUST_CHECK const struct err *netlinksock_groups_next(struct list_iter *it, const struct kernel *k,
						     struct sock_head *ret);

struct netlinksock {
	uint32_t portid, dst_portid, dst_group;
	uint32_t groups; /* the first 32 */
	bool dumping;
};
MUST_CHECK const struct err *netlinksock_read(const struct kernel *k, gva_t at,
					      struct netlinksock *ret);

#endif
