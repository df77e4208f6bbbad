/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink sockets as ss asks for them (net/netlink/diag.c). Input: attacker-controlled. */
#include <errno.h>
#include <linux/netlink_diag.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "transcall/kobj/netlinksock.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/view.h"

static const struct err *sock_put(struct proc_view *view, const struct netlink_diag_req *asked,
				  const struct sock_head *head, struct nlmsg *m, FILE *out)
{
	uint32_t memory[SOCK_MEMORY_KINDS];
	struct sock_details details;
	struct netlinksock n;
	struct ksock s;

	TRY(sock_read(view->kernel, head->at, &s));
	if (asked->sdiag_protocol != NDIAG_PROTO_ALL && asked->sdiag_protocol != s.protocol)
		return NULL;
	TRY(netlinksock_read(view->kernel, head->at, &n));
	TRY(sock_read_details(view->kernel, head, &details));
	struct netlink_diag_msg body = {
		.ndiag_family = AF_NETLINK,
		.ndiag_type = (uint8_t)s.type,
		.ndiag_protocol = (uint8_t)s.protocol,
		.ndiag_state = head->state,
		.ndiag_portid = n.portid,
		.ndiag_dst_portid = n.dst_portid,
		.ndiag_dst_group = n.dst_group,
		.ndiag_ino = (uint32_t)s.ino,
		.ndiag_cookie = {(uint32_t)details.cookie, (uint32_t)(details.cookie >> 32)},
	};
	nlmsg_begin(m, SOCK_DIAG_BY_FAMILY, &body, sizeof(body));
	if (asked->ndiag_show & NDIAG_SHOW_GROUPS && n.groups)
		nlmsg_attr_u64(m, NETLINK_DIAG_GROUPS, n.groups);
	if (asked->ndiag_show & NDIAG_SHOW_MEMINFO) {
		TRY(sock_read_memory(view->kernel, head->at, memory));
		nlmsg_attr(m, NETLINK_DIAG_MEMINFO, memory, sizeof(memory));
	}
	if (asked->ndiag_show & NDIAG_SHOW_FLAGS)
		nlmsg_attr_u32(m, NETLINK_DIAG_FLAGS, n.dumping ? NDIAG_FLAG_CB_RUNNING : 0);
	return nlmsg_end(m, out);
}

/* Those that joined groups come again: the kernel passes over who is hashed, but looks for that
 * where netlink sockets never are. */
static const struct err *groups_dump(struct proc_view *view, const struct netlink_diag_req *asked,
				     gva_t net, unsigned protocol, FILE *out)
{
	struct list_iter it;
	struct sock_head head;
	struct nlmsg m;

	TRY(netlinksock_groups_init(&it, view->kernel, protocol));
	for (;;) {
		long start = ftell(out);
		const struct err *e = netlinksock_groups_next(&it, view->kernel, &head);

		if (!e && gva_is_null(head.at))
			return NULL;
		if (!e && gva_equal(head.net, net))
			e = sock_put(view, asked, &head, &m, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

static const struct err *dump(struct proc_view *view, const struct netlink_diag_req *asked,
			      gva_t net, FILE *out)
{
	struct netlinksock_iter it;
	struct sock_head head = {.at = net};
	struct nlmsg m;

	TRY(netlinksock_iter_init(&it, view->kernel, net));
	for (unsigned done = 0; !gva_is_null(head.at);) {
		long start = ftell(out);
		const struct err *e = netlinksock_iter_next(&it, view->kernel, &head);

		for (; !e && done < it.protocol && done < NETLINK_PROTOCOLS; done++)
			TRY(groups_dump(view, asked, net, done, out));
		start = e ? start : ftell(out);
		if (!e && !gva_is_null(head.at))
			e = sock_put(view, asked, &head, &m, out);
		TRY(view_pass_line(view, out, start, e));
	}
	return NULL;
}

const struct err *diag_netlink(struct proc_view *view, const struct netlink_request *request,
			       uint8_t family, FILE *out, int *ret_errnum)
{
	struct netlink_diag_req asked;
	gva_t net;

	(void)family;
	*ret_errnum = request->dump ? 0 : EOPNOTSUPP;
	if (!request->dump)
		return NULL;
	answer_body(request, &asked);
	TRY(answer_net(view, &net));
	return dump(view, &asked, net, out);
}
