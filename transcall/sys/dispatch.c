/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find the handler of a trapped call. */
#include "transcall/sys/dispatch.h"

#include <errno.h>

#include "transcall/sys/syscalls.h"

/* What the guest cannot answer; everything else is no business of the tool. */
static const struct err *soften(const struct err *e, struct answer *ret)
{
	switch (e->kind) {
	case ERR_ABSENT:
		answer_error(ret, e->errnum ? e->errnum : ENOENT);
		return NULL;
	case ERR_FAULT: /* counted where it was found */
	case ERR_RACE:
		answer_error(ret, EIO);
		return NULL;
	default:
		return e;
	}
}

const struct err *dispatch(struct sys *s, const struct call *call, struct answer *ret)
{
	sys_handler handler = syscalls_handler(call->nr, call->args);
	uint64_t started_ns = clock_own_ns();
	const struct err *e;

	if (!handler) {
		answer_error(ret, ENOSYS);
		return NULL;
	}
	TRY(unlisted_hide(&s->vfs));
	e = handler(s, call, ret);
	clock_stopped(&s->clock, clock_own_ns() - started_ns);
	return e ? soften(e, ret) : NULL;
}
