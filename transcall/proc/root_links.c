/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links in /proc that lead to the reader's own files. */
#include "transcall/proc/renderers.h"

const struct err *root_net(struct proc_view *view, const struct proc_node *node, char *ret,
			   size_t size_bytes)
{
	(void)view, (void)node;
	snprintf(ret, size_bytes, "self/net");
	return NULL;
}

const struct err *root_mounts(struct proc_view *view, const struct proc_node *node, char *ret,
			      size_t size_bytes)
{
	(void)view, (void)node;
	snprintf(ret, size_bytes, "self/mounts");
	return NULL;
}
