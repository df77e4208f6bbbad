/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What proc/tree.h has beside finding paths and reading links: a tree without contents. */
#include "transcall/proc/tree.h"

static const struct err *nothing(void)
{
	return ERR(ERR_ABSENT, "no contents");
}

const struct err *proc_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			    void *context)
{
	(void)view, (void)dir, (void)emit, (void)context;
	return nothing();
}

const struct err *proc_attr(struct proc_view *view, const struct proc_node *node, struct stat *ret)
{
	(void)view, (void)node, (void)ret;
	return nothing();
}

const struct err *proc_render(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)view, (void)node, (void)out;
	return nothing();
}

const struct err *proc_stat_target(struct proc_view *view, const struct proc_node *node,
				   struct stat *ret)
{
	(void)view, (void)node, (void)ret;
	return nothing();
}

const struct err *proc_socket_protocol(struct proc_view *view, const struct proc_node *node,
				       char *ret, size_t size_bytes)
{
	(void)view, (void)node, (void)ret, (void)size_bytes;
	return nothing();
}
