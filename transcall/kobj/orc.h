/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * orc - the stack layout at each instruction of the kernel and its modules, as ORC tables have it.
 * (Documentation/arch/x86/orc-unwinder.rst)
 */
#ifndef TC_KOBJ_ORC_H
#define TC_KOBJ_ORC_H

#include "transcall/kobj/kernel.h"

enum orc_base { /* what an offset counts from */
		ORC_BASE_NONE,
		ORC_BASE_SP,
		ORC_BASE_BP,
		ORC_BASE_SP_INDIRECT,
		ORC_BASE_BP_INDIRECT,
		ORC_BASE_PREVIOUS_SP,
		ORC_BASE_OTHER /* registers that only interrupted code has saved */
};

enum orc_frame {
	ORC_FRAME_END,  /* nothing is above */
	ORC_FRAME_CALL, /* a return address below the previous stack pointer */
	ORC_FRAME_REGS, /* saved registers (struct pt_regs) */
	ORC_FRAME_IRET  /* the last of them, as the processor saves them */
};

struct orc_entry {
	enum orc_frame frame;
	enum orc_base sp_base, bp_base;
	int32_t sp_offset, bp_offset;
	bool signal; /* the next address up is no return address */
};

/**
 * orc_find() - the entry for the instruction at @ip
 *
 * Return: NULL; ABSENT: there is none; FAULT; fatal.
 */
MUST_CHECK const struct err *orc_find(const struct kernel *k, gva_t ip, struct orc_entry *ret);

#endif
