/* SPDX-License-Identifier: GPL-2.0-or-later */
/* getxattr(2): lsof asks for the protocol of sockets that no list of its kernel names. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "transcall/sys/sys.h"
#include "transcall/sys/where.h"

#define PROTOCOL_NAME "system.sockprotoname" /* net/socket.c */

/* The value with its NUL, as sockfs_xattr_get() hands it out; size 0 asks for the length. */
static void answer_xattr(const struct call *call, const char *text, struct answer *ret)
{
	size_t len = strlen(text) + 1;

	if (call->args[3] == 0)
		answer_value(ret, (int64_t)len);
	else if (call->args[3] < len)
		answer_error(ret, ERANGE);
	else if (tracee_write(&call->who, call->args[2], text, len))
		answer_error(ret, EFAULT);
	else
		answer_value(ret, (int64_t)len);
}

static const struct err *protocol_find(struct sys *s, const struct place *p, char *ret,
				       size_t size_bytes, int *ret_errnum)
{
	const struct err *e = proc_socket_protocol(s->guest->view, &p->node, ret, size_bytes);

	*ret_errnum = e && e->kind == ERR_ABSENT ? EOPNOTSUPP : 0;
	return *ret_errnum ? NULL : e;
}

const struct err *sys_getxattr(struct sys *s, const struct call *call, struct answer *ret)
{
	struct where at = {AT_FDCWD, call->args[0], true};
	char name[256], text[64];
	struct place p;
	int errnum;

	TRY(where_find(s, call, at, &p, &errnum));
	answer_native(ret);
	if (errnum == 0 && p.side != SIDE_GUEST)
		return NULL;
	if (errnum == 0)
		errnum = tracee_read_string(&call->who, call->args[1], name, sizeof(name));
	if (errnum == 0 && (p.node.kind != NODE_MAGIC || strcmp(name, PROTOCOL_NAME) != 0))
		errnum = EOPNOTSUPP;
	if (errnum == 0)
		TRY(protocol_find(s, &p, text, sizeof(text), &errnum));
	if (errnum)
		answer_error(ret, errnum);
	else
		answer_xattr(call, text, ret);
	return NULL;
}
