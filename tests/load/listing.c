/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A listing of a remote VM, as ps-vm makes it. Input: attacker-controlled guest memory. */
#include "tests/load/listing.h"

#include "remotetrans/client/session.h"
#include "transcall/kobj/pid.h"

#define TASKS_MAX 100000

static const struct err *count_tasks(struct target *t, unsigned *ret)
{
	const struct kernel *k = target_kernel(t);
	struct pid_iter it;
	char name[64];
	uint32_t pid;
	gva_t task;

	*ret = 0;
	TRY(pid_iter_init(&it, k, target_view(t)->pid_ns));
	while (*ret < TASKS_MAX) {
		TRY(pid_iter_next(&it, k, &pid, &task));
		if (gva_is_null(task))
			return NULL;
		TRY(kfield_str(k, task, F_task_struct_comm, name, sizeof(name)));
		++*ret;
	}
	return ERR(ERR_RACE, "more than %d processes", TASKS_MAX);
}

const struct err *listing_take(struct target *t, unsigned *ret)
{
	const struct err *e = NULL;

	target_slept(t);
	TRY(target_want(t, WORKSET_NAMES));
	for (unsigned round = 0; round <= SESSION_ROUNDS_MAX; round++) {
		e = count_tasks(t, ret);
		if (!e || e->kind != ERR_RACE)
			break;
		TRY(target_view(t)->refresh(target_view(t)));
	}
	return e;
}

const struct err *listing_open(const char *name, struct target **ret)
{
	const struct target_options options = {.sets = WORKSET_NAMES};

	return target_open(name, &options, ret);
}
