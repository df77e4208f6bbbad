/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/auxv (auxv_read(), fs/proc/base.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <errno.h>

#include "transcall/kobj/task.h"
#include "transcall/proc/view.h"

#define WORD_BYTES     8
#define PAIR_BYTES     16
#define AUXV_BYTES_MAX 1024 /* AT_VECTOR_SIZE is below 64 words */

/* Pairs of type and value, up to and with AT_NULL. */
const struct err *pid_auxv(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	uint32_t size = view->kernel->profile->fields[F_mm_struct_saved_auxv].size_bytes;
	uint8_t bytes[AUXV_BYTES_MAX];
	struct task t;

	TRY(view_require_access(view, node->task, EACCES));
	TRY(task_read(view->kernel, node->task, &t));
	if (gva_is_null(t.mm))
		return NULL;
	if (size > sizeof(bytes))
		size = sizeof(bytes);
	TRY(kfield_bytes(view->kernel, t.mm, F_mm_struct_saved_auxv, bytes, size));
	for (uint32_t at = 0; at + PAIR_BYTES <= size; at += PAIR_BYTES) {
		uint8_t type = 0;

		fwrite(bytes + at, 1, PAIR_BYTES, out);
		for (unsigned i = 0; i < WORD_BYTES; i++)
			type |= bytes[at + i];
		if (!type)
			return NULL;
	}
	return NULL;
}
