/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host - what vmm/core needs of its surroundings, provided by a QEMU: pages from the RAM file,
 * registers and pauses through QMP, the guard behind every pause.
 */
#ifndef VMMD_HOST_H
#define VMMD_HOST_H

#include "vmm/core/vm.h"
#include "vmm/vmmd/guard.h"
#include "vmm/vmmd/machine.h"
#include "vmm/vmmd/qmp.h"
#include "vmm/vmmd/ram.h"
#include "vmm/vmmd/vmstate.h"

struct host_config {
	const char *ram_path;
	const char *qmp_path;
	const char *guard_qmp_path;
	enum machine machine;
	uint8_t uuid[RTVMM_ID_BYTES];
};

struct host {
	const struct host_config *config; /* borrowed */
	struct qmp qmp;
	struct ram ram;
	struct machine_facts facts;
	struct guard guard;
	uint64_t resets_seen;
	bool is_measured; /* the VMM's key is in a TPM */

	/* the last check that found the VM running, and the events until then */
	uint64_t checked_ns; /* 0: none */
	uint64_t checked_others;
	uint64_t checked_pauses; /* stops less resumes */

	/* the current pause */
	uint64_t resumes_before;
	bool paused_by_us;
	bool captured;
	struct qmp_sent state_sent, hpet_sent; /* asked for, not taken yet */
	struct vmstate state;                  /* registers, taken at most once in a pause */
	uint64_t hpet_counter;
	int state_fd;       /* memory file with QEMU's device state, to read */
	int state_write_fd; /* the same file as QEMU has it, to write */

	char problem[512]; /* the last failure behind a callers' EIO or ENOVM, for the log; or empty
			    */
};

extern const struct host_ops host_ops;

void host_init(struct host *h, const struct host_config *config);

/* Connect to QEMU and check that it is the one described; starts the guard. */
MUST_CHECK const struct err *host_attach(struct host *h);
void host_detach(struct host *h);
void host_deinit(struct host *h);

/* What has become of the VM since the last look. */
enum host_change {
	HOST_SAME,
	HOST_RESET, /* the VM was reset: a new instance */
	HOST_GONE,  /* QEMU has ended: host_attach() may find another */
};
enum host_change host_look(struct host *h);

/* The guard's socket has something to say: replace a dead one, under the current pause too. */
void host_tend_guard(struct host *h, uint64_t until_ns);

#endif
