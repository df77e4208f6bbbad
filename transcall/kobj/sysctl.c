/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of /proc/sys. Input: attacker-controlled. */
#include "transcall/kobj/sysctl.h"

#include <string.h>

#include "transcall/kobj/ns.h"
#include "transcall/kobj/task.h"

#define HEADER_TABLES_MAX 65536u /* entries of one header */

/* An entry as it lies in its directory: links are not followed. */
struct raw_entry {
	gva_t header, table;
	uint32_t mode;
	gva_t data;
};

/* --- the trees ------------------------------------------------------------------------------ */

static void add_tree(const struct kernel *k, struct sysctl_trees *t, gva_t owner, enum field_id set)
{
	if (!gva_is_null(owner) && profile_has(k->profile, set))
		t->own[t->own_count++] =
			kfield_at(k, kfield_at(k, owner, set), F_ctl_table_set_dir);
}

/* The namespaces of one who has ended are gone, and so are their trees. */
const struct err *sysctl_trees_of_task(const struct kernel *k, gva_t task, struct sysctl_trees *ret)
{
	gva_t net, ipc, user, pid, nsproxy;

	ret->own_count = 0;
	ret->all = kfield_at(k, kernel_symbol(k, S_sysctl_table_root), F_ctl_table_root_set_dir);
	TRY(kfield_ptr(k, task, F_task_struct_nsproxy, &nsproxy));
	if (gva_is_null(nsproxy))
		return ERR_AT(ERR_ABSENT, task.v, "the task has no namespaces any more");
	TRY(kfield_ptr(k, nsproxy, F_nsproxy_net, &net));
	TRY(kfield_ptr(k, nsproxy, F_nsproxy_ipc, &ipc));
	TRY(task_user_ns(k, task, &user));
	TRY(task_pid_ns(k, task, &pid));
	add_tree(k, ret, net, F_net_sysctls);
	add_tree(k, ret, user, F_user_namespace_set);
	add_tree(k, ret, ipc, F_ipc_namespace_set);
	add_tree(k, ret, ipc, F_ipc_namespace_mq_set);
	add_tree(k, ret, pid, F_pid_namespace_set);
	return NULL;
}

/* lookup_header_set(): the tree of the namespace whose kind is @root. */
static const struct err *tree_of_root(const struct kernel *k, const struct sysctl_trees *trees,
				      gva_t root, gva_t *ret)
{
	for (unsigned i = 0; i < trees->own_count; i++) {
		gva_t of;

		TRY(kfield_ptr(k, trees->own[i], F_ctl_dir_header_root, &of));
		*ret = trees->own[i];
		if (gva_equal(of, root))
			return NULL;
	}
	return ERR_AT(ERR_ABSENT, root.v, "a kind of namespace that has no tables");
}

/* --- one directory -------------------------------------------------------------------------- */

/* The entry of a struct ctl_node: which of its header's, its place among the nodes says. */
static const struct err *node_entry(const struct kernel *k, gva_t node, struct raw_entry *ret)
{
	uint32_t node_bytes = k->profile->sizes[SIZE_ctl_node];
	gva_t nodes, tables;
	uint64_t mode;

	TRY(kfield_ptr(k, node, F_ctl_node_header, &ret->header));
	TRY(kfield_ptr(k, ret->header, F_ctl_table_header_node, &nodes));
	TRY(kfield_ptr(k, ret->header, F_ctl_table_header_table, &tables));
	uint64_t index = (node.v - nodes.v) / node_bytes;
	if (index >= HEADER_TABLES_MAX)
		return ERR_AT(ERR_RACE, node.v, "a node that is not its header's");
	ret->table = gva_add(tables, index * k->profile->sizes[SIZE_ctl_table]);
	TRY(kfield_ptr(k, ret->table, F_ctl_table_data, &ret->data));
	TRY(kfield_uint(k, ret->table, F_ctl_table_mode, &mode));
	ret->mode = (uint32_t)mode;
	return NULL;
}

static const struct err *entry_name(const struct kernel *k, const struct raw_entry *e,
				    char ret[static SYSCTL_NAME_BYTES])
{
	gva_t name;

	TRY(kfield_ptr(k, e->table, F_ctl_table_procname, &name));
	return kread_str(k, name, ret, SYSCTL_NAME_BYTES);
}

