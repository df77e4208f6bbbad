/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netproto - how many sockets and how much memory each protocol has: counts of /proc/net/sockstat.
 */
#ifndef TC_KOBJ_NETPROTO_H
#define TC_KOBJ_NETPROTO_H

#include "transcall/kobj/kernel.h"

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

#endif
