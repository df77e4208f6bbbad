/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stat - what a call of the stat family asks for, and its result in the tool's memory. */
#ifndef TC_SYS_STAT_H
#define TC_SYS_STAT_H

#include "transcall/sys/where.h"

struct stat_request {
	struct where at;
	uint64_t out;       /* address in the tool's memory */
	bool extended;      /* statx */
	bool of_descriptor; /* at.dirfd itself */
};

struct stat_request stat_request(const struct call *call);

/* Return: 0, or the errno of writing there. */
MUST_CHECK int stat_write(const struct call *call, const struct stat_request *request,
			  const struct stat *st);

#endif
