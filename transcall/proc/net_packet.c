/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/packet. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/packet.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

static const struct err *sock_render(struct proc_view *view, struct packet_iter *it, gva_t at,
				     FILE *out)
{
	char pointer[PTRHASH_TEXT_BYTES];
	struct packet_hook hook;
	struct ksock s;

	TRY(sock_read(view->kernel, at, &s));
	TRY(packet_read_hook(it, view->kernel, at, &hook));
	TRY(ptrhash_restricted(view->kernel, at, pointer));
	TRY(reader_uid(view, s.uid, &s.uid));
	fprintf(out,
		"%s %-6" PRId32 " %-4d %04x   %-5" PRId32 " %1d %-6" PRIu32 " %-6" PRIu32
		" %-6" PRIu64 "\n",
		pointer, (int32_t)s.head.refcnt, s.type, hook.protocol, hook.ifindex, hook.running,
		(uint32_t)s.rmem, s.uid, s.ino);
	return NULL;
}

/* The header was padded between 5.10 and 6.1; the hash table of AF_UNIX moved in the same span. */
const struct err *net_packet(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct packet_iter it;
	gva_t net, at;

	fprintf(out, "%-*sRefCnt Type Proto  Iface R Rmem   User   Inode\n",
		profile_has(view->kernel->profile, F_net_unix_buckets) ? 17 : 9, "sk");
	TRY(nettext_net(view, node, &net));
	TRY(packet_iter_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = packet_iter_next(&it, view->kernel, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (!e)
			e = sock_render(view, &it, at, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
