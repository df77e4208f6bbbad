/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture - the registers of all vCPUs and the clocks at one moment, while the VM is paused.
 */
#ifndef VMMD_CAPTURE_H
#define VMMD_CAPTURE_H

#include "vmm/vmmd/host.h"

/* Give QEMU a memory file to write its device state into. */
MUST_CHECK const struct err *capture_open(struct host *h);
void capture_close(struct host *h);
void capture_deinit(struct host *h);

/* Ask QEMU for them, and go on: capture_take() waits. What is asked for and not taken is of no use
 * once the VM has run. */
MUST_CHECK const struct err *capture_begin(struct host *h);

/* Whether capture_take() would have to wait for what capture_begin() asked for. */
bool capture_is_coming(struct host *h);

/* Fill in h->state and h->hpet_counter: those of capture_begin(), if it was called since. */
MUST_CHECK const struct err *capture_take(struct host *h);

/* The record of one vCPU out of what capture_take() got. */
void capture_vcpu(const struct host *h, uint32_t number, struct rtvmm_vcpu *ret);

#endif
