/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink - what the guest's kernel answers to netlink requests: which are answered says
 * netlink.def. How a tool asks is the business of transcall/netlink.
 */
#ifndef TC_PROC_NETLINK_H
#define TC_PROC_NETLINK_H

#include "transcall/proc/tree.h"

struct netlink_request {
	int protocol;        /* NETLINK_* */
	uint16_t type;       /* nlmsg_type */
	bool dump;           /* all objects, not one */
	const uint8_t *body; /* behind the header; aligned to 4 bytes; the tool's */
	size_t len_bytes;
};

/**
 * netlink_answer() - the messages that answer @request
 * @out:        appended: whole messages, each with type and length; on error to be discarded
 * @ret_errnum: out: 0, or the errno that the guest's kernel answers instead
 *
 * Objects that could not be read are left out and counted. Return: NULL; ABSENT, FAULT, RACE: no
 * answer; or a fatal kind.
 */
MUST_CHECK const struct err *netlink_answer(struct proc_view *view,
					    const struct netlink_request *request, FILE *out,
					    int *ret_errnum);

/* Read all that answers to dumps of @protocol read: for working sets. */
MUST_CHECK const struct err *netlink_walk(struct proc_view *view, int protocol);

#endif
