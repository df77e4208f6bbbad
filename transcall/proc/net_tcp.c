/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/tcp and tcp6. Input: attacker-controlled. */
#include <inttypes.h>
#include <sys/socket.h>

#include "transcall/kobj/tcp.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define LINE_BYTES 320
#define TCP4_WIDTH 149 /* lines of tcp, not of tcp6, are padded (TMPSZ, net/ipv4/tcp_ipv4.c) */
#define TCP4_HEADER                                                                                \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "      \
	"timeout inode"
#define STATE_SYN_RECV 3

/* What all lines begin with. */
struct line {
	unsigned index;
	char ends[NETTEXT_ENDS_BYTES];
	char pointer[PTRHASH_TEXT_BYTES];
};

static const struct err *timewait_format(struct proc_view *view, const struct sock_head *head,
					 const struct line *l, char ret[static LINE_BYTES])
{
	struct tcp_timewait t;

	TRY(tcp_read_timewait(view->kernel, head->at, &t));
	snprintf(ret, LINE_BYTES,
		 "%4u: %s %02X %08X:%08X %02X:%08" PRIX64 " %08X %5d %8d %d %" PRId32 " %s",
		 l->index, l->ends, t.substate, 0, 0, 3, t.timer_ticks, 0, 0, 0, 0, (int32_t)head->refcnt,
		 l->pointer);
	return NULL;
}

static const struct err *request_format(struct proc_view *view, const struct sock_head *head,
					const struct line *l, char ret[static LINE_BYTES])
{
	struct tcp_request request;

	TRY(tcp_read_request(view->kernel, head->at, &request));
	TRY(reader_uid(view, request.uid, &request.uid));
	snprintf(ret, LINE_BYTES,
		 "%4u: %s %02X %08X:%08X %02X:%08" PRIX64 " %08X %5" PRIu32 " %8d %d %d %s",
		 l->index, l->ends, STATE_SYN_RECV, 0, 0, 1, request.timer_ticks, request.timeouts,
		 request.uid, 0, 0, 0, l->pointer);
	return NULL;
}

static const struct err *full_format(struct proc_view *view, const struct sock_head *head,
				     const struct line *l, char ret[static LINE_BYTES])
{
	struct tcp_state t;
	uint32_t uid;
	uint64_t ino;

	TRY(tcp_read(view->kernel, head, &t));
	TRY(sock_owner(view->kernel, head->at, &uid, &ino));
	TRY(reader_uid(view, uid, &uid));
	snprintf(ret, LINE_BYTES,
		 "%4u: %s %02X %08X:%08X %02X:%08" PRIX64 " %08X %5" PRIu32 " %8" PRId32 " %" PRIu64
		 " %" PRId32 " %s %" PRIu64 " %" PRIu64 " %" PRIu32 " %" PRIu32 " %" PRId32,
		 l->index, l->ends, head->state, t.tx_queue, t.rx_queue, t.timer, t.timer_ticks,
		 t.retransmits, uid, (int32_t)t.probes, ino, (int32_t)head->refcnt, l->pointer,
		 t.rto_ticks, t.ato_ticks, t.quick_pingpong, t.snd_cwnd, t.ssthresh);
	return NULL;
}

static const struct err *sock_format(struct proc_view *view, const struct sock_head *head,
				     unsigned index, char ret[static LINE_BYTES])
{
	struct line l = {.index = index};
	struct inet_ends ends;

	TRY(inet_read_ends(view->kernel, head, &ends));
	TRY(ptrhash_restricted(view->kernel, head->at, l.pointer));
	nettext_ends(&ends, head->family, l.ends);
	if (head->state == SOCK_STATE_TIME_WAIT)
		return timewait_format(view, head, &l, ret);
	if (head->state == SOCK_STATE_NEW_SYN_RECV)
		return request_format(view, head, &l, ret);
	return full_format(view, head, &l, ret);
}

static const struct err *table_render(struct proc_view *view, const struct proc_node *node,
				      uint16_t family, int width, FILE *out)
{
	struct sock_head head;
	char line[LINE_BYTES];
	struct inet_iter it;
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(inet_iter_init(&it, view->kernel, net, INET_TCP, family));
	for (unsigned index = 0;; index++) {
		const struct err *e = inet_iter_next(&it, view->kernel, &head);

		if (!e && gva_is_null(head.at))
			return NULL;
		if (!e)
			e = sock_format(view, &head, index, line);
		if (!e)
			fprintf(out, "%-*s\n", width, line);
		TRY(view_pass_over(view, e));
	}
}

const struct err *net_tcp(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fprintf(out, "%-*s\n", TCP4_WIDTH, TCP4_HEADER);
	return table_render(view, node, AF_INET, TCP4_WIDTH, out);
}

const struct err *net_tcp6(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fputs(NETTEXT_HEADER_6 "\n", out);
	return table_render(view, node, AF_INET6, 0, out);
}
