/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6 sockets as ss asks for them (net/ipv4/inet_diag.c). Input: attacker-controlled. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/cgroup.h"
#include "transcall/kobj/inet.h"
#include "transcall/kobj/tcp.h"
#include "transcall/kobj/tcpinfo.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/view.h"

#define STATE_SYN_RECV 3
#define STATE_CLOSE    7
#define TIMER_REQUEST  1
#define TIMER_TIMEWAIT 3

/* One dump: which sockets are asked for, and the message being made. */
struct dump {
	struct proc_view *view;
	const struct kernel *k;
	struct inet_diag_req_v2 asked;
	enum inet_table table;
	struct nlmsg m;
};

/* A socket: what all messages begin with, and what not all have. */
struct shown {
	struct sock_head head;
	struct sock_details details;
	struct inet_diag_msg body;
	uint64_t forward_deficit; /* UDP: freed, not yet accounted for */
};

static bool wants(const struct dump *d, unsigned extension)
{
	return d->asked.idiag_ext & 1u << (extension - 1);
}

/* --- what a message begins with ------------------------------------------------------------- */

/* inet_diag_msg_common_fill() */
static const struct err *ends_fill(const struct dump *d, struct shown *s)
{
	unsigned words = s->head.family == AF_INET6 ? 4 : 1;
	struct inet_diag_sockid *id = &s->body.id;
	struct inet_ends ends;

	TRY(inet_read_ends(d->k, &s->head, &ends));
	TRY(sock_read_details(d->k, &s->head, &s->details));
	s->body.idiag_family = (uint8_t)s->head.family;
	s->body.idiag_state = s->head.state;
	id->idiag_sport = htons(ends.number);
	id->idiag_dport = htons(ends.remote_port);
	memcpy(id->idiag_src, ends.local, words * sizeof(uint32_t));
	memcpy(id->idiag_dst, ends.remote, words * sizeof(uint32_t));
	id->idiag_if = s->details.ifindex;
	id->idiag_cookie[0] = (uint32_t)s->details.cookie;
	id->idiag_cookie[1] = (uint32_t)(s->details.cookie >> 32);
	return NULL;
}

static const struct err *timewait_fill(const struct dump *d, struct shown *s)
{
	struct tcp_timewait t;

	TRY(tcp_read_timewait(d->k, s->head.at, &t));
	s->body.idiag_state = t.substate;
	s->body.idiag_timer = TIMER_TIMEWAIT;
	s->body.idiag_expires = t.timer_ms;
	return NULL;
}

static const struct err *request_fill(const struct dump *d, struct shown *s)
{
	struct tcp_request r;

	TRY(tcp_read_request(d->k, s->head.at, &r));
	s->body.idiag_state = STATE_SYN_RECV;
	s->body.idiag_timer = TIMER_REQUEST;
	s->body.idiag_retrans = (uint8_t)r.retransmits;
	s->body.idiag_expires = r.timer_ms;
	return NULL;
}

/* tcp_diag_get_info(), and the timer of inet_sk_diag_fill() */
static const struct err *tcp_fill(const struct dump *d, struct shown *s)
{
	bool listening = s->head.state == SOCK_STATE_LISTEN;
	struct tcp_state t;

	TRY(tcp_read(d->k, &s->head, &t));
	s->body.idiag_timer = (uint8_t)t.timer;
	if (t.timer)
		s->body.idiag_retrans = (uint8_t)(t.timer == 1 ? t.retransmits : t.probes);
	s->body.idiag_expires = t.timer_ms;
	s->body.idiag_rqueue = t.rx_queue;
	s->body.idiag_wqueue = listening ? s->details.max_backlog : t.tx_queue;
	return NULL;
}

/* udp_diag_get_info(), raw_diag_get_info() */
static const struct err *datagram_fill(const struct dump *d, struct shown *s,
				       const struct ksock *sock)
{
	if (d->table == INET_UDP)
		TRY(kfield_uint(d->k, s->head.at, F_udp_sock_forward_deficit, &s->forward_deficit));
	s->body.idiag_rqueue = (uint32_t)sock->rmem - (uint32_t)s->forward_deficit;
	s->body.idiag_wqueue = (uint32_t)sock->wmem;
	return NULL;
}

