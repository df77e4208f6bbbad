/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmstate - the vCPU registers in QEMU's device state, as xen-save-devices-state writes it.
 *
 * QEMU offers LSTAR, KERNEL_GS_BASE and the TSC nowhere else. The stream is a sequence of
 * sections without lengths (migration/savevm.c and vmstate.c in QEMU's tree); those of the vCPUs
 * come early in it.
 */
#ifndef VMMD_VMSTATE_H
#define VMMD_VMSTATE_H

#include <stddef.h>
#include <stdint.h>

#include "remotetrans/base/err.h"
#include "vmm/include/rtvmm.h"

/* target/i386/machine.c: vmstate_x86_cpu; SDM volume 3 names */
struct vmstate_cpu {
	uint64_t seen;   /* the section was there */
	uint64_t halted; /* cpu_common */
	uint64_t rsp, rip, rflags;
	uint64_t hflags; /* QEMU's own: the CPL is in its lowest 2 bits */
	uint64_t fs_base, gs_base;
	uint64_t gdtr_base, gdtr_limit, idtr_base, idtr_limit;
	uint64_t cr0, cr2, cr3, cr4;
	uint64_t efer, lstar, kernel_gs_base;
	uint64_t tsc_offset; /* TCG */
	uint64_t mp_state;   /* KVM: KVM_MP_STATE_* */
	uint64_t tsc;        /* KVM */
	uint64_t kvm_system_time_msr, kvm_wall_clock_msr;
	uint64_t tsc_khz; /* 0 when not in the stream */
};

struct vmstate {
	uint64_t ticks;    /* what all vCPUs' TSC is counted from under TCG */
	uint64_t clock_ns; /* QEMU_CLOCK_VIRTUAL */
	struct vmstate_cpu cpu[RTVMM_VCPUS_MAX];
};

/**
 * vmstate_parse() - find the registers of @vcpus vCPUs
 * @bytes: taken while the VM was stopped; partly under the guest's control
 *
 * The guest controls the contents of many sections. Sections whose layout is known are walked
 * exactly; one that is not is skipped to what looks like its end, and then the whole stream must
 * hold exactly as many vCPU section headers as there are vCPUs, so that a forged one is noticed.
 *
 * Return: NULL, or PROTO (not the format that this was written for, or forged).
 */
MUST_CHECK const struct err *vmstate_parse(const void *bytes, size_t len_bytes, uint32_t vcpus,
					   struct vmstate *ret);

#endif
