/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/sockstat and sockstat6. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/inet.h"
#include "transcall/kobj/netproto.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"

/* "NAME: inuse N": without the end of the line. */
static const struct err *count_render(const struct kernel *k, gva_t net, const char *name,
				      enum symbol_id proto, FILE *out)
{
	int32_t count;

	TRY(netproto_in_use(k, net, proto, &count));
	fprintf(out, "%s: inuse %" PRId32, name, count);
	return NULL;
}

static const struct err *fragments_render(const struct kernel *k, gva_t net, const char *name,
					  enum field_id fqdir, FILE *out)
{
	uint32_t queues;
	uint64_t bytes;

	TRY(netproto_fragments(k, net, fqdir, &queues, &bytes));
	fprintf(out, "\n%s: inuse %" PRIu32 " memory %" PRIu64 "\n", name, queues, bytes);
	return NULL;
}

static const struct err *tcp_udp_render(const struct kernel *k, gva_t net, FILE *out)
{
	struct netproto_tcp tcp;
	int64_t memory;
	int32_t used;

	TRY(netproto_all_in_use(k, net, &used));
	fprintf(out, "sockets: used %" PRId32 "\n", used);
	TRY(count_render(k, net, "TCP", S_tcp_prot, out));
	TRY(netproto_read_tcp(k, net, &tcp));
	TRY(netproto_memory(k, S_tcp_prot, &memory));
	fprintf(out, " orphan %" PRId32 " tw %" PRId32 " alloc %" PRIu64 " mem %" PRId64 "\n",
		tcp.orphans, tcp.timewait, tcp.allocated, memory);
	TRY(count_render(k, net, "UDP", S_udp_prot, out));
	TRY(netproto_memory(k, S_udp_prot, &memory));
	fprintf(out, " mem %" PRId64 "\n", memory);
	return NULL;
}

const struct err *net_sockstat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(tcp_udp_render(k, net, out));
	if (inet_has_table(k, INET_UDPLITE)) {
		TRY(count_render(k, net, "UDPLITE", S_udplite_prot, out));
		fputc('\n', out);
	}
	TRY(count_render(k, net, "RAW", S_raw_prot, out));
	return fragments_render(k, net, "FRAG", F_net_ipv4_fqdir, out);
}

const struct err *net_sockstat6(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(count_render(k, net, "TCP6", S_tcpv6_prot, out));
	fputc('\n', out);
	TRY(count_render(k, net, "UDP6", S_udpv6_prot, out));
	fputc('\n', out);
	if (inet_has_table(k, INET_UDPLITE)) {
		TRY(count_render(k, net, "UDPLITE6", S_udplitev6_prot, out));
		fputc('\n', out);
	}
	TRY(count_render(k, net, "RAW6", S_rawv6_prot, out));
	return fragments_render(k, net, "FRAG6", F_net_ipv6_fqdir, out);
}
