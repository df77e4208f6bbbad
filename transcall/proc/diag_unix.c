/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AF_UNIX sockets as ss asks for them (net/unix/diag.c). Input: attacker-controlled. */
#include <errno.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>

#include "transcall/kobj/unixsock.h"
#include "transcall/proc/answers.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/view.h"

#define WAITING_MAX 2048 /* of more, ss could not be told in one message */

struct dump {
	struct proc_view *view;
	const struct kernel *k;
	struct unix_diag_req asked;
	struct nlmsg m;
};

/* sun_path, as bind() got it: a path ends with a NUL, an abstract name begins with one. */
static const struct err *name_put(struct dump *d, gva_t at)
{
	uint8_t path[UNIXSOCK_NAME_BYTES + 1] = {0};
	struct unixsock_name name;

	TRY(unixsock_read_name(d->k, at, &name));
	if (!name.bound)
		return NULL;
	for (unsigned i = 0; i < name.len; i++)
		path[i + name.abstract] = name.bytes[i];
	nlmsg_attr(&d->m, UNIX_DIAG_NAME, path, name.len + 1);
	return NULL;
}

static const struct err *file_put(struct dump *d, gva_t at)
{
	struct unix_diag_vfs vfs;
	bool has_file;

	TRY(unixsock_read_file(d->k, at, &vfs.udiag_vfs_ino, &vfs.udiag_vfs_dev, &has_file));
	if (has_file)
		nlmsg_attr(&d->m, UNIX_DIAG_VFS, &vfs, sizeof(vfs));
	return NULL;
}

static const struct err *peer_put(struct dump *d, gva_t at)
{
	uint32_t uid;
	uint64_t ino;
	gva_t peer;

	TRY(unixsock_read_peer(d->k, at, &peer));
	if (gva_is_null(peer))
		return NULL;
	TRY(sock_owner(d->k, peer, &uid, &ino));
	nlmsg_attr_u32(&d->m, UNIX_DIAG_PEER, (uint32_t)ino);
	return NULL;
}

static const struct err *waiting_put(struct dump *d, gva_t at)
{
	uint32_t inos[WAITING_MAX];
	unsigned count;

	TRY(unixsock_read_waiting(d->k, at, inos, WAITING_MAX, &count));
	nlmsg_attr(&d->m, UNIX_DIAG_ICONS, inos, count * sizeof(inos[0]));
	return NULL;
}

static const struct err *queues_put(struct dump *d, const struct ksock *s)
{
	struct unix_diag_rqlen len = {.udiag_wqueue = (uint32_t)s->wmem};
	struct sock_details details;

	if (s->head.state == SOCK_STATE_LISTEN) {
		TRY(sock_read_details(d->k, &s->head, &details));
		len.udiag_wqueue = details.max_backlog;
		TRY(unixsock_read_backlog(d->k, s->head.at, &len.udiag_rqueue));
	} else
		TRY(unixsock_read_queue(d->k, s->head.at, s->type, &len.udiag_rqueue));
	nlmsg_attr(&d->m, UNIX_DIAG_RQLEN, &len, sizeof(len));
	return NULL;
}

static const struct err *memory_put(struct dump *d, gva_t at)
{
	uint32_t v[SOCK_MEMORY_KINDS];

	TRY(sock_read_memory(d->k, at, v));
	nlmsg_attr(&d->m, UNIX_DIAG_MEMINFO, v, sizeof(v));
	return NULL;
}

static const struct err *attrs_put(struct dump *d, const struct ksock *s)
{
	gva_t at = s->head.at;
	uint32_t uid;

	if (d->asked.udiag_show & UDIAG_SHOW_NAME)
		TRY(name_put(d, at));
	if (d->asked.udiag_show & UDIAG_SHOW_VFS)
		TRY(file_put(d, at));
	if (d->asked.udiag_show & UDIAG_SHOW_PEER)
		TRY(peer_put(d, at));
	if (d->asked.udiag_show & UDIAG_SHOW_ICONS && s->head.state == SOCK_STATE_LISTEN)
		TRY(waiting_put(d, at));
	if (d->asked.udiag_show & UDIAG_SHOW_RQLEN)
		TRY(queues_put(d, s));
	if (d->asked.udiag_show & UDIAG_SHOW_MEMINFO)
		TRY(memory_put(d, at));
	if (d->asked.udiag_show & UDIAG_SHOW_UID) {
		TRY(reader_uid(d->view, s->uid, &uid));
		nlmsg_attr_u32(&d->m, UNIX_DIAG_UID, uid);
	}
	return NULL;
}

static const struct err *sock_put(struct dump *d, const struct sock_head *head, FILE *out)
{
	struct unix_diag_msg body = {.udiag_family = AF_UNIX, .udiag_state = head->state};
	struct sock_details details;
	struct ksock s;

	if (!(d->asked.udiag_states & 1u << (head->state & 31)))
		return NULL;
	TRY(sock_read(d->k, head->at, &s));
	if (s.ino == 0) /* not accepted yet */
		return NULL;
	TRY(sock_read_details(d->k, head, &details));
	body.udiag_type = (uint8_t)s.type;
	body.udiag_ino = (uint32_t)s.ino;
	body.udiag_cookie[0] = (uint32_t)details.cookie;
	body.udiag_cookie[1] = (uint32_t)(details.cookie >> 32);
	nlmsg_begin(&d->m, SOCK_DIAG_BY_FAMILY, &body, sizeof(body));
	TRY(attrs_put(d, &s));
	nlmsg_attr_u8(&d->m, UNIX_DIAG_SHUTDOWN, details.shutdown);
	return nlmsg_end(&d->m, out);
}

const struct err *diag_unix(struct proc_view *view, const struct netlink_request *request,
			    uint8_t family, FILE *out, int *ret_errnum)
{
	struct dump d = {.view = view, .k = view->kernel};
	struct unixsock_iter it;
	struct sock_head head;
	gva_t net;

	(void)family;
	*ret_errnum = request->dump ? 0 : EOPNOTSUPP;
	if (!request->dump)
		return NULL;
	answer_body(request, &d.asked);
	TRY(answer_net(view, &net));
	TRY(unixsock_iter_init(&it, d.k, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = unixsock_iter_next(&it, d.k, &head);

		if (!e && gva_is_null(head.at))
			return NULL;
		if (!e)
			e = sock_put(&d, &head, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
