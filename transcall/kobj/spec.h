/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec - speculation mitigations of a task, as /proc/PID/status words them. */
#ifndef TC_KOBJ_SPEC_H
#define TC_KOBJ_SPEC_H

#include "transcall/kobj/kernel.h"

/* Speculation_Store_Bypass, and SpeculationIndirectBranch (since 5.11). */
MUST_CHECK const struct err *spec_store_bypass(const struct kernel *k, gva_t task,
					       const char **ret);
MUST_CHECK const struct err *spec_indirect_branch(const struct kernel *k, gva_t task,
						  const char **ret);

#endif
