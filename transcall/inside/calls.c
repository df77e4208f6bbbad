/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a system call. Input: the program's arguments; see path.c. */
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>

#include "transcall/inside/handlers.h"

#define CALLS_MAX  512
#define POLLED_MAX 1024

/* While a child runs in this memory (vfork), its descriptors are not those that are noted here. */
static long lent_by;

bool on_mmap(struct call *c)
{
	file_make_real((int)c->args[4]);
	return false;
}

/* What the second number stood for ends with the call, or the call fails and nothing changes. */
bool on_dup2(struct call *c)
{
	file_make_real((int)c->args[0]);
	file_make_real((int)c->args[1]);
	file_forget((int)c->args[1]);
	return false;
}

bool on_dup3(struct call *c)
{
	return on_dup2(c);
}

bool on_close_range(struct call *c)
{
	(void)c;
	file_make_all_real();
	file_lose_stand_in();
	return false;
}

bool on_poll(struct call *c)
{
	const struct pollfd *polled = (const struct pollfd *)c->args[0];

	for (long i = 0; i < c->args[1] && i < POLLED_MAX; i++)
		file_make_real(polled[i].fd);
	return false;
}

/* --- processes and threads ----------------------------------------------------------------- */

/* A child shares the places in its descriptors with us; a thread all we note. */
static bool before_clone(uint64_t flags)
{
	file_make_all_real();
	if ((flags & CLONE_VM) && (flags & CLONE_VFORK))
		lent_by = raw3(SYS_getpid, 0, 0, 0);
	else if (flags & (CLONE_VM | CLONE_FILES))
		patch_undo();
	return false;
}

bool on_clone(struct call *c)
{
	return before_clone((uint64_t)c->args[0]);
}

bool on_clone3(struct call *c)
{
	return before_clone(((const struct clone_args *)c->args[0])->flags);
}

bool on_vfork(struct call *c)
{
	(void)c;
	return before_clone(CLONE_VM | CLONE_VFORK);
}

/* Is this the child that runs in our memory? */
static bool is_lent(void)
{
	if (lent_by && lent_by == raw3(SYS_getpid, 0, 0, 0))
		lent_by = 0;
	return lent_by;
}

/* --- which is which ------------------------------------------------------------------------ */

static bool make_first_real(struct call *c)
{
	file_make_real((int)c->args[0]);
	return false;
}

static bool make_every_real(struct call *c)
{
	(void)c;
	file_make_all_real();
	return false;
}

static bool (*const handlers[CALLS_MAX])(struct call *c) = {
#define HOT(name_)   [SYS_##name_] = on_##name_,
#define FIRST(name_) [SYS_##name_] = make_first_real,
#define EVERY(name_) [SYS_##name_] = make_every_real,
#include "transcall/inside/calls.def"
#undef HOT
#undef FIRST
#undef EVERY
};

bool inside_cares(long nr)
{
	return nr >= 0 && nr < CALLS_MAX && handlers[nr];
}

bool inside_call(struct call *c)
{
	if (!inside_cares(c->nr) || is_lent())
		return false;
	return handlers[c->nr](c);
}
