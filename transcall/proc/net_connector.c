/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/connector (drivers/connector/connector.c). Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/list.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define NAME_BYTES 33 /* CN_CBQ_NAMELEN, and a NUL */

static const struct err *callback_render(const struct kernel *k, gva_t at, FILE *out)
{
	uint64_t index, value;
	char name[NAME_BYTES];

	TRY(kfield_str(k, at, F_cn_callback_name, name, sizeof(name)));
	TRY(kfield_uint(k, at, F_cn_callback_idx, &index));
	TRY(kfield_uint(k, at, F_cn_callback_val, &value));
	fprintf(out, "%-15s %" PRIu64 ":%" PRIu64 "\n", name, index, value);
	return NULL;
}

const struct err *net_connector(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct list_iter it;
	gva_t queue, at;

	(void)node;
	fputs("Name            ID\n", out);
	TRY(kfield_ptr(k, kernel_symbol(k, S_cdev), F_cn_dev_queue, &queue));
	TRY(list_init(&it, k, kfield_at(k, queue, F_cn_queue_dev_list)));
	for (;;) {
		long start = ftell(out);
		const struct err *e = list_next(&it, k, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (!e)
			e = callback_render(k, kfield_container(k, at, F_cn_callback_entry), out);
		TRY(view_pass_line(view, out, start, e));
	}
}
