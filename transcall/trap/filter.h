/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter - the seccomp filter made from syscall.def. */
#ifndef TC_TRAP_FILTER_H
#define TC_TRAP_FILTER_H

#include <linux/filter.h>

#include "remotetrans/base/err.h"

struct filter {
	struct sock_filter *code; /* owned */
	unsigned short len;
};

MUST_CHECK const struct err *filter_build(struct filter *ret);
void filter_deinit(struct filter *f);

/**
 * filter_install() - put the calling thread, and all it starts, under the filter
 * @ret: out: the listener that its trapped calls are reported to
 *
 * Also gives up set-user-id programs for good. Allocates nothing.
 */
MUST_CHECK const struct err *filter_install(const struct filter *f, int *ret);

#endif
