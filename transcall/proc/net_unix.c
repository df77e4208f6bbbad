/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/unix. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/unixsock.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define SO_ACCEPTCON_FLAG 0x10000 /* __SO_ACCEPTCON */

/* enum of include/uapi/linux/net.h: what St shows */
enum { UNCONNECTED = 1, CONNECTING = 2, CONNECTED = 3, DISCONNECTING = 4 };

static unsigned shown_state(const struct ksock *s)
{
	bool established = s->head.state == SOCK_STATE_ESTABLISHED;

	if (gva_is_null(s->socket))
		return established ? CONNECTING : DISCONNECTING;
	return established ? CONNECTED : UNCONNECTED;
}

static void name_render(const struct unixsock_name *name, FILE *out)
{
	if (!name->bound)
		return;
	fputs(name->abstract ? " @" : " ", out);
	for (unsigned i = 0; i < name->len; i++)
		fputc(name->bytes[i] ? name->bytes[i] : '@', out);
}

static const struct err *sock_render(struct proc_view *view, const struct sock_head *head,
				     FILE *out)
{
	char pointer[PTRHASH_TEXT_BYTES];
	struct unixsock_name name;
	struct ksock s;

	TRY(sock_read(view->kernel, head->at, &s));
	TRY(unixsock_read_name(view->kernel, head->at, &name));
	TRY(ptrhash_restricted(view->kernel, head->at, pointer));
	fprintf(out, "%s: %08" PRIX32 " %08X %08X %04X %02X %5" PRIu64, pointer, head->refcnt, 0,
		head->state == SOCK_STATE_LISTEN ? SO_ACCEPTCON_FLAG : 0, s.type, shown_state(&s),
		s.ino);
	name_render(&name, out);
	fputc('\n', out);
	return NULL;
}

const struct err *net_unix(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct unixsock_iter it;
	struct sock_head head;
	gva_t net;

	fputs("Num       RefCount Protocol Flags    Type St Inode Path\n", out);
	TRY(nettext_net(view, node, &net));
	TRY(unixsock_iter_init(&it, view->kernel, net));
	for (;;) {
		long start = ftell(out);
		const struct err *e = unixsock_iter_next(&it, view->kernel, &head);

		if (!e && gva_is_null(head.at))
			return NULL;
		if (!e)
			e = sock_render(view, &head, out);
		TRY(view_pass_line(view, out, start, e));
	}
}
