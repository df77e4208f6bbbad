/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AF_PACKET sockets as ss asks for them (net/packet/diag.c). Of a socket's ring and fanout nothing
 * is known, as its structure is a module's: these attributes are left out. Input:
 * attacker-controlled.
 */
#include <errno.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "transcall/kobj/packet.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/view.h"

#define FLAG_RUNNING 1 /* PDI_RUNNING */

static const struct err *attrs_put(struct proc_view *view, uint32_t show, const struct ksock *s,
				   const struct packet_hook *hook, struct nlmsg *m)
{
	struct packet_diag_info info = {.pdi_index = (uint32_t)hook->ifindex,
					.pdi_flags = hook->running ? FLAG_RUNNING : 0};
	uint32_t memory[SOCK_MEMORY_KINDS], uid;

	if (show & PACKET_SHOW_INFO) {
		TRY(reader_uid(view, s->uid, &uid));
		nlmsg_attr(m, PACKET_DIAG_INFO, &info, sizeof(info));
		nlmsg_attr_u32(m, PACKET_DIAG_UID, uid);
	}
	if (show & PACKET_SHOW_MEMINFO) {
		TRY(sock_read_memory(view->kernel, s->head.at, memory));
		nlmsg_attr(m, PACKET_DIAG_MEMINFO, memory, sizeof(memory));
	}
	return NULL;
}

static const struct err *sock_put(struct proc_view *view, struct packet_iter *it, gva_t at,
				  uint32_t show, struct nlmsg *m, FILE *out)
{
	struct packet_diag_msg body = {.pdiag_family = AF_PACKET};
	struct sock_details details;
	struct packet_hook hook;
	struct ksock s;

	TRY(sock_read(view->kernel, at, &s));
	TRY(sock_read_details(view->kernel, &s.head, &details));
	TRY(packet_read_hook(it, view->kernel, at, &hook));
	body.pdiag_type = (uint8_t)s.type;
	body.pdiag_num = hook.protocol;
	body.pdiag_ino = (uint32_t)s.ino;
	body.pdiag_cookie[0] = (uint32_t)details.cookie;
	body.pdiag_cookie[1] = (uint32_t)(details.cookie >> 32);
	nlmsg_begin(m, SOCK_DIAG_BY_FAMILY, &body, sizeof(body));
	TRY(attrs_put(view, show, &s, &hook, m));
	return nlmsg_end(m, out);
}

const struct err *diag_packet(struct proc_view *view, const struct netlink_request *request,
			      uint8_t family, FILE *out, int *ret_errnum)
{
	struct packet_diag_req asked;
	struct packet_iter it;
	struct nlmsg m;
	gva_t net, at;

	(void)family;
	*ret_errnum = request->dump ? 0 : EOPNOTSUPP;
	if (!request->dump)
		return NULL;
	answer_body(request, &asked);
	TRY(answer_net(view, &net));
	TRY(packet_iter_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = packet_iter_next(&it, view->kernel, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (!e)
			e = sock_put(view, &it, at, asked.pdiag_show, &m, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
