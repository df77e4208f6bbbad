/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open namespaces. Input: attacker-controlled. */
#include "transcall/proc/namespace.h"

#include <errno.h>

#include "transcall/kobj/ns.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/view.h"

/* Its kind, once it is clear that the namespace is still what lies there. */
static const struct err *check(struct proc_view *view, const struct proc_namespace *ns,
			       const struct ns_kind **ret)
{
	uint64_t number;

	work_begin(&view->work);
	*ret = ns_find(ns->entry);
	if (!*ret)
		return ERR(ERR_ABSENT, "no namespace is called %.16s", ns->entry);
	TRY(ns_number(view->kernel, ns->at, *ret, &number));
	if (number != ns->number)
		return ERR(ERR_ABSENT, "the namespace is gone");
	return NULL;
}

static const struct err *fill(struct proc_view *view, const char *entry, gva_t at,
			      struct proc_namespace *ret)
{
	*ret = (struct proc_namespace){.at = at};
	snprintf(ret->entry, sizeof(ret->entry), "%.19s", entry);
	return ns_number(view->kernel, at, ns_find(entry), &ret->number);
}

const struct err *proc_namespace_open(struct proc_view *view, const struct proc_node *node,
				      struct proc_namespace *ret)
{
	const struct ns_kind *kind = ns_find(node->name);
	gva_t at;

	work_begin(&view->work);
	if (!kind)
		return ERR(ERR_ABSENT, "no namespace is called %.16s", node->name);
	TRY(view_require_access(view, node->task, EACCES));
	TRY(ns_of_task(view->kernel, node->task, kind, &at));
	return fill(view, node->name, at, ret);
}

const struct err *proc_namespace_stat(struct proc_view *view, const struct proc_namespace *ns,
				      struct stat *ret)
{
	const struct ns_kind *kind;

	*ret = (struct stat){0};
	TRY(check(view, ns, &kind));
	return ns_stat(view->kernel, ns->at, kind, ret);
}

const struct err *proc_namespace_owner(struct proc_view *view, const struct proc_namespace *ns,
				       struct proc_namespace *ret)
{
	const struct ns_kind *kind;
	gva_t owner;

	TRY(check(view, ns, &kind));
	TRY(ns_owner(view->kernel, ns->at, kind, view->user_ns, &owner));
	return fill(view, "user", owner, ret);
}

const struct err *proc_namespace_parent(struct proc_view *view, const struct proc_namespace *ns,
					struct proc_namespace *ret)
{
	const struct ns_kind *kind;
	gva_t parent;

	TRY(check(view, ns, &kind));
	TRY(ns_pid_parent(view->kernel, ns->at, view->pid_ns, &parent));
	return fill(view, "pid", parent, ret);
}

const struct err *proc_namespace_uid(struct proc_view *view, const struct proc_namespace *ns,
				     uint32_t *ret)
{
	const struct ns_kind *kind;
	uint64_t uid;

	TRY(check(view, ns, &kind));
	TRY(kfield_uint(view->kernel, ns->at, F_user_namespace_owner, &uid));
	return reader_uid(view, (uint32_t)uid, ret);
}

uint32_t proc_namespace_type(const struct proc_namespace *ns)
{
	const struct ns_kind *kind = ns_find(ns->entry);

	return kind ? ns_type(kind) : 0;
}
