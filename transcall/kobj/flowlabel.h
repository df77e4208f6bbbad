/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flowlabel - IPv6 flow labels that sockets have asked for (net/ipv6/ip6_flowlabel.c). */
#ifndef TC_KOBJ_FLOWLABEL_H
#define TC_KOBJ_FLOWLABEL_H

#include "transcall/kobj/hashwalk.h"

enum flowlabel_share { FLOWLABEL_PROCESS = 2, FLOWLABEL_USER = 3 }; /* IPV6_FL_S_* */

struct flowlabel {
	gva_t at;       /* null: the end of a walk */
	uint32_t label; /* in network order, as memory has it */
	uint8_t share;  /* whose it is; also other values than those above */
	gva_t pid;      /* struct pid, of FLOWLABEL_PROCESS */
	uint32_t uid;   /* a kernel id, of FLOWLABEL_USER */
	int32_t users;
	uint64_t linger;  /* jiffies */
	uint64_t expires; /* jiffies: a moment */
	uint8_t destination[16];
	uint16_t option_bytes;
};

/* Walk over those of all network namespaces; flowlabel_next() passes over others' than @net. */
MUST_CHECK const struct err *flowlabel_init(struct hashwalk *it, const struct kernel *k);
MUST_CHECK const struct err *flowlabel_next(struct hashwalk *it, const struct kernel *k, gva_t net,
					    struct flowlabel *ret);

#endif
