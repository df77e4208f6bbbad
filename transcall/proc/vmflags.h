/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmflags - the flags of a mapped area, and its protection key, as smaps has them. */
#ifndef TC_PROC_VMFLAGS_H
#define TC_PROC_VMFLAGS_H

#include <stdio.h>

#include "transcall/kobj/kernel.h"

/* The lines "ProtectionKey:", where the processor has them, and "VmFlags:". */
MUST_CHECK const struct err *vmflags_print(const struct kernel *k, uint64_t flags, FILE *out);

#endif
