/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netproto - how many sockets and how much memory each protocol has: counts of /proc/net/sockstat.
 */
#ifndef TC_KOBJ_NETPROTO_H
#define TC_KOBJ_NETPROTO_H

#include "transcall/kobj/list.h"

/* Sockets in use: of all protocols; of the struct proto that symbol @proto names. */
MUST_CHECK const struct err *netproto_all_in_use(const struct kernel *k, gva_t net, int32_t *ret);
MUST_CHECK const struct err *netproto_in_use(const struct kernel *k, gva_t net,
					     enum symbol_id proto, int32_t *ret);

/* Pages of buffers of a protocol, in all namespaces. */
MUST_CHECK const struct err *netproto_memory(const struct kernel *k, enum symbol_id proto,
					     int64_t *ret);

struct netproto_tcp {
	int32_t orphans, timewait;
	uint64_t allocated;
};
MUST_CHECK const struct err *netproto_read_tcp(const struct kernel *k, gva_t net,
					       struct netproto_tcp *ret);

/* Fragments that wait for others: F_net_ipv4_fqdir or F_net_ipv6_fqdir. */
MUST_CHECK const struct err *netproto_fragments(const struct kernel *k, gva_t net,
						enum field_id fqdir, uint32_t *ret_queues,
						uint64_t *ret_bytes);

/* Walk over all protocols, newest first; @ret: a struct proto, null at the end. */
MUST_CHECK const struct err *netproto_iter_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *netproto_iter_next(struct list_iter *it, const struct kernel *k,
						gva_t *ret);

#define NETPROTO_NAME_BYTES 33 /* proto.name, and a NUL */
struct netproto {
	char name[NETPROTO_NAME_BYTES];
	uint32_t object_bytes, max_header;
	int32_t in_use;       /* sockets of the namespace */
	int64_t memory_pages; /* -1: not counted */
	enum { NETPROTO_UNKNOWN, NETPROTO_RELAXED, NETPROTO_PRESSED } pressure;
	bool has_slab;
	gva_t module; /* null: the kernel itself */
};
MUST_CHECK const struct err *netproto_read(const struct kernel *k, gva_t net, gva_t proto,
					   struct netproto *ret);

#endif
