/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A shell that gives the terminal back to the process group it was started in. That group is
 * outside its pid namespace, so it knows it as 0, which its kernel refuses. Input: the tool's
 * arguments.
 */
#include "transcall/sys/sys.h"
#include "transcall/trap/control.h"

/* Our group is the front end's, and the terminal may be one that only its session can open. */
static const struct err *give_to_our_group(struct sys *s, const struct call *call, int *ret_errnum)
{
	struct control message = control_of(CONTROL_FOREGROUND);
	bool open;

	snprintf(message.text, sizeof(message.text), "%d/fd/%d", call->who.tid,
		 (int)call->args[0]);
	TRY(control_send(s->front, &message));
	TRY(control_receive(s->front, &message, &open));
	if (!open || message.kind != CONTROL_FOREGROUND)
		return ERR(ERR_SYSTEM, "the one who started the tool ended");
	*ret_errnum = message.value;
	return NULL;
}

const struct err *sys_set_foreground(struct sys *s, const struct call *call, struct answer *ret)
{
	int32_t group;
	int errnum;

	answer_native(ret);
	if (tracee_read(&call->who, call->args[2], &group, sizeof(group)) || group != 0)
		return NULL;
	TRY(give_to_our_group(s, call, &errnum));
	answer_written(ret, errnum);
	return NULL;
}
