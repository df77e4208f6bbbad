/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * framesrc - where guest frames come from: the client's cache of verified frames, or the server's
 * local mapping (whose walk is only a hint).
 */
#ifndef RT_BASE_FRAMESRC_H
#define RT_BASE_FRAMESRC_H

#include <stdbool.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/base/err.h"

struct framesrc {
	/**
	 * @ret: out: the 4096 bytes; borrowed until the next get(), or see @keeps
	 *
	 * Return: NULL; FAULT: not RAM (verified where the source verifies); or a fatal kind.
	 */
	MUST_CHECK const struct err *(*get)(struct framesrc *src, gfn_t frame, const uint8_t **ret);
	/* What get() lends is valid, and the frame's, as long as @epoch is the same. */
	bool keeps;
	uint64_t epoch;
};

#endif
