/* SPDX-License-Identifier: MIT */
/* Fixed-width integers, from the compiler's own headers or from the hypervisor's. */
#ifndef VMM_CORE_TYPES_H
#define VMM_CORE_TYPES_H

#ifdef __XEN__
#include <xen/types.h>
#include <xen/stdbool.h>
#ifndef UINT64_MAX
#define UINT64_MAX (~(uint64_t)0)
#endif
#ifndef RTVMM_NO_STDINT
#define RTVMM_NO_STDINT
#endif
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "vmm/include/rtvmm.h"

#endif
