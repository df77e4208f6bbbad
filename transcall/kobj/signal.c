/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals and limits. Input: attacker-controlled. */
#include "transcall/kobj/signal.h"

#include <endian.h>
#include <string.h>

#define SIGACTION_BYTES_MAX   64   /* struct k_sigaction: 32 */
#define RLIMIT_BYTES          16   /* struct rlimit: two u64 */
#define LIMIT_SIGPENDING      11   /* RLIMIT_SIGPENDING */
#define HANDLER_DEFAULT       0    /* SIG_DFL */
#define HANDLER_IGNORE        1    /* SIG_IGN */
#define GROUP_EXIT_OR_STOPPED 0x5u /* SIGNAL_GROUP_EXIT | SIGNAL_STOP_STOPPED */

/* collect_sigign_sigcatch() */
static void handler_count(uint64_t handler, unsigned number, struct signal_sets *ret)
{
	if (handler == HANDLER_IGNORE)
		ret->ignored |= UINT64_C(1) << number;
	else if (handler != HANDLER_DEFAULT)
		ret->caught |= UINT64_C(1) << number;
}

static const struct err *handlers_read(const struct kernel *k, gva_t sighand,
				       struct signal_sets *ret)
{
	uint32_t stride = k->profile->sizes[SIZE_k_sigaction];
	uint32_t offset = k->profile->fields[F_k_sigaction_handler].offset_bytes;
	uint8_t actions[SIGNAL_COUNT * SIGACTION_BYTES_MAX];
	uint64_t handler;

	if (stride > SIGACTION_BYTES_MAX || offset + sizeof(handler) > stride)
		return ERR(ERR_PROFILE, "a k_sigaction of %u bytes", stride);
	TRY(kread(k, kfield_at(k, sighand, F_sighand_struct_action), actions,
		  SIGNAL_COUNT * stride));
	for (unsigned i = 0; i < SIGNAL_COUNT; i++) {
		memcpy(&handler, actions + i * stride + offset, sizeof(handler));
		handler_count(le64toh(handler), i, ret);
	}
	return NULL;
}

const struct err *signal_read_sets(const struct kernel *k, const struct task *t,
				   struct signal_sets *ret)
{
	*ret = (struct signal_sets){0};
	if (gva_is_null(t->sighand)) /* lock_task_sighand() */
		return NULL;
	TRY(kfield_uint(k, t->at, F_task_struct_pending_signal, &ret->pending));
	TRY(kfield_uint(k, t->signal, F_signal_struct_shared_pending_signal, &ret->shared_pending));
	TRY(kfield_uint(k, t->at, F_task_struct_blocked, &ret->blocked));
	return handlers_read(k, t->sighand, ret);
}

static const struct err *limit_read(const struct kernel *k, gva_t signal, unsigned number,
				    uint64_t *ret_soft, uint64_t *ret_hard)
{
	gva_t at = gva_add(kfield_at(k, signal, F_signal_struct_rlim), RLIMIT_BYTES * number);

	TRY(kread_u64(k, at, ret_soft));
	return kread_u64(k, gva_add(at, 8), ret_hard);
}

/* Counted per user until 5.14, per user and namespace since. */
static const struct err *queued_read(const struct kernel *k, gva_t task, uint64_t *ret)
{
	int64_t type = k->profile->enumerators[E_UCOUNT_RLIMIT_SIGPENDING].value;
	gva_t cred, user;

	TRY(kfield_ptr(k, task, F_task_struct_real_cred, &cred));
	if (profile_has(k->profile, F_user_struct_sigpending)) {
		TRY(kfield_ptr(k, cred, F_cred_user, &user));
		return kfield_uint(k, user, F_user_struct_sigpending, ret);
	}
	TRY(kfield_ptr(k, cred, F_cred_ucounts, &user));
	return kread_u64(k, gva_add(kfield_at(k, user, F_ucounts_rlimit), 8 * (uint64_t)type), ret);
}

const struct err *signal_read_queue(const struct kernel *k, const struct task *t,
				    struct signal_queue *ret)
{
	uint64_t hard;

	*ret = (struct signal_queue){0};
	if (gva_is_null(t->sighand))
		return NULL;
	TRY(queued_read(k, t->at, &ret->queued));
	return limit_read(k, t->signal, LIMIT_SIGPENDING, &ret->limit, &hard);
}

const struct err *signal_read_limit(const struct kernel *k, const struct task *t, unsigned number,
				    uint64_t *ret_soft)
{
	uint64_t hard;

	return limit_read(k, t->signal, number, ret_soft, &hard);
}

const struct err *signal_read_limits(const struct kernel *k, const struct task *t,
				     struct signal_limits *ret)
{
	if (gva_is_null(t->sighand))
		return ERR(ERR_ABSENT, "the process is gone");
	for (unsigned i = 0; i < SIGNAL_LIMITS; i++)
		TRY(limit_read(k, t->signal, i, &ret->soft[i], &ret->hard[i]));
	return NULL;
}

const struct err *signal_thread_count(const struct kernel *k, const struct task *t, uint32_t *ret)
{
	int64_t count;

	*ret = 0;
	if (gva_is_null(t->sighand))
		return NULL;
	TRY(kfield_int(k, t->signal, F_signal_struct_nr_threads, &count));
	*ret = (uint32_t)count;
	return NULL;
}

const struct err *signal_exit_code(const struct kernel *k, const struct task *t, bool whole,
				   int32_t *ret)
{
	int64_t code, group_code;
	uint64_t flags;

	TRY(kfield_int(k, t->at, F_task_struct_exit_code, &code));
	*ret = (int32_t)code;
	/* Since the rework that moved core_state to signal_struct (5.17). */
	if (!whole || gva_is_null(t->sighand) ||
	    !profile_has(k->profile, F_signal_struct_core_state))
		return NULL;
	TRY(kfield_uint(k, t->signal, F_signal_struct_flags, &flags));
	TRY(kfield_int(k, t->signal, F_signal_struct_group_exit_code, &group_code));
	if (flags & GROUP_EXIT_OR_STOPPED)
		*ret = (int32_t)group_code;
	return NULL;
}
