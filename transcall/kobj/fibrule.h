/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fibrule - rules that say which table of routes counts for a packet. */
#ifndef TC_KOBJ_FIBRULE_H
#define TC_KOBJ_FIBRULE_H

#include "transcall/kobj/list.h"

#define FIBRULE_NAME_BYTES 17 /* IFNAMSIZ, and a NUL */

struct fibrule {
	int32_t iif_index, oif_index; /* -1: the device is not there */
	uint32_t mark, mark_mask, flags, table, target, priority;
	uint32_t suppress_group, suppress_prefix_len; /* UINT32_MAX: none */
	uint8_t action, l3mdev, protocol, ip_protocol;
	uint64_t tunnel;
	char iif[FIBRULE_NAME_BYTES], oif[FIBRULE_NAME_BYTES];
	uint32_t uids[2]; /* from, to; UINT32_MAX: any */
	uint16_t source_ports[2], target_ports[2];
	uint8_t dst_len, src_len, tos;
	uint8_t dst[16], src[16];
};

/* Walk over the rules of AF_INET or AF_INET6, in the order in which they are tried. */
MUST_CHECK const struct err *fibrule_iter_init(struct list_iter *it, const struct kernel *k,
					       gva_t net, uint16_t family);
MUST_CHECK const struct err *fibrule_iter_next(struct list_iter *it, const struct kernel *k,
					       uint16_t family, struct fibrule *ret, bool *ret_end);

#endif
