/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ramguest - a lab guest's RAM file, read directly and without verification: for development only.
 */
#ifndef TESTS_TOOLS_RAMGUEST_H
#define TESTS_TOOLS_RAMGUEST_H

#include "kernel-profiles/profile.h"
#include "remotetrans/client/gmem.h"
#include "transcall/kobj/kernel.h"

struct ramguest {
	struct framesrc frames;
	const uint8_t *ram;
	uint64_t ram_bytes;
	struct vcpu vcpu;
	struct profile profile;
	struct gmem gmem;
	struct kernel kernel;
};

/* Map @ram_path, load @profile_path, find the kernel. No deinit: the process ends. */
MUST_CHECK const struct err *ramguest_open(struct ramguest *g, const char *ram_path,
					   const char *profile_path);

#endif