static const struct err *full_fill(const struct dump *d, struct shown *s)
{
	struct ksock sock;

	TRY(sock_read(d->k, s->head.at, &sock));
	TRY(reader_uid(d->view, sock.uid, &s->body.idiag_uid));
	s->body.idiag_inode = (uint32_t)sock.ino;
	return d->table == INET_TCP ? tcp_fill(d, s) : datagram_fill(d, s, &sock);
}

static const struct err *body_fill(const struct dump *d, struct shown *s)
{
	TRY(ends_fill(d, s));
	if (s->head.state == SOCK_STATE_TIME_WAIT && d->table == INET_TCP)
		return timewait_fill(d, s);
	if (s->head.state == SOCK_STATE_NEW_SYN_RECV)
		return request_fill(d, s);
	return full_fill(d, s);
}

/* --- attributes ------------------------------------------------------------------------------ */

/* ss looks the number up by open_by_handle_at() in the mount of control groups. */
static const struct err *cgroup_put(struct dump *d, const struct shown *s)
{
	uint64_t id;

	TRY(cgroup_of_socket(d->k, s->head.at, &id));
	nlmsg_attr(&d->m, INET_DIAG_CGROUP_ID, &id, sizeof(id));
	return NULL;
}

/* inet_diag_msg_attrs_fill() */
static const struct err *traits_put(struct dump *d, const struct shown *s)
{
	bool v6 = s->head.family == AF_INET6;
	uint64_t tos, tclass, priority;
	gva_t pinet6;

	nlmsg_attr_u8(&d->m, INET_DIAG_SHUTDOWN, s->details.shutdown);
	TRY(kfield_uint(d->k, s->head.at, F_inet_sock_tos, &tos));
	TRY(kfield_uint(d->k, s->head.at, F_sock_priority, &priority));
	if (wants(d, INET_DIAG_TOS))
		nlmsg_attr_u8(&d->m, INET_DIAG_TOS, (uint8_t)tos);
	if (v6 && wants(d, INET_DIAG_TCLASS)) {
		TRY(kfield_ptr(d->k, s->head.at, F_inet_sock_pinet6, &pinet6));
		TRY(kfield_uint(d->k, pinet6, F_ipv6_pinfo_tclass, &tclass));
		nlmsg_attr_u8(&d->m, INET_DIAG_TCLASS, (uint8_t)tclass);
	}
	if (v6 && (s->head.state == SOCK_STATE_LISTEN || s->head.state == STATE_CLOSE))
		nlmsg_attr_u8(&d->m, INET_DIAG_SKV6ONLY, s->details.v6only);
	nlmsg_attr_u32(&d->m, INET_DIAG_MARK, s->details.mark);
	if (wants(d, INET_DIAG_CLASS_ID) || wants(d, INET_DIAG_TCLASS))
		nlmsg_attr_u32(&d->m, INET_DIAG_CLASS_ID, (uint32_t)priority);
	return profile_has(d->k->profile, F_sock_cgroup) ? cgroup_put(d, s) : NULL;
}

static const struct err *memory_put(struct dump *d, const struct shown *s)
{
	uint32_t v[SOCK_MEMORY_KINDS];

	TRY(sock_read_memory(d->k, s->head.at, v));
	if (wants(d, INET_DIAG_MEMINFO)) {
		struct inet_diag_meminfo info = {.idiag_rmem = v[SOCK_RMEM],
						 .idiag_wmem = v[SOCK_QUEUED],
						 .idiag_fmem = v[SOCK_FORWARD],
						 .idiag_tmem = v[SOCK_WMEM]};

		nlmsg_attr(&d->m, INET_DIAG_MEMINFO, &info, sizeof(info));
	}
	if (wants(d, INET_DIAG_SKMEMINFO))
		nlmsg_attr(&d->m, INET_DIAG_SKMEMINFO, v, sizeof(v));
	return NULL;
}

