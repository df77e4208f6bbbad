/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers and clocks of one vCPU. SDM volume 3 names; for PV as the guest's kernel sees them. */
#include <xen/sched.h>
#include <asm/hvm/hvm.h>
#include <asm/time.h>
#include <public/arch-x86/hvm/save.h>

#include "domain.h"

static void read_state(const struct vcpu *v, struct rtvmm_vcpu *ret)
{
    if ( !(v->pause_flags & VPF_down) )
        ret->flags |= RTVMM_VCPU_ONLINE;
    if ( v->pause_flags & VPF_blocked )
        ret->flags |= RTVMM_VCPU_HALTED;
    ret->rip = v->arch.user_regs.rip;
    ret->rsp = v->arch.user_regs.rsp;
    ret->rflags = v->arch.user_regs.rflags;
    ret->clock_ns = NOW();
    ret->tsc_khz = v->domain->arch.tsc_khz;
}

static void read_pv(struct vcpu *v, struct rtvmm_vcpu *ret)
{
    const struct pv_vcpu *pv = &v->arch.pv;
    bool in_kernel = guest_kernel_mode(v, &v->arch.user_regs);

    ret->cr0 = pv->ctrlreg[0];
    ret->cr2 = pv->ctrlreg[2];
    /* The kernel's tables, also while a process runs: they hold the process's pages, too. */
    ret->cr3 = pagetable_get_paddr(v->arch.guest_table);
    ret->cr4 = pv->ctrlreg[4];
    ret->fs_base = pv->fs_base;
    ret->gs_base = in_kernel ? pv->gs_base_kernel : pv->gs_base_user;
    ret->kernel_gs_base = in_kernel ? pv->gs_base_user : pv->gs_base_kernel;
    ret->cpl = in_kernel ? 0 : 3;
    ret->event_callback = pv->event_callback_eip;
    ret->syscall_callback = pv->syscall_callback_eip;
    ret->tsc = v->domain->arch.vtsc ? gtime_to_gtsc(v->domain, ret->clock_ns) : rdtsc();
    ret->flags |= RTVMM_VCPU_KGS | RTVMM_VCPU_TSC;
}

static void read_hvm(struct vcpu *v, struct rtvmm_vcpu *ret)
{
    struct segment_register segment;
    struct hvm_hw_cpu state = {};

    ret->cr0 = v->arch.hvm.guest_cr[0];
    ret->cr3 = v->arch.hvm.guest_cr[3];
    ret->cr4 = v->arch.hvm.guest_cr[4];
    ret->efer = v->arch.hvm.guest_efer;
    alternative_vcall(hvm_funcs.save_cpu_ctxt, v, &state);
    ret->cr2 = v->arch.hvm.guest_cr[2];
    ret->kernel_gs_base = state.shadow_gs;
    ret->lstar = state.msr_lstar;
    hvm_get_segment_register(v, x86_seg_idtr, &segment);
    ret->idtr_base = segment.base;
    ret->idtr_limit = segment.limit;
    hvm_get_segment_register(v, x86_seg_gdtr, &segment);
    ret->gdtr_base = segment.base;
    ret->gdtr_limit = segment.limit;
    hvm_get_segment_register(v, x86_seg_fs, &segment);
    ret->fs_base = segment.base;
    hvm_get_segment_register(v, x86_seg_gs, &segment);
    ret->gs_base = segment.base;
    ret->cpl = hvm_get_cpl(v);
    ret->tsc = hvm_get_guest_tsc(v);
    ret->flags |= RTVMM_VCPU_LSTAR | RTVMM_VCPU_KGS | RTVMM_VCPU_TSC;
}

void remotetrans_registers(struct vcpu *v, struct rtvmm_vcpu *ret)
{
    read_state(v, ret);
    if ( is_pv_domain(v->domain) )
        read_pv(v, ret);
    else
        read_hvm(v, ret);
}
