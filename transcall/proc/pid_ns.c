/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/ns. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/ns.h"
#include "transcall/proc/renderers.h"

static const struct err *ns_of_node(struct proc_view *view, const struct proc_node *node,
				    const struct ns_kind **ret_kind, gva_t *ret)
{
	*ret_kind = ns_find(node->name);
	if (!*ret_kind)
		return ERR(ERR_ABSENT, "no namespace is called %.64s", node->name);
	return ns_of_task(view->kernel, node->task, *ret_kind, ret);
}

const struct err *pid_ns_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				  size_t size_bytes)
{
	const struct ns_kind *kind;
	uint64_t number;
	gva_t ns;

	TRY(ns_of_node(view, node, &kind, &ns));
	TRY(ns_number(view->kernel, ns, kind, &number));
	snprintf(ret, size_bytes, "%s:[%" PRIu64 "]", ns_kind_name(kind), number);
	return NULL;
}

const struct err *pid_ns_stat(struct proc_view *view, const struct proc_node *node,
			      struct stat *ret)
{
	const struct ns_kind *kind;
	gva_t ns;

	TRY(ns_of_node(view, node, &kind, &ns));
	return ns_stat(view->kernel, ns, kind, ret);
}
