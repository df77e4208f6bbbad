/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view - the reader's rights and numbers, for renderers. */
#ifndef TC_PROC_VIEW_H
#define TC_PROC_VIEW_H

#include "transcall/proc/tree.h"

/**
 * view_may_access() - ptrace_may_access() by a root child of the reader
 *
 * True when the reader's user namespace is @task's or one above: root holds CAP_SYS_PTRACE there.
 */
MUST_CHECK const struct err *view_may_access(const struct proc_view *view, gva_t task, bool *ret);

/* A kernel id as the reader sees it. */
MUST_CHECK const struct err *view_uid(const struct proc_view *view, uint32_t kuid, uint32_t *ret);
MUST_CHECK const struct err *view_gid(const struct proc_view *view, uint32_t kgid, uint32_t *ret);

#endif
