/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sock - what all sockets have: struct sock. */
#ifndef TC_KOBJ_SOCK_H
#define TC_KOBJ_SOCK_H

#include "transcall/kobj/kernel.h"

/* include/net/tcp_states.h: also of sockets other than TCP */
#define SOCK_STATE_ESTABLISHED  1
#define SOCK_STATE_TIME_WAIT    6
#define SOCK_STATE_LISTEN       10
#define SOCK_STATE_NEW_SYN_RECV 12

/* What a socket shares with its stand-ins (timewait and request sockets): struct sock_common. */
struct sock_head {
	gva_t at, net;
	uint16_t family;
	uint8_t state;
	uint32_t refcnt;
};
MUST_CHECK const struct err *sock_read_head(const struct kernel *k, gva_t at,
					    struct sock_head *ret);

struct ksock {
	struct sock_head head;
	gva_t socket; /* struct socket; null: no process has it open any more */
	uint16_t type, protocol;
	int32_t rmem, wmem; /* bytes queued */
	uint32_t drops;
	uint32_t uid; /* a kernel id */
	uint64_t ino; /* 0: none */
};
MUST_CHECK const struct err *sock_read(const struct kernel *k, gva_t at, struct ksock *ret);

/* Owner and inode number of a socket alone. */
MUST_CHECK const struct err *sock_owner(const struct kernel *k, gva_t at, uint32_t *ret_uid,
					uint64_t *ret_ino);

/* What only netlink tells of a socket; all of it is in full sockets alone, but for the cookie and
 * the device. */
struct sock_details {
	uint64_t cookie; /* 0: nobody has asked for it yet */
	uint32_t ifindex;
	uint8_t shutdown;
	bool v6only;
	uint32_t mark, max_backlog;
};
MUST_CHECK const struct err *sock_read_details(const struct kernel *k, const struct sock_head *head,
					       struct sock_details *ret);
/* Is it a struct sock, no stand-in for one? */
bool sock_is_full(const struct sock_head *head);

/* In the order of SK_MEMINFO_* (include/uapi/linux/sock_diag.h), which is ABI. */
enum sock_memory_kind {
	SOCK_RMEM,
	SOCK_RCVBUF,
	SOCK_WMEM,
	SOCK_SNDBUF,
	SOCK_FORWARD,
	SOCK_QUEUED,
	SOCK_OPTIONS,
	SOCK_BACKLOG,
	SOCK_DROPS,
	SOCK_MEMORY_KINDS
};
MUST_CHECK const struct err *sock_read_memory(const struct kernel *k, gva_t at,
					      uint32_t ret[static SOCK_MEMORY_KINDS]);

/* Time from now until @expires, 0 if past, in ms. */
MUST_CHECK const struct err *sock_ms_until(const struct kernel *k, uint64_t expires, uint32_t *ret);
/* A number of jiffies in the unit of /proc: 1/100 s. */
uint64_t sock_clock_ticks(const struct kernel *k, uint64_t jiffies);
/* Time from now until @expires, 0 if past, in the same unit. */
MUST_CHECK const struct err *sock_ticks_until(const struct kernel *k, uint64_t expires,
					      uint64_t *ret);

#endif
