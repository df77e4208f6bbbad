/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcoreinfo - registers for a memory image that has none: where the guest kernel's page tables
 * are, from the note that Linux keeps in its memory for crash dumps (kernel/crash_core.c).
 */
#ifndef RT_SERVER_VMCOREINFO_H
#define RT_SERVER_VMCOREINFO_H

#include "remotetrans/base/vcpu.h"
#include "remotetrans/server/memory.h"

/* One vCPU with what can be known. FAULT: no such note in @m. */
MUST_CHECK const struct err *vmcoreinfo_vcpu(const struct memory *m, struct vcpu *ret);

#endif
