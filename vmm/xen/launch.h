/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * launch - what the measured launch hands to the rest of RemoteTrans.
 *
 * The static key of a Xen that was started as an EFI program is drawn while the firmware's boot
 * services run, so that its hash is in the TPM before anything else runs that could extend one.
 * Started by a boot loader as a multiboot image Xen is not measured by anybody who counts: nothing
 * here is done, and the key is drawn later.
 */
#ifndef REMOTETRANS_LAUNCH_H
#define REMOTETRANS_LAUNCH_H

#include <xen/types.h>

#include "vmm/core/types.h"
#include "vmm/include/rtlaunch.h"

/* Key and log are there, and both are measured. */
extern bool remotetrans_launched;

/* To be wiped by who takes it; init data. */
extern uint8_t remotetrans_launch_secret[RTVMM_KEY_BYTES];

/* The crypto-agile event log; no bytes: there is none. */
extern uint8_t remotetrans_log[RTLAUNCH_LOG_BYTES_MAX];
extern uint32_t remotetrans_log_bytes;

struct tcg2;
struct _EFI_SYSTEM_TABLE;

/* Copy the log as it is now, or stop Xen; what comes later is left for launch_log_end(). */
void launch_log_begin(struct tcg2 *tcg2, const struct _EFI_SYSTEM_TABLE *st);

/* Append what has come since; boot services have ended. False: not all of it fits. */
bool launch_log_end(void);

/* Have RAM cleared at the next reset, if this firmware can. Boot services run. */
void launch_clear_at_reset(void);

#endif /* REMOTETRANS_LAUNCH_H */
