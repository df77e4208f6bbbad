/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /sys/module: what lsmod reads of loaded modules. Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <string.h>

#include "remotetrans/base/scope.h"
#include "transcall/kobj/module.h"
#include "transcall/proc/kernfs.h"

const struct err *sys_module_list(struct proc_view *view, const struct proc_node *dir,
				  proc_emit emit, void *context)
{
	CLEANUP(kernfs_deinit) struct kernfs_names names = {0};
	struct list_iter it;
	struct kmodule m;
	gva_t at;

	(void)dir;
	TRY(modules_init(&it, view->kernel));
	for (;;) {
		TRY(modules_next(&it, view->kernel, &at));
		if (gva_is_null(at))
			break;
		TRY(module_read(view->kernel, at, &m));
		if (m.state != MODULE_UNFORMED && *m.name)
			TRY(kernfs_add(&names, m.name));
	}
	kernfs_list(&names, NODE_DIR, emit, context);
	return NULL;
}

const struct err *sys_module_find(struct proc_view *view, const struct proc_node *dir,
				  struct proc_node *ret)
{
	struct list_iter it;
	struct kmodule m;

	(void)dir;
	TRY(modules_init(&it, view->kernel));
	for (;;) {
		TRY(modules_next(&it, view->kernel, &ret->object));
		if (gva_is_null(ret->object))
			return ERR(ERR_ABSENT, "the guest has no module %s", ret->name);
		TRY(module_read(view->kernel, ret->object, &m));
		if (m.state != MODULE_UNFORMED && strcmp(m.name, ret->name) == 0)
			return NULL;
	}
}

/* Of a module that lives: what it needed to start is freed, so that all there is is its core. */
const struct err *sys_module_coresize(struct proc_view *view, const struct proc_node *node,
				      FILE *out)
{
	struct kmodule m;

	TRY(module_read(view->kernel, node->object, &m));
	if (m.state != MODULE_LIVE)
		return ERR(ERR_ABSENT, "module %s does not live yet, or any more", m.name);
	fprintf(out, "%u\n", m.size_bytes);
	return NULL;
}

const struct err *sys_module_initstate(struct proc_view *view, const struct proc_node *node,
				       FILE *out)
{
	static const char *const states[] = {
		[MODULE_LIVE] = "live",
		[MODULE_COMING] = "coming",
		[MODULE_GOING] = "going",
	};
	struct kmodule m;

	TRY(module_read(view->kernel, node->object, &m));
	if (m.state >= MODULE_UNFORMED)
		return ERR(ERR_RACE, "module %s is none any more", m.name);
	fprintf(out, "%s\n", states[m.state]);
	return NULL;
}

const struct err *sys_module_refcnt(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct kmodule m;

	TRY(module_read(view->kernel, node->object, &m));
	fprintf(out, "%d\n", m.references);
	return NULL;
}

/* --- holders: the modules that use it -------------------------------------------------------- */

/* The next one's name; "": that was the last. */
static const struct err *holder_next(struct list_iter *it, const struct kernel *k,
				     char ret[static MODULE_NAME_BYTES])
{
	gva_t user;

	*ret = 0;
	TRY(module_users_next(it, k, &user));
	return gva_is_null(user) ? NULL
				 : kfield_str(k, user, F_module_name, ret, MODULE_NAME_BYTES);
}

const struct err *sys_module_holder_list(struct proc_view *view, const struct proc_node *dir,
					 proc_emit emit, void *context)
{
	CLEANUP(kernfs_deinit) struct kernfs_names names = {0};
	char name[MODULE_NAME_BYTES];
	struct list_iter it;

	TRY(module_users_init(&it, view->kernel, dir->object));
	for (;;) {
		TRY(holder_next(&it, view->kernel, name));
		if (!*name)
			break;
		TRY(kernfs_add(&names, name));
	}
	kernfs_list(&names, NODE_SYMLINK, emit, context);
	return NULL;
}

const struct err *sys_module_holder_find(struct proc_view *view, const struct proc_node *dir,
					 struct proc_node *ret)
{
	char name[MODULE_NAME_BYTES];
	struct list_iter it;

	TRY(module_users_init(&it, view->kernel, dir->object));
	for (;;) {
		TRY(holder_next(&it, view->kernel, name));
		if (!*name)
			return ERR(ERR_ABSENT, "no module %s uses that one", ret->name);
		if (strcmp(name, ret->name) == 0)
			return NULL;
	}
}

const struct err *sys_module_holder(struct proc_view *view, const struct proc_node *node, char *ret,
				    size_t size_bytes)
{
	(void)view;
	snprintf(ret, size_bytes, "../../%s", node->name);
	return NULL;
}
