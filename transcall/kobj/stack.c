/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel stacks (arch/x86/kernel/unwind_orc.c). Input: attacker-controlled. */
#include "transcall/kobj/stack.h"

#include "transcall/kobj/orc.h"

/* arch/x86/include/asm/ptrace.h: offsets within struct pt_regs, and from where iret finds them */
#define REGS_BP 32
#define REGS_IP 128
#define IRET_CS 8
#define IRET_SP 24
#define CS_USER 3u /* of CS: the privilege level */

/* The size of struct inactive_task_frame: the return address is its last member. */
static uint64_t inactive_bytes(const struct kernel *k)
{
	const struct field *f = &k->profile->fields[F_inactive_task_frame_ret_addr];

	return f->offset_bytes + (uint64_t)f->size_bytes;
}

const struct err *stack_walk_init(struct stack_walk *w, const struct kernel *k, gva_t task)
{
	gva_t frame;

	*w = (struct stack_walk){.k = k};
	TRY(kfield_ptr(k, task, F_task_struct_stack, &w->bottom));
	TRY(kfield_ptr(k, task, F_thread_sp, &frame));
	if (gva_is_null(w->bottom))
		return ERR_AT(ERR_ABSENT, task.v, "the task has no stack any more");
	if (frame.v - w->bottom.v >= STACK_BYTES) {
		w->done = true;
		return NULL;
	}
	w->sp = frame.v + inactive_bytes(k);
	TRY(kfield_uint(k, frame, F_inactive_task_frame_bp, &w->bp));
	return kfield_uint(k, frame, F_inactive_task_frame_ret_addr, &w->ip);
}

const struct err *stack_word(const struct stack_walk *w, uint64_t at, uint64_t *ret, bool *ret_ok)
{
	*ret_ok = at - w->bottom.v <= STACK_BYTES - 8;
	return *ret_ok ? kread_u64(w->k, gva(at), ret) : NULL;
}

/* What code without an entry is taken for: one that keeps a frame pointer (orc_fp_entry). */
static const struct orc_entry frame_pointer = {
	.frame = ORC_FRAME_CALL,
	.sp_base = ORC_BASE_BP,
	.sp_offset = 16,
	.bp_base = ORC_BASE_PREVIOUS_SP,
	.bp_offset = -16,
};

static const struct err *entry_at(const struct stack_walk *w, struct orc_entry *ret)
{
	const struct err *e = orc_find(w->k, gva(w->signal ? w->ip : w->ip - 1), ret);

	if (e && e->kind == ERR_ABSENT) {
		*ret = frame_pointer;
		return NULL;
	}
	return e;
}

/* The stack pointer of the caller. */
static const struct err *previous_sp(const struct stack_walk *w, const struct orc_entry *entry,
				     uint64_t *ret, bool *ret_ok)
{
	uint64_t offset = (uint64_t)(int64_t)entry->sp_offset;

	*ret_ok = true;
	switch (entry->sp_base) {
	case ORC_BASE_SP:
		*ret = w->sp + offset;
		return NULL;
	case ORC_BASE_BP:
		*ret = w->bp + offset;
		return NULL;
	case ORC_BASE_BP_INDIRECT:
		return stack_word(w, w->bp + offset, ret, ret_ok);
	case ORC_BASE_SP_INDIRECT:
		TRY(stack_word(w, w->sp, ret, ret_ok));
		*ret += *ret_ok ? offset : 0;
		return NULL;
	default:
		*ret_ok = false;
		return NULL;
	}
}

static const struct err *previous_bp(struct stack_walk *w, const struct orc_entry *entry,
				     uint64_t sp, bool *ret_ok)
{
	uint64_t offset = (uint64_t)(int64_t)entry->bp_offset;

	*ret_ok = true;
	switch (entry->bp_base) {
	case ORC_BASE_NONE:
		return NULL;
	case ORC_BASE_PREVIOUS_SP:
		return stack_word(w, sp + offset, &w->bp, ret_ok);
	case ORC_BASE_BP:
		return stack_word(w, w->bp + offset, &w->bp, ret_ok);
	default:
		*ret_ok = false;
		return NULL;
	}
}

/* deref_stack_regs(), deref_stack_iret_regs(): kernel code that was interrupted is above. */
static const struct err *regs_pass(struct stack_walk *w, const struct orc_entry *entry, uint64_t at)
{
	uint64_t iret = entry->frame == ORC_FRAME_REGS ? at + REGS_IP : at, cs, ip, sp;
	bool ok;

	TRY(stack_word(w, iret + IRET_CS, &cs, &ok));
	if (!ok || cs & CS_USER)
		return NULL;
	TRY(stack_word(w, iret, &ip, &ok));
	TRY(stack_word(w, iret + IRET_SP, &sp, &ok));
	if (!ok || sp <= w->sp)
		return NULL;
	if (entry->frame == ORC_FRAME_REGS)
		TRY(stack_word(w, at + REGS_BP, &w->bp, &ok));
	w->ip = ip;
	w->sp = sp;
	w->signal = true;
	w->done = false;
	return NULL;
}

/* The stack pointer must grow, so the walk ends. */
const struct err *stack_walk_next(struct stack_walk *w)
{
	struct orc_entry entry;
	uint64_t sp = 0;
	bool ok;

	if (w->done)
		return NULL;
	w->done = true;
	TRY(entry_at(w, &entry));
	if (entry.frame == ORC_FRAME_END)
		return NULL;
	TRY(previous_sp(w, &entry, &sp, &ok));
	if (ok && entry.frame != ORC_FRAME_CALL)
		return regs_pass(w, &entry, sp);
	if (!ok || sp <= w->sp)
		return NULL;
	TRY(stack_word(w, sp - 8, &w->ip, &ok));
	if (!ok)
		return NULL;
	w->sp = sp;
	w->signal = entry.signal;
	TRY(previous_bp(w, &entry, sp, &ok));
	w->done = !ok;
	return NULL;
}
