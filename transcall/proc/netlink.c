/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a netlink request to its answer. Input: the tool's request; attacker-controlled memory. */
#include "transcall/proc/netlink.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "remotetrans/base/scope.h"
#include "transcall/kobj/ns.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/view.h"

static const struct row {
	int protocol;
	uint16_t type;
	uint8_t family;
	netlink_answer_fn *answer;
} rows[] = {
#define ANSWER(protocol_, type_, family_, handler_)                                                \
	{.protocol = protocol_, .type = type_, .family = family_, .answer = handler_},
#include "transcall/proc/netlink.def"
#undef ANSWER
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* --- requests ------------------------------------------------------------------------------ */

void answer_body_read(const struct netlink_request *request, void *ret, size_t size_bytes)
{
	size_t len = request->len_bytes < size_bytes ? request->len_bytes : size_bytes;

	memset(ret, 0, size_bytes);
	memcpy(ret, request->body, len);
}

const uint8_t *answer_attr(const struct netlink_request *request, size_t skip_bytes, uint16_t type,
			   size_t min_bytes, size_t *ret_len_bytes)
{
	size_t at = NLMSG_ALIGN(skip_bytes);
	struct nlattr header;

	while (at <= request->len_bytes && request->len_bytes - at >= sizeof(header)) {
		memcpy(&header, request->body + at, sizeof(header));
		if (header.nla_len < sizeof(header) || header.nla_len > request->len_bytes - at)
			return NULL;
		*ret_len_bytes = header.nla_len - sizeof(header);
		if ((header.nla_type & NLA_TYPE_MASK) == type && *ret_len_bytes >= min_bytes)
			return request->body + at + sizeof(header);
		at += NLMSG_ALIGN((size_t)header.nla_len);
	}
	return NULL;
}

const struct err *answer_net(struct proc_view *view, gva_t *ret)
{
	return ns_net_of_task(view->kernel, view->reader, ret);
}

/* --- answers ------------------------------------------------------------------------------- */

/* Requests that only ask: rtnetlink's types come in fours, NEW, DEL, GET, SET. */
static bool only_asks(const struct netlink_request *request)
{
	if (request->protocol == NETLINK_ROUTE)
		return request->type >= RTM_BASE && (request->type - RTM_BASE) % 4 == 2;
	return request->type != SOCK_DESTROY;
}

static bool is_of_type(const struct row *row, const struct netlink_request *request)
{
	return row->protocol == request->protocol && row->type == request->type;
}

/* Is there a row for just this family? */
static bool has_own_row(const struct netlink_request *request, uint8_t family)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (is_of_type(&rows[i], request) && rows[i].family == family)
			return true;
	return false;
}

const struct err *netlink_answer(struct proc_view *view, const struct netlink_request *request,
				 FILE *out, int *ret_errnum)
{
	uint8_t family;
	bool own;

	answer_body(request, &family);
	own = has_own_row(request, family);
	*ret_errnum = only_asks(request) ? EOPNOTSUPP : EPERM;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!is_of_type(&rows[i], request) ||
		    (own ? rows[i].family != family
			 : rows[i].family != AF_UNSPEC && family != AF_UNSPEC))
			continue;
		*ret_errnum = 0;
		TRY(rows[i].answer(view, request, rows[i].family ? rows[i].family : family, out,
				   ret_errnum));
		if (*ret_errnum)
			return NULL;
	}
	return NULL;
}

/* --- working sets -------------------------------------------------------------------------- */

static const struct err *walk_request(struct proc_view *view, const struct netlink_request *request)
{
	AUTO_FREE char *text = NULL;
	size_t len_bytes;
	FILE *out = open_memstream(&text, &len_bytes);
	const struct err *e;
	int errnum;

	if (!out)
		return ERR(ERR_SYSTEM, "no memory to walk in");
	work_begin(&view->work);
	e = netlink_answer(view, request, out, &errnum);
	fclose(out);
	return e && err_is_fatal(e) ? e : NULL;
}

/* All states and all extensions: requests of all families have these flags in the same places. */
static const struct err *walk_sockets(struct proc_view *view, uint8_t family, uint8_t protocol)
{
	struct inet_diag_req_v2 body;
	const struct netlink_request request = {.protocol = NETLINK_SOCK_DIAG,
						.type = SOCK_DIAG_BY_FAMILY,
						.dump = true,
						.body = (const uint8_t *)&body,
						.len_bytes = sizeof(body)};

	memset(&body, 0xff, sizeof(body));
	body.sdiag_family = family;
	body.sdiag_protocol = protocol;
	if (family == AF_INET || family == AF_INET6)
		memset(&body.id, 0, sizeof(body.id)); /* any address */
	return walk_request(view, &request);
}

static const struct err *walk_inet(struct proc_view *view, uint8_t family)
{
	static const uint8_t protocols[] = {IPPROTO_TCP, IPPROTO_UDP, IPPROTO_RAW};

	for (size_t i = 0; i < sizeof(protocols); i++)
		TRY(walk_sockets(view, family, protocols[i]));
	return NULL;
}

const struct err *netlink_walk(struct proc_view *view, int protocol)
{
	static const uint8_t any[sizeof(struct rtmsg)];
	struct netlink_request request = {
		.protocol = protocol, .dump = true, .body = any, .len_bytes = sizeof(any)};

	if (protocol == NETLINK_SOCK_DIAG) {
		TRY(walk_inet(view, AF_INET));
		TRY(walk_inet(view, AF_INET6));
		TRY(walk_sockets(view, AF_UNIX, UINT8_MAX));
		TRY(walk_sockets(view, AF_PACKET, UINT8_MAX));
		return walk_sockets(view, AF_NETLINK, UINT8_MAX);
	}
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].protocol != protocol || rows[i].type == request.type)
			continue;
		request.type = rows[i].type;
		TRY(walk_request(view, &request));
	}
	return NULL;
}
