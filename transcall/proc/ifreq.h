/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ifreq - what interface ioctls (SIOCGIF..., SIOCGARP) tell: ifreq.def. */
#ifndef TC_PROC_IFREQ_H
#define TC_PROC_IFREQ_H

#include "transcall/proc/tree.h"

struct ifreq; /* net/if.h */

/**
 * ifreq_answer() - one request about one interface
 * @request:    SIOCGIF...
 * @io:         in: its name or number; out: also the answer
 * @ret_errnum: out: 0, or the errno that the guest's kernel answers
 *
 * Return: NULL; FAULT, RACE: no answer; or a fatal kind.
 */
MUST_CHECK const struct err *ifreq_answer(struct proc_view *view, unsigned request,
					  struct ifreq *io, int *ret_errnum);

/* SIOCGIFCONF: the IPv4 addresses of all interfaces, at most @max; *ret_count: how many there are.
 */
MUST_CHECK const struct err *ifreq_list(struct proc_view *view, struct ifreq *ret, size_t max,
					size_t *ret_count);

#endif
