/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong_kernel - say which kernel a VM runs when it is not that of the profile. */
#ifndef TC_TARGET_WRONG_KERNEL_H
#define TC_TARGET_WRONG_KERNEL_H

#include "kernel-profiles/profile.h"
#include "remotetrans/client/config.h"

/* Look at the VM once more, without a profile. Return: PROFILE, naming both kernels; or what kept
 * us from looking. Never NULL. */
MUST_CHECK const struct err *wrong_kernel(const struct target_config *target,
					  const struct profile *profile);

#endif
