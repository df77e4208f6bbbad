/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * identify - which kernel a guest runs, without a profile of it: for the message that the profile
 * is of another one.
 */
#ifndef TC_KOBJ_IDENTIFY_H
#define TC_KOBJ_IDENTIFY_H

#include "kernel-profiles/profile.h"
#include "remotetrans/base/memsrc.h"
#include "remotetrans/base/vcpu.h"

struct identity {
	char build_id[PROFILE_BUILD_ID_HEX]; /* "": not found */
	char release[65];                    /* uname -r; "": not found */
};

/**
 * kernel_identify() - look through the kernel's image for its banner and its build-id note
 * @mem:   reads up to 64 MiB of it: let it read ahead
 * @vcpus: tagged registers; where the kernel's code lies comes from LSTAR, else from IDT[0]
 * @ret:   out: what was found, as the guest has it: printable ASCII, but not to be believed
 *
 * Return: NULL, also when nothing was found; or a fatal kind, or RACE.
 */
MUST_CHECK const struct err *kernel_identify(struct memsrc *mem, const struct vcpu *vcpus,
					     unsigned vcpu_count, struct identity *ret);

#endif
