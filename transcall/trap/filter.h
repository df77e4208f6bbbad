/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter - the seccomp filter made from syscall.def: built by the keeper, installed by the tool.
 * Between them it is a file in memory.
 */
#ifndef TC_TRAP_FILTER_H
#define TC_TRAP_FILTER_H

#include <linux/filter.h>

#include "remotetrans/base/err.h"

/* The program as a file; owned by the caller. */
MUST_CHECK const struct err *filter_build(int *ret_fd);

/* --- filter_install.c: needs nothing but libc --- */
struct filter {
	unsigned short len;
	struct sock_filter code[BPF_MAXINSNS + 1]; /* the kernel refuses one that long */
};

MUST_CHECK const struct err *filter_load(int fd, struct filter *ret);

/**
 * filter_install() - put the calling thread, and all it starts, under the filter
 * @ret: out: the listener that its trapped calls are reported to
 *
 * Also gives up set-user-id programs for good. Allocates nothing.
 */
MUST_CHECK const struct err *filter_install(struct filter *f, int *ret);

#endif
