/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answers - the functions that rows of netlink.def name, and what they share. */
#ifndef TC_PROC_ANSWERS_H
#define TC_PROC_ANSWERS_H

#include "transcall/proc/netlink.h"
#include "transcall/proc/nlmsg.h"

/* As netlink_answer(), of one row: @request has its protocol, type and @family. */
typedef const struct err *netlink_answer_fn(struct proc_view *view,
					    const struct netlink_request *request, uint8_t family,
					    FILE *out, int *ret_errnum);

#define ANSWER(protocol_, type_, family_, handler_) netlink_answer_fn handler_;
#include "transcall/proc/netlink.def"
#undef ANSWER

/* The structure that a request's body begins with; what the tool left out is zero. */
#define answer_body(request, ret) answer_body_read(request, ret, sizeof(*(ret)))
void answer_body_read(const struct netlink_request *request, void *ret, size_t size_bytes);

/**
 * answer_attr() - an attribute of a request
 * @skip_bytes: length of the structure that attributes follow
 *
 * Return: its content; NULL: there is none of that type of at least @min_bytes.
 */
const uint8_t *answer_attr(const struct netlink_request *request, size_t skip_bytes, uint16_t type,
			   size_t min_bytes, size_t *ret_len_bytes);

/* The network namespace that the tool is in. */
MUST_CHECK const struct err *answer_net(struct proc_view *view, gva_t *ret);

#endif
