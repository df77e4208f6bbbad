/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reference - making a manifest from the log of a good boot, and the image that is to boot. */
#ifndef RT_ATTEST_REFERENCE_H
#define RT_ATTEST_REFERENCE_H

#include "remotetrans/attest/eventlog.h"
#include "remotetrans/attest/manifest.h"

/**
 * reference_build() - what a host must measure
 * @l:     log of a machine that is known good: its firmware's events
 * @image: the EFI program that the firmware is to start: PCR 4 follows from it, and the parts on
 *         RTLAUNCH_PCR from its sections .config, .kernel, .ramdisk; NULL: these, too, as in @l
 * @ret:   out: without a name and a hash; manifest_deinit()
 *
 * PCRs 1 and 5 by the types of their events, all others exactly. Return: NULL; USAGE: the image is
 * no EFI program; SYSTEM.
 */
MUST_CHECK const struct err *reference_build(const struct eventlog *l, const uint8_t *image,
					     size_t image_bytes, struct manifest *ret);

#endif
