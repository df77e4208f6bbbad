/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink sockets: opened and named here, asked and answered over a pair (netlink/ends.h). Input:
 * the tool's requests.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "remotetrans/base/scope.h"
#include "transcall/netlink/families.h"
#include "transcall/netlink/packet.h"
#include "transcall/proc/netlink.h"
#include "transcall/sys/sys.h"

/* --- the socket ---------------------------------------------------------------------------- */

const struct err *sys_socket_netlink(struct sys *s, const struct call *call, struct answer *ret)
{
	int protocol = (int)call->args[2], type = (int)call->args[1], fd, errnum;
	uint32_t pid, tid;

	answer_error(ret, EPROTONOSUPPORT);
	if (!families_sets(protocol))
		return NULL;
	errnum = tracee_own_ids(&call->who, &pid, &tid);
	if (errnum == 0)
		errnum = ends_open(&s->ends, protocol, type, pid, &fd);
	if (errnum)
		answer_error(ret, errnum);
	else
		*ret = (struct answer){.kind = ANSWER_FD, .fd = fd, .cloexec = type & SOCK_CLOEXEC};
	return NULL;
}

struct end *netlink_end(struct sys *s, const struct call *call)
{
	struct stat st;

	if (tracee_fstat(&call->who, (int)call->args[0], &st) || !S_ISSOCK(st.st_mode))
		return NULL;
	return ends_find(&s->ends, st.st_ino);
}

const struct err *sys_bind(struct sys *s, const struct call *call, struct answer *ret)
{
	struct end *e = netlink_end(s, call);
	struct sockaddr_nl name;

	answer_native(ret);
	if (!e)
		return NULL;
	if (call->args[2] < sizeof(name))
		answer_error(ret, EINVAL);
	else if (tracee_read(&call->who, call->args[1], &name, sizeof(name)))
		answer_error(ret, EFAULT);
	else if (name.nl_family != AF_NETLINK)
		answer_error(ret, EINVAL);
	else {
		if (name.nl_pid)
			e->portid = name.nl_pid;
		answer_value(ret, 0); /* of groups that it joins, it never hears */
	}
	return NULL;
}

const struct err *sys_getsockname(struct sys *s, const struct call *call, struct answer *ret)
{
	struct end *e = netlink_end(s, call);
	struct sockaddr_nl name = {.nl_family = AF_NETLINK};
	socklen_t size, full = sizeof(name);
	int errnum;

	answer_native(ret);
	if (!e)
		return NULL;
	name.nl_pid = e->portid;
	errnum = tracee_read(&call->who, call->args[2], &size, sizeof(size));
	if (errnum == 0)
		errnum = tracee_write(&call->who, call->args[1], &name, size < full ? size : full);
	if (errnum == 0)
		errnum = tracee_write(&call->who, call->args[2], &full, sizeof(full));
	answer_written(ret, errnum);
	return NULL;
}

/* --- requests ------------------------------------------------------------------------------ */

void netlink_refuse(struct sys *s)
{
	if (!s->said_netlink)
		fprintf(stderr, "transcall: the guest is only looked at: its network settings are "
				"not changed\n");
	s->said_netlink = true;
}

/* What the guest cannot answer is an error of this request; everything else ends the run. */
static const struct err *request_serve(struct sys *s, const struct end *end,
				       const struct request *request, FILE *reply)
{
	struct netlink_request asked = {.protocol = end->protocol,
					.type = request->header.nlmsg_type,
					.dump = request_is_dump(request),
					.body = request->body,
					.len_bytes = request->len_bytes};
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	int errnum = 0;

	TRY(vfs_want_sets(&s->vfs, families_sets(end->protocol)));
	const struct err *e = guest_netlink(s->guest, &asked, &text, &len, &errnum);
	if (e && e->kind != ERR_ABSENT && e->kind != ERR_FAULT && e->kind != ERR_RACE)
		return e;
	if (e)
		errnum = e->kind == ERR_ABSENT ? ENOENT : EIO;
	if (errnum == EPERM)
		netlink_refuse(s);
	packet_reply(reply, request, end->portid, (uint8_t *)text, len, errnum);
	return NULL;
}

static const struct err *packet_serve(struct sys *s, const struct end *end, const uint8_t *packet,
				      size_t len, FILE *reply)
{
	struct request request;

	for (size_t at = 0; packet_next(packet, len, &at, &request);)
		TRY(request_serve(s, end, &request, reply));
	return NULL;
}

const struct err *sys_serve_netlink(struct sys *s)
{
	static uint8_t packet[REQUEST_BYTES];
	uint64_t started_ns = clock_own_ns();
	char *text = NULL;
	size_t len, text_len;
	struct end *end = ends_next(&s->ends, packet, &len);
	FILE *reply = end ? open_memstream(&text, &text_len) : NULL;

	if (!end)
		return NULL;
	if (!reply)
		return ERR(ERR_SYSTEM, "no memory for a netlink answer");
	const struct err *e = packet_serve(s, end, packet, len, reply);
	fclose(reply);
	clock_stopped(&s->clock, clock_own_ns() - started_ns);
	if (e) {
		free(text);
		return e;
	}
	ends_send(&s->ends, end, (uint8_t *)text, text_len);
	return NULL;
}
