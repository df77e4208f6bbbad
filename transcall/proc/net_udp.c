/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/udp, udplite, raw, icmp and their IPv6 twins. Input: attacker-controlled. */
#include <inttypes.h>
#include <sys/socket.h>

#include "transcall/proc/nettext.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define LINE_BYTES 320
#define HEADER_REST                                                                                \
	"sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "        \
	"timeout inode ref pointer drops"

/* How the lines of one file differ from those of another. */
struct format {
	enum inet_table table;
	uint16_t family;
	const char *header;
	int index_digits, width;
};

static bool is_udp(const struct format *f)
{
	return f->table == INET_UDP || f->table == INET_UDPLITE;
}

/* udp_rqueue_get() */
static const struct err *rx_queue(const struct kernel *k, const struct format *f,
				  const struct ksock *s, uint32_t *ret)
{
	uint64_t deficit = 0;

	if (is_udp(f))
		TRY(kfield_uint(k, s->head.at, F_udp_sock_forward_deficit, &deficit));
	*ret = (uint32_t)s->rmem - (uint32_t)deficit;
	return NULL;
}

static const struct err *sock_format(struct proc_view *view, const struct format *f,
				     const struct sock_head *head, unsigned bucket,
				     char ret[static LINE_BYTES])
{
	char pointer[PTRHASH_TEXT_BYTES], text[NETTEXT_ENDS_BYTES];
	struct inet_ends ends;
	struct ksock s;
	uint32_t queue;

	TRY(sock_read(view->kernel, head->at, &s));
	TRY(inet_read_ends(view->kernel, head, &ends));
	TRY(ptrhash_restricted(view->kernel, head->at, pointer));
	TRY(rx_queue(view->kernel, f, &s, &queue));
	TRY(reader_uid(view, s.uid, &s.uid));
	if (f->table == INET_RAW || f->table == INET_RAW6) {
		ends.local_port = ends.number;
		ends.remote_port = 0;
	}
	nettext_ends(&ends, f->family, text);
	snprintf(ret, LINE_BYTES,
		 "%*u: %s %02X %08" PRIX32 ":%08" PRIX32 " %02X:%08X %08X %5" PRIu32 " %8d %" PRIu64
		 " %" PRId32 " %s %" PRIu32,
		 f->index_digits, bucket, text, head->state, (uint32_t)s.wmem, queue, 0, 0, 0,
		 s.uid, 0, s.ino, (int32_t)head->refcnt, pointer, s.drops);
	return NULL;
}

static const struct err *table_render(struct proc_view *view, const struct proc_node *node,
				      const struct format *f, FILE *out)
{
	struct sock_head head;
	char line[LINE_BYTES];
	struct inet_iter it;
	gva_t net;

	fprintf(out, "%-*s\n", f->width, f->header);
	TRY(nettext_net(view, node, &net));
	TRY(inet_iter_init(&it, view->kernel, net, f->table, f->family));
	for (;;) {
		const struct err *e = inet_iter_next(&it, view->kernel, &head);

		if (!e && gva_is_null(head.at))
			return NULL;
		if (!e)
			e = sock_format(view, f, &head, it.walk.bucket, line);
		if (!e)
			fprintf(out, "%-*s\n", f->width, line);
		TRY(view_pass_over(view, e));
	}
}

#define TABLE(name, table_, family_, header_, digits_, width_)                                     \
	const struct err *name(struct proc_view *view, const struct proc_node *node, FILE *out)    \
	{                                                                                          \
		static const struct format f = {.table = table_,                                   \
						.family = family_,                                 \
						.header = header_,                                 \
						.index_digits = digits_,                           \
						.width = width_};                                  \
		return table_render(view, node, &f, out);                                          \
	}

#define HEADER_6 NETTEXT_HEADER_6 " ref pointer drops"

TABLE(net_udp, INET_UDP, AF_INET, "   " HEADER_REST, 5, 127)
TABLE(net_udplite, INET_UDPLITE, AF_INET, "   " HEADER_REST, 5, 127)
TABLE(net_udp6, INET_UDP, AF_INET6, HEADER_6, 5, 0)
TABLE(net_udplite6, INET_UDPLITE, AF_INET6, HEADER_6, 5, 0)
TABLE(net_raw, INET_RAW, AF_INET, "  " HEADER_REST, 4, 0)
TABLE(net_raw6, INET_RAW6, AF_INET6, HEADER_6, 5, 0)
TABLE(net_icmp, INET_PING, AF_INET, "  " HEADER_REST, 5, 127)
TABLE(net_icmp6, INET_PING, AF_INET6, HEADER_6, 5, 0)

bool net_has_udplite(const struct proc_view *view)
{
	return inet_has_table(view->kernel, INET_UDPLITE);
}
