/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP sockets. Input: attacker-controlled. */
#include "transcall/kobj/tcp.h"

/* ICSK_TIME_* (include/net/inet_connection_sock.h) */
#define PENDING_RETRANS     1
#define PENDING_PROBE0      3
#define PENDING_LOSS_PROBE  5
#define PENDING_REO_TIMEOUT 6
#define INFINITE_SSTHRESH   0x7fffffffu /* TCP_INFINITE_SSTHRESH */

/* tcp_timeout_expires() */
static const struct err *retransmit_expires(const struct kernel *k, const struct kobject_copy *o,
					    uint64_t *ret)
{
	if (profile_has(k->profile, F_sock_retransmit_expires))
		return kobject_uint(o, k, F_sock_retransmit_expires, ret);
	return kobject_uint(o, k, F_icsk_timeout, ret);
}

static const struct err *keepalive_read(const struct kernel *k, const struct kobject_copy *o,
					gva_t *ret_pprev, uint64_t *ret_expires)
{
	bool own = profile_has(k->profile, F_icsk_keepalive_pprev);

	TRY(kobject_ptr(o, k, own ? F_icsk_keepalive_pprev : F_sock_timer_pprev, ret_pprev));
	return kobject_uint(o, k, own ? F_icsk_keepalive_expires : F_sock_timer_expires,
			    ret_expires);
}

static const struct err *timer_read(const struct kernel *k, const struct kobject_copy *o,
				    struct tcp_state *ret)
{
	uint64_t pending, expires;
	gva_t pprev;

	TRY(kobject_uint(o, k, F_icsk_pending, &pending));
	TRY(keepalive_read(k, o, &pprev, &expires));
	if (pending == PENDING_RETRANS || pending == PENDING_REO_TIMEOUT ||
	    pending == PENDING_LOSS_PROBE)
		ret->timer = 1;
	else if (pending == PENDING_PROBE0)
		ret->timer = 4;
	else
		ret->timer = gva_is_null(pprev) ? 0 : 2;
	if (ret->timer == 0)
		return NULL;
	if (ret->timer != 2)
		TRY(retransmit_expires(k, o, &expires));
	TRY(sock_ms_until(k, expires, &ret->timer_ms));
	return sock_ticks_until(k, expires, &ret->timer_ticks);
}

static const struct err *queues_read(const struct kernel *k, const struct kobject_copy *o,
				     bool listening, struct tcp_state *ret)
{
	uint64_t write_seq, snd_una, rcv_nxt, copied_seq, backlog;

	TRY(kobject_uint(o, k, F_tcp_sock_write_seq, &write_seq));
	TRY(kobject_uint(o, k, F_tcp_sock_snd_una, &snd_una));
	TRY(kobject_uint(o, k, F_tcp_sock_rcv_nxt, &rcv_nxt));
	TRY(kobject_uint(o, k, F_tcp_sock_copied_seq, &copied_seq));
	TRY(kobject_uint(o, k, F_sock_ack_backlog, &backlog));
	ret->tx_queue = (uint32_t)(write_seq - snd_una);
	ret->rx_queue = (uint32_t)(rcv_nxt - copied_seq);
	if ((int32_t)ret->rx_queue < 0)
		ret->rx_queue = 0;
	if (listening)
		ret->rx_queue = (uint32_t)backlog;
	return NULL;
}

static const struct err *ack_read(const struct kernel *k, const struct kobject_copy *o, gva_t net,
				  struct tcp_state *ret)
{
	uint64_t rto, ato, quick, pingpong, threshold = 1;

	TRY(kobject_uint(o, k, F_icsk_rto, &rto));
	TRY(kobject_uint(o, k, F_icsk_ack_ato, &ato));
	TRY(kobject_uint(o, k, F_icsk_ack_quick, &quick));
	TRY(kobject_uint(o, k, F_icsk_ack_pingpong, &pingpong));
	if (profile_has(k->profile, F_net_pingpong_thresh))
		TRY(kfield_uint(k, net, F_net_pingpong_thresh, &threshold));
	ret->rto_ticks = sock_clock_ticks(k, rto);
	ret->ato_ticks = sock_clock_ticks(k, ato);
	ret->quick_pingpong = (uint32_t)(quick << 1) | (pingpong >= threshold);
	return NULL;
}

static const struct err *window_read(const struct kernel *k, const struct kobject_copy *o,
				     bool listening, struct tcp_state *ret)
{
	uint64_t retransmits, probes, cwnd, ssthresh, max_qlen;

	TRY(kobject_uint(o, k, F_icsk_retransmits, &retransmits));
	TRY(kobject_uint(o, k, F_icsk_probes_out, &probes));
	TRY(kobject_uint(o, k, F_tcp_sock_snd_cwnd, &cwnd));
	TRY(kobject_uint(o, k, F_tcp_sock_snd_ssthresh, &ssthresh));
	TRY(kobject_uint(o, k, F_icsk_fastopen_max_qlen, &max_qlen));
	ret->retransmits = (uint32_t)retransmits;
	ret->probes = (uint32_t)probes;
	ret->snd_cwnd = (uint32_t)cwnd;
	ret->ssthresh = ssthresh >= INFINITE_SSTHRESH ? -1 : (int32_t)ssthresh;
	if (listening)
		ret->ssthresh = (int32_t)max_qlen;
	return NULL;
}

const struct err *tcp_read(const struct kernel *k, const struct sock_head *head,
			   struct tcp_state *ret)
{
	bool listening = head->state == SOCK_STATE_LISTEN;
	struct kobject_copy o;

	*ret = (struct tcp_state){0};
	TRY(kobject_init(&o, k, head->at, SIZE_tcp_sock));
	TRY(timer_read(k, &o, ret));
	TRY(queues_read(k, &o, listening, ret));
	TRY(ack_read(k, &o, head->net, ret));
	return window_read(k, &o, listening, ret);
}

const struct err *tcp_read_timewait(const struct kernel *k, gva_t at, struct tcp_timewait *ret)
{
	uint64_t expires, substate;

	TRY(kfield_uint(k, at, F_timewait_expires, &expires));
	TRY(kfield_uint(k, at, F_timewait_substate, &substate));
	ret->substate = (uint8_t)substate;
	TRY(sock_ms_until(k, expires, &ret->timer_ms));
	return sock_ticks_until(k, expires, &ret->timer_ticks);
}

const struct err *tcp_read_request(const struct kernel *k, gva_t at, struct tcp_request *ret)
{
	uint64_t expires, timeouts, retransmits, ino;
	gva_t listener;

	TRY(kfield_uint(k, at, F_request_expires, &expires));
	TRY(kfield_uint(k, at, F_request_num_timeout, &timeouts));
	TRY(kfield_uint(k, at, F_request_num_retrans, &retransmits));
	TRY(kfield_ptr(k, at, F_request_listener, &listener));
	ret->timeouts = (uint32_t)timeouts;
	ret->retransmits = (uint32_t)retransmits;
	TRY(sock_owner(k, listener, &ret->uid, &ino));
	TRY(sock_ms_until(k, expires, &ret->timer_ms));
	return sock_ticks_until(k, expires, &ret->timer_ticks);
}

const struct err *tcp_read_congestion(const struct kernel *k, gva_t at,
				      char ret[static TCP_CONGESTION_BYTES])
{
	gva_t ops;

	ret[0] = '\0';
	TRY(kfield_ptr(k, at, F_icsk_ca_ops, &ops));
	return gva_is_null(ops)
		       ? NULL
		       : kfield_str(k, ops, F_tcp_congestion_ops_name, ret, TCP_CONGESTION_BYTES);
}
