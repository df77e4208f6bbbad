/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl_show - the values of /proc/sys as text. */
#ifndef TC_PROC_SYSCTL_SHOW_H
#define TC_PROC_SYSCTL_SHOW_H

#include "transcall/proc/rows.h"

#include "transcall/kobj/sysctl.h"

/* The name is the last component of @node's. */
typedef const struct err *sysctl_show_fn(struct proc_view *view, const struct proc_node *node,
					 const struct sysctl_entry *entry, FILE *out);

#define HANDLER(name, show)            sysctl_show_fn show;
#define HANDLER_AT(name, show, symbol) sysctl_show_fn show;
#include "transcall/proc/sysctl.def"
#undef HANDLER
#undef HANDLER_AT

/* The last component of @node's path below /proc/sys. */
const char *sysctl_name(const struct proc_node *node);

#endif
