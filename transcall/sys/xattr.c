/* SPDX-License-Identifier: GPL-2.0-or-later */
/* getxattr(2): lsof asks for the protocol of sockets that no list of its kernel names. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

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

/* *ret_found false: nothing the tree has; stat() may still show it, but it has no attributes. */
static const struct err *find(struct sys *s, const struct call *call, struct place *ret,
			      int *ret_errnum, bool *ret_found)
{
	bool follow = call->nr == SYS_getxattr || call->nr == SYS_listxattr;
	struct where at = {AT_FDCWD, call->args[0], follow};
	const struct err *e = where_find(s, call, at, ret, ret_errnum);

	*ret_found = !e;
	return e && e->kind == ERR_ABSENT ? NULL : e;
}

const struct err *sys_getxattr(struct sys *s, const struct call *call, struct answer *ret)
{
	char name[256], text[64];
	struct place p;
	int errnum;
	bool found;

	TRY(find(s, call, &p, &errnum, &found));
	answer_native(ret);
	if (!found) {
		answer_error(ret, EOPNOTSUPP);
		return NULL;
	}
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

/* ls asks whether there are any. */
const struct err *sys_listxattr(struct sys *s, const struct call *call, struct answer *ret)
{
	struct place p;
	int errnum;
	bool found;

	TRY(find(s, call, &p, &errnum, &found));
	answer_native(ret);
	if (!found || (errnum == 0 && p.side == SIDE_GUEST))
		answer_value(ret, 0);
	else if (errnum)
		answer_error(ret, errnum);
	return NULL;
}
