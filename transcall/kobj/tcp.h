/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp - the state of TCP sockets, and of the stand-ins for opening and closing connections. */
#ifndef TC_KOBJ_TCP_H
#define TC_KOBJ_TCP_H

#include "transcall/kobj/sock.h"

/* Columns of /proc/net/tcp; times in 1/100 s. */
struct tcp_state {
	uint32_t tx_queue, rx_queue;
	unsigned timer; /* 0 none, 1 retransmit, 2 keepalive, 3 timewait, 4 zero window probe */
	uint64_t timer_ticks;
	uint32_t timer_ms; /* the same time */
	uint32_t retransmits, probes;
	/* only of full sockets */
	uint64_t rto_ticks, ato_ticks;
	uint32_t quick_pingpong, snd_cwnd;
	int32_t ssthresh; /* of a listening socket: the longest fast open queue */
};
MUST_CHECK const struct err *tcp_read(const struct kernel *k, const struct sock_head *head,
				      struct tcp_state *ret);

/* A connection that is closing (TIME_WAIT). */
struct tcp_timewait {
	uint64_t timer_ticks;
	uint32_t timer_ms; /* the same time */
	uint8_t substate;
};
MUST_CHECK const struct err *tcp_read_timewait(const struct kernel *k, gva_t at,
					       struct tcp_timewait *ret);

/* A connection that is opening (NEW_SYN_RECV). */
struct tcp_request {
	uint64_t timer_ticks;
	uint32_t timer_ms; /* the same time */
	uint32_t timeouts, retransmits;
	uint32_t uid; /* of the listener; a kernel id */
};
MUST_CHECK const struct err *tcp_read_request(const struct kernel *k, gva_t at,
					      struct tcp_request *ret);

/* Name of a socket's congestion control. */
#define TCP_CONGESTION_BYTES 17 /* TCP_CA_NAME_MAX, and a NUL */
MUST_CHECK const struct err *tcp_read_congestion(const struct kernel *k, gva_t at,
						 char ret[static TCP_CONGESTION_BYTES]);

#endif
