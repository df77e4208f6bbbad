/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where tasks sleep (kernel/sched/core.c, arch/x86/kernel/process.c). Input: attacker-controlled.
 */
#include "transcall/kobj/wchan.h"

#include <stdio.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/stack.h"

#define TASK_WAKING    0x200u /* include/linux/sched.h */
#define FRAMES_MAX     64
#define OLD_FRAMES_MAX 17 /* do ... while (count++ < 16) */

/* Blocked, and not about to be woken. */
static const struct err *sleeps(const struct kernel *k, gva_t task, bool *ret)
{
	uint64_t state, queued;

	TRY(kfield_uint(k, task, F_task_struct_state, &state));
	TRY(kfield_uint(k, task, F_task_struct_on_rq, &queued));
	*ret = state != 0 && state != TASK_WAKING && !queued;
	return NULL;
}

static bool between(const struct kernel *k, uint64_t address, enum symbol_id from,
		    enum symbol_id to)
{
	return address >= kernel_symbol(k, from).v && address < kernel_symbol(k, to).v;
}

bool wchan_in_scheduler(const struct kernel *k, gva_t address)
{
	return between(k, address.v, S___lock_text_start, S___lock_text_end) ||
	       between(k, address.v, S___sched_text_start, S___sched_text_end);
}

/* __get_wchan(), since 5.16: the first frame outside the scheduler, or the topmost in it. */
static const struct err *address_by_orc(const struct kernel *k, struct stack_walk *w, gva_t *ret)
{
	for (unsigned i = 0; i < FRAMES_MAX && !w->done; i++) {
		bool text;

		TRY(kallsyms_is_text(k, gva(w->ip), &text));
		*ret = gva(text ? w->ip : 0);
		if (!text || !wchan_in_scheduler(k, gva(w->ip)))
			return NULL;
		TRY(stack_walk_next(w));
	}
	return NULL;
}

/* get_wchan() until 5.15: frame pointers, which a kernel with ORC does not keep: mostly nothing. */
static const struct err *address_by_frames(const struct kernel *k, const struct stack_walk *w,
					   gva_t *ret)
{
	uint64_t bp = w->bp, ip;

	for (unsigned i = 0; i < OLD_FRAMES_MAX; i++) {
		bool ok;

		TRY(stack_word(w, bp + 8, &ip, &ok));
		if (!ok || bp - w->bottom.v > STACK_BYTES - 16)
			return NULL;
		if (!wchan_in_scheduler(k, gva(ip))) {
			*ret = gva(ip);
			return NULL;
		}
		TRY(stack_word(w, bp, &bp, &ok));
	}
	return NULL;
}

const struct err *wchan_address(const struct kernel *k, gva_t task, gva_t *ret)
{
	bool has_orc = k->profile->has_symbol[S___get_wchan], asleep;
	struct stack_walk w;
	uint64_t state;

	*ret = gva(0);
	TRY(sleeps(k, task, &asleep));
	TRY(kfield_uint(k, task, F_task_struct_state, &state));
	if (has_orc ? !asleep : state == 0)
		return NULL;
	const struct err *e = stack_walk_init(&w, k, task);
	if (e)
		return e->kind == ERR_ABSENT ? NULL : e;
	if (w.done)
		return NULL;
	return has_orc ? address_by_orc(k, &w, ret) : address_by_frames(k, &w, ret);
}

const struct err *wchan_name(const struct kernel *k, gva_t task, char *ret, size_t size_bytes)
{
	const struct err *e;
	gva_t address;

	snprintf(ret, size_bytes, "0");
	TRY(wchan_address(k, task, &address));
	if (gva_is_null(address))
		return NULL;
	e = kallsyms_name(k, address, ret, size_bytes);
	if (!e || e->kind != ERR_ABSENT)
		return e;
	snprintf(ret, size_bytes, "0");
	return NULL;
}
