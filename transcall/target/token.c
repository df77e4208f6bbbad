/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking for a token in command lines. Input: attacker-controlled guest memory. */
#include "transcall/target/token.h"

#include <string.h>

#include "remotetrans/client/session.h"
#include "transcall/kobj/mm.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/task.h"

#define CMDLINE_LOOKED_AT 4096

struct line {
	char bytes[CMDLINE_LOOKED_AT];
	size_t len;
};

static bool keep(void *context, const char *bytes, size_t len_bytes)
{
	struct line *l = context;
	size_t part = sizeof(l->bytes) - l->len;

	if (part > len_bytes)
		part = len_bytes;
	memcpy(l->bytes + l->len, bytes, part);
	l->len += part;
	return l->len < sizeof(l->bytes);
}

static const struct err *has_token(const struct kernel *k, gva_t at, const char *token, bool *ret)
{
	struct line line = {.len = 0};
	struct mm_text text;
	struct task task;

	*ret = false;
	TRY(task_read(k, at, &task));
	if (gva_is_null(task.mm))
		return NULL;
	TRY(mm_text_init(&text, k, task.mm));
	TRY(mm_cmdline(&text, task.mm, keep, &line));
	*ret = memmem(line.bytes, line.len, token, strlen(token)) != NULL;
	return NULL;
}

/* A process that cannot be read is passed over: the token may be in another. */
static const struct err *look(struct target *t, const char *token, uint32_t *ret_pid)
{
	const struct kernel *k = target_kernel(t);
	struct pid_iter it;
	uint32_t pid;
	gva_t task;
	bool found;

	*ret_pid = 0;
	TRY(pid_iter_init(&it, k, target_view(t)->pid_ns));
	for (;;) {
		const struct err *e = pid_iter_next(&it, k, &pid, &task);
		if (!e && gva_is_null(task))
			return NULL;
		if (!e)
			e = has_token(k, task, token, &found);
		if (!e && found) {
			*ret_pid = pid;
			return NULL;
		}
		TRY(target_pass_over(t, e));
	}
}

const struct err *target_find_token(struct target *t, const char *token, uint32_t *ret_pid)
{
	const struct err *e = NULL;

	TRY(target_want(t, WORKSET_TASKS));
	for (unsigned round = 0; round <= SESSION_ROUNDS_MAX; round++) {
		e = look(t, token, ret_pid);
		if (!proc_view_retries(target_view(t), e))
			break;
		TRY(target_view(t)->refresh(target_view(t)));
	}
	return e && e->kind != ERR_RACE && e->kind != ERR_FAULT ? e : NULL;
}