/* namecmp() */
static int name_compare(const char *a, size_t len, const char *b)
{
	size_t other = strlen(b), least = len < other ? len : other;
	int order = memcmp(a, b, least);

	return order ? order : (len > other) - (len < other);
}

/* find_entry() */
static const struct err *dir_find(const struct kernel *k, gva_t dir, const char *name, size_t len,
				  struct raw_entry *ret)
{
	char other[SYSCTL_NAME_BYTES];
	gva_t node;

	TRY(kfield_ptr(k, dir, F_ctl_dir_root, &node));
	for (unsigned depth = 0; !gva_is_null(node); depth++) {
		if (depth == RBTREE_DEPTH_MAX)
			return ERR_AT(ERR_RACE, dir.v, "a directory of /proc/sys is too deep");
		TRY(node_entry(k, kfield_container(k, node, F_ctl_node_node), ret));
		TRY(entry_name(k, ret, other));
		int order = name_compare(name, len, other);
		if (order == 0)
			return NULL;
		TRY(kfield_ptr(k, node, order < 0 ? F_rb_node_left : F_rb_node_right, &node));
	}
	return ERR(ERR_ABSENT, "the guest has no %.*s there", (int)len, name);
}

const struct err *sysctl_iter_init(struct rbtree_iter *it, const struct kernel *k, gva_t dir)
{
	gva_t node;

	TRY(kfield_ptr(k, dir, F_ctl_dir_root, &node));
	return rbtree_init(it, k, node);
}

const struct err *sysctl_iter_next(struct rbtree_iter *it, const struct kernel *k,
				   char ret[static SYSCTL_NAME_BYTES])
{
	struct raw_entry e;
	gva_t node;

	*ret = 0;
	TRY(rbtree_next(it, k, &node));
	if (gva_is_null(node))
		return NULL;
	TRY(node_entry(k, kfield_container(k, node, F_ctl_node_node), &e));
	return entry_name(k, &e, ret);
}

/* --- a path ---------------------------------------------------------------------------------- */

/* The directory that @e is. */
static gva_t entry_dir(const struct kernel *k, const struct raw_entry *e)
{
	return kfield_container(k, e->header, F_ctl_dir_header);
}

/* The first @len characters of @path below @dir, none of whose entries is a link. */
static const struct err *path_find(const struct kernel *k, gva_t dir, const char *path, size_t len,
				   struct raw_entry *ret)
{
	const char *end = path + len;

	for (;;) {
		size_t part = strcspn(path, "/");

		TRY(dir_find(k, dir, path, part, ret));
		path += part;
		if (path >= end)
			return NULL;
		if (!S_ISDIR(ret->mode))
			return ERR(ERR_ABSENT, "%.64s is no directory", path);
		dir = entry_dir(k, ret);
		path++;
	}
}

static const struct err *entry_fill(const struct kernel *k, const struct raw_entry *e,
				    struct sysctl_entry *ret)
{
	uint64_t max_len;

	ret->mode = e->mode;
	ret->data = e->data;
	ret->dir = S_ISDIR(e->mode) ? entry_dir(k, e) : gva(0);
	TRY(kfield_uint(k, e->table, F_ctl_table_maxlen, &max_len));
	ret->max_len = (uint32_t)max_len;
	return kfield_ptr(k, e->table, F_ctl_table_proc_handler, &ret->handler);
}

/* One component after the other; from a link on, in the namespace's tree. */
const struct err *sysctl_find(const struct kernel *k, const struct sysctl_trees *trees,
			      const char *path, struct sysctl_entry *ret)
{
	struct raw_entry e = {.mode = S_IFDIR | 0555};
	const char *at = path;
	gva_t tree;

	*ret = (struct sysctl_entry){.dir = trees->all, .of_all = true, .mode = e.mode};
	while (*at) {
		size_t part = strcspn(at, "/");

		if (gva_is_null(ret->dir))
			return ERR(ERR_ABSENT, "%.64s is no directory", path);
		TRY(dir_find(k, ret->dir, at, part, &e));
		at += part;
		if (S_ISLNK(e.mode)) {
			ret->of_all = false;
			TRY(tree_of_root(k, trees, e.data, &tree));
			TRY(path_find(k, tree, path, (size_t)(at - path), &e));
		}
		TRY(entry_fill(k, &e, ret));
		at += *at == '/';
	}
	return NULL;
}
