/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/syscall (proc_pid_syscall(), lib/syscall.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <errno.h>
#include <inttypes.h>

#include "transcall/kobj/stack.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/view.h"

/* struct pt_regs (arch/x86/include/uapi/asm/ptrace.h): words of the interrupted task */
enum reg { R10 = 7, R9 = 8, R8 = 9, DX = 12, SI = 13, DI = 14, ORIG_AX = 15, IP = 16, SP = 19 };
#define REGS       21
#define FRED_BYTES 16 /* TOP_OF_KERNEL_STACK_PADDING, with CONFIG_X86_FRED */
#define COMPAT     2  /* TS_COMPAT: registers of a 32-bit system call */

static const struct err *regs_read(const struct kernel *k, gva_t stack, uint64_t ret[static REGS])
{
	uint64_t padding = k->profile->sizes[SIZE_fred_frame] ? FRED_BYTES : 0;

	for (unsigned i = 0; i < REGS; i++)
		TRY(kread_u64(k, gva_add(stack, STACK_BYTES - padding - 8 * (REGS - (uint64_t)i)),
			      &ret[i]));
	return NULL;
}

static void regs_print(const uint64_t *r, FILE *out)
{
	static const enum reg arguments[] = {DI, SI, DX, R10, R8, R9};

	fprintf(out, "%d", (int)r[ORIG_AX]);
	for (unsigned i = 0; (int)r[ORIG_AX] >= 0 && i < 6; i++)
		fprintf(out, " 0x%" PRIx64, r[arguments[i]]);
	fprintf(out, " 0x%" PRIx64 " 0x%" PRIx64 "\n", r[SP], r[IP]);
}

const struct err *pid_syscall(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t regs[REGS] = {[ORIG_AX] = UINT64_MAX}, status;
	bool runnable;
	struct task t;
	gva_t stack;

	TRY(view_require_access(view, node->task, EPERM));
	TRY(task_read(k, node->task, &t));
	TRY(task_is_runnable(k, &t, &runnable));
	if (runnable) {
		fputs("running\n", out);
		return NULL;
	}
	TRY(kfield_uint(k, node->task, F_task_struct_thread_status, &status));
	if (status & COMPAT)
		return ERR(ERR_ABSENT, "a 32-bit system call's arguments are not rebuilt");
	TRY(kfield_ptr(k, node->task, F_task_struct_stack, &stack));
	if (!gva_is_null(stack))
		TRY(regs_read(k, stack, regs));
	regs_print(regs, out);
	return NULL;
}
