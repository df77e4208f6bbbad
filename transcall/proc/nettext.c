/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of /proc/PID/net. Input: attacker-controlled. */
#include "transcall/proc/nettext.h"

#include <sys/socket.h>

#include "transcall/kobj/ns.h"
#include "transcall/proc/renderers.h"

const struct err *nettext_net(struct proc_view *view, const struct proc_node *node, gva_t *ret)
{
	return ns_net_of_task(view->kernel, node->task, ret);
}

/* A zombie's is empty. */
const struct err *pid_has_net(struct proc_view *view, const struct proc_node *dir, bool *ret)
{
	gva_t net;
	const struct err *e = nettext_net(view, dir, &net);

	*ret = !e;
	return e && e->kind == ERR_ABSENT ? NULL : e;
}

void nettext_ends(const struct inet_ends *e, uint16_t family, char ret[static NETTEXT_ENDS_BYTES])
{
	const uint32_t *l = e->local, *r = e->remote;

	if (family == AF_INET6)
		snprintf(ret, NETTEXT_ENDS_BYTES, "%08X%08X%08X%08X:%04X %08X%08X%08X%08X:%04X",
			 l[0], l[1], l[2], l[3], e->local_port, r[0], r[1], r[2], r[3],
			 e->remote_port);
	else
		snprintf(ret, NETTEXT_ENDS_BYTES, "%08X:%04X %08X:%04X", l[0], e->local_port, r[0],
			 e->remote_port);
}

void nettext_hex(const uint8_t *bytes, size_t len_bytes, FILE *out)
{
	for (size_t i = 0; i < len_bytes; i++)
		fprintf(out, "%02x", bytes[i]);
}