static const struct err *connection_put(struct dump *d, const struct shown *s)
{
	char name[TCP_CONGESTION_BYTES];
	struct tcp_info info;
	size_t len;

	if (wants(d, INET_DIAG_INFO)) {
		TRY(tcpinfo_read(d->k, &s->head, &info, &len));
		nlmsg_attr(&d->m, INET_DIAG_INFO, &info, len);
	}
	if (wants(d, INET_DIAG_CONG)) {
		TRY(tcp_read_congestion(d->k, s->head.at, name));
		nlmsg_attr_text(&d->m, INET_DIAG_CONG, name);
	}
	return NULL;
}

/* A raw socket's protocol is whatever its process said. */
static const struct err *protocol_put(struct dump *d, const struct shown *s)
{
	uint64_t protocol;

	TRY(kfield_uint(d->k, s->head.at, F_sock_protocol, &protocol));
	nlmsg_attr_u8(&d->m, INET_DIAG_PROTOCOL, (uint8_t)protocol);
	return NULL;
}

static const struct err *sock_put(struct dump *d, const struct sock_head *head, FILE *out)
{
	struct shown s = {.head = *head};

	TRY(body_fill(d, &s));
	if (!(d->asked.idiag_states & 1u << (s.body.idiag_state & 31)) && d->table != INET_RAW &&
	    d->table != INET_RAW6)
		return NULL;
	nlmsg_begin(&d->m, SOCK_DIAG_BY_FAMILY, &s.body, sizeof(s.body));
	if (sock_is_full(head)) {
		TRY(traits_put(d, &s));
		TRY(memory_put(d, &s));
		if (d->table == INET_RAW || d->table == INET_RAW6)
			TRY(protocol_put(d, &s));
		if (d->table == INET_TCP)
			TRY(connection_put(d, &s));
	}
	return nlmsg_end(&d->m, out);
}

/* --- dumps ----------------------------------------------------------------------------------- */

static const struct err *table_dump(struct dump *d, gva_t net, FILE *out)
{
	struct sock_head head;
	struct inet_iter it;

	TRY(inet_iter_init(&it, d->k, net, d->table, d->asked.sdiag_family));
	for (;;) {
		long start = ftell(out);
		const struct err *e = inet_iter_next(&it, d->k, &head);

		if (!e && gva_is_null(head.at))
			return NULL;
		if (!e)
			e = sock_put(d, &head, out);
		TRY(view_pass_line(d->view, out, start, e));
	}
}

/* Which table has a protocol's sockets; false: this guest's kernel tells of none. */
static bool table_find(const struct kernel *k, unsigned protocol, uint8_t family,
		       enum inet_table *ret)
{
	switch (protocol) {
	case IPPROTO_TCP:
		*ret = INET_TCP;
		return true;
	case IPPROTO_UDP:
		*ret = INET_UDP;
		return true;
	case IPPROTO_UDPLITE:
		*ret = INET_UDPLITE;
		return inet_has_table(k, INET_UDPLITE);
	case IPPROTO_RAW:
		*ret = family == AF_INET6 ? INET_RAW6 : INET_RAW;
		return true;
	default:
		return false;
	}
}

/* The filter program of a request is not run: ss, which sends it, filters again by itself. */
const struct err *diag_inet(struct proc_view *view, const struct netlink_request *request,
			    uint8_t family, FILE *out, int *ret_errnum)
{
	struct dump d = {.view = view, .k = view->kernel};
	const uint8_t *wide;
	uint32_t protocol;
	size_t len;
	gva_t net;

	answer_body(request, &d.asked);
	d.asked.sdiag_family = family;
	protocol = d.asked.sdiag_protocol;
	wide = answer_attr(request, sizeof(d.asked), INET_DIAG_REQ_PROTOCOL, sizeof(protocol),
			   &len);
	if (wide)
		memcpy(&protocol, wide, sizeof(protocol));
	*ret_errnum = request->dump ? ENOENT : EOPNOTSUPP;
	if (!request->dump || !table_find(d.k, protocol, family, &d.table))
		return NULL;
	*ret_errnum = 0;
	TRY(answer_net(view, &net));
	return table_dump(&d, net, out);
}
