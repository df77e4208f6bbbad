/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine - what the QEMU behind a QMP socket really is: is this its RAM file, is its memory laid
 * out as assumed, how many vCPUs, which clocks.
 */
#ifndef VMMD_MACHINE_H
#define VMMD_MACHINE_H

#include "vmm/include/rtvmm.h"
#include "vmm/vmmd/qmp.h"
#include "vmm/vmmd/ram.h"

struct machine_facts {
	uint32_t vcpus;
	uint32_t address_width;
	bool kvm; /* else TCG */
	bool hpet;
};

/**
 * machine_inspect() - check that QEMU is what the options say, and learn the rest
 * @uuid: expected; QEMU's own may also be all-zero (not set)
 * @ram:  opened; its layout is filled in
 *
 * Return: NULL; USAGE naming what differs; PEER, SYSTEM.
 */
MUST_CHECK const struct err *machine_inspect(struct qmp *q, enum machine machine,
					     const uint8_t uuid[RTVMM_ID_BYTES], struct ram *ram,
					     struct machine_facts *ret);

/**
 * machine_recheck() - what may change while the VM runs: plugged vCPUs and memory
 * @ret:         as machine_inspect() filled it in; vcpus is updated
 * @ret_running: whether it runs
 *
 * Return: NULL; USAGE: memory was plugged that is in no file that vmmd knows; PEER, SYSTEM.
 */
MUST_CHECK const struct err *machine_recheck(struct qmp *q, const struct ram *ram,
					     struct machine_facts *ret, bool *ret_running);
MUST_CHECK const struct err *machine_is_running(struct qmp *q, bool *ret);

/* "01234567-89ab-..." in the order of the text; USAGE when it is not a UUID. */
MUST_CHECK const struct err *uuid_parse(const char *text, uint8_t ret[RTVMM_ID_BYTES]);

#endif
