/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reference - making a manifest from the log of a good boot, and the image that is to boot. */
#ifndef RT_ATTEST_REFERENCE_H
#define RT_ATTEST_REFERENCE_H

#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/eventlog.h"
#include "remotetrans/attest/manifest.h"

#define REFERENCE_IMAGES_MAX 8u

/**
 * reference_build() - what a host must measure
 * @l:      log of a machine that is known good: its firmware's events
 * @images: EFI programs in the order in which they start: PCR 4 follows from them, and the parts on
 *          RTLAUNCH_PCR from sections .config, .kernel, .ramdisk of the first; a unified kernel
 *          image is followed by the kernel in it
 * @count:  0: these, too, as in @l
 * @ret:    out: without a name and a hash; manifest_deinit()
 *
 * PCRs 1 and 5 by the types of their events, all others exactly. Return: NULL; USAGE: an image is
 * no EFI program; SYSTEM.
 */
MUST_CHECK const struct err *reference_build(const struct eventlog *l,
					     const struct digest_part *images, unsigned count,
					     struct manifest *ret);

#endif
