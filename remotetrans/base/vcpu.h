/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers of one vCPU as the VMM tagged them (SDM volume 3 names). */
#ifndef RT_BASE_VCPU_H
#define RT_BASE_VCPU_H

#include <stdbool.h>
#include <stdint.h>

#define VCPUS_MAX 128

struct vcpu {
	uint64_t cr0, cr2, cr3, cr4, efer;
	uint64_t idtr_base, gdtr_base;
	uint64_t fs_base, gs_base;
	uint64_t rip, rsp, rflags;
	uint32_t cpl;
	bool online, halted;
	bool has_lstar, has_kernel_gs_base, has_tsc, has_hpet, has_acpi_pm;
	uint64_t lstar, kernel_gs_base;
	uint64_t tsc;                 /* at the moment of the record */
	uint64_t tsc_khz;             /* 0: the VMM does not know */
	uint64_t kvm_system_time_msr; /* 0: absent */
	uint64_t kvm_wall_clock_msr;  /* 0: absent */
	uint64_t clock_ns;            /* VM clock */
	uint64_t hpet_counter;
	uint32_t acpi_pm_timer;
	uint64_t event_callback, syscall_callback; /* Xen PV; else 0 */
};

/* A Xen PV guest: it has neither IDT nor LSTAR, and frame numbers in its tables are the machine's. */
static inline bool vcpu_is_pv(const struct vcpu *v)
{
	return v->syscall_callback || v->event_callback;
}

#endif
