/* SPDX-License-Identifier: MIT */
/*
 * rtlaunch.h - what a measured launch leaves in the TPM and in its event log.
 *
 * The VMM draws its static key before any code runs that could read it, and extends the key's hash
 * into a PCR that nothing but a reset of the machine clears (PCRs 0 to 15: TCG PC Client Platform
 * TPM Profile, section "PCR attributes"); a separator after it makes every later key plain to see.
 * The events, in this order and nothing else, on PCR RTLAUNCH_PCR:
 *
 *   parts       EV_IPL, digest = SHA-256 of the part, data = its name without NUL: "config",
 *               "kernel", "ramdisk". Only what a unified Xen image carries. They say which part of
 *               an image differs; what is measured is measured by the firmware, in PCR 4.
 *   keys        EV_IPL, digest = SHA-256 of the data, data = RTLAUNCH_KEY_LABEL without NUL || V.
 *               Xen extends one, a host of several vmmd one for each.
 *   separator   EV_SEPARATOR, data = four zero bytes, digest = SHA-256 of them.
 *
 * Event types: TCG PC Client Platform Firmware Profile 1.05, section 10.4.1.
 */
#ifndef RTLAUNCH_H
#define RTLAUNCH_H

#define RTLAUNCH_PCR       15u
#define RTLAUNCH_EVENT     0x0000000du /* EV_IPL */
#define RTLAUNCH_SEPARATOR 0x00000004u /* EV_SEPARATOR */

#define RTLAUNCH_KEY_LABEL       "RemoteTrans VMM key 1"
#define RTLAUNCH_KEY_LABEL_BYTES 21u
#define RTLAUNCH_KEY_DATA_BYTES  (RTLAUNCH_KEY_LABEL_BYTES + 32u)

_Static_assert(sizeof(RTLAUNCH_KEY_LABEL) == RTLAUNCH_KEY_LABEL_BYTES + 1, "label's length");

/* Longest log of events that is carried from the host to the verifier. */
#define RTLAUNCH_LOG_BYTES_MAX (256u << 10)

#endif
