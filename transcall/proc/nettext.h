/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nettext - parts that the lines of /proc/PID/net share. */
#ifndef TC_PROC_NETTEXT_H
#define TC_PROC_NETTEXT_H

#include "transcall/kobj/inet.h"
#include "transcall/kobj/ptrhash.h"
#include "transcall/proc/tree.h"

#define NETTEXT_HEADER_6                                                                           \
	"  sl  local_address                         remote_address                        "       \
	"st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"

/* The network namespace that a node's process is in. */
MUST_CHECK const struct err *nettext_net(struct proc_view *view, const struct proc_node *node,
					 gva_t *ret);

/* "LOCAL:PORT REMOTE:PORT" as IPv4 (8 digits) or IPv6 (32 digits). */
#define NETTEXT_ENDS_BYTES 80
void nettext_ends(const struct inet_ends *ends, uint16_t family,
		  char ret[static NETTEXT_ENDS_BYTES]);

/* Bytes as the kernel prints addresses without separators (%pi6, %*phN). */
void nettext_hex(const uint8_t *bytes, size_t len_bytes, FILE *out);

#endif
