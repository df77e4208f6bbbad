/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /sys from the guest's kernfs. Input: attacker-controlled. */
#include "transcall/proc/sysfs.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>

#include "transcall/kobj/knode.h"
#include "transcall/kobj/mount.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/sysfs_values.h"
#include "transcall/proc/view.h"

#define GROUPS_PATH "/sys/fs/cgroup"

/* --- where trees begin ----------------------------------------------------------------------- */

struct group_mount {
	gva_t top; /* the directory that is mounted; null: none */
	int32_t id;
	uint64_t magic;
	char path[PROC_PATH_BYTES];
};

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == 0);
}

/* Is @at a mount of control groups that @path is in? */
static const struct err *group_mount_read(struct proc_view *view, gva_t at, const char *path,
					  struct group_mount *ret)
{
	const struct kernel *k = view->kernel;
	struct kmount mount;
	gva_t inode;

	ret->top = gva(0);
	TRY(mount_read(k, at, &mount));
	ret->id = mount.id;
	TRY(kfield_uint(k, mount.sb, F_super_block_magic, &ret->magic));
	if (ret->magic != CGROUP2_SUPER_MAGIC && ret->magic != CGROUP_SUPER_MAGIC)
		return NULL;
	TRY(reader_path(view, &mount.path, ret->path, sizeof(ret->path)));
	if (!is_below(path, ret->path))
		return NULL;
	TRY(kfield_ptr(k, mount.path.dentry, F_dentry_inode, &inode));
	return kfield_ptr(k, inode, F_inode_private, &ret->top);
}

/* The nearest mount of control groups that @path is in; of several on one place the last. */
static const struct err *group_mount_find(struct proc_view *view, const char *path,
					  struct group_mount *ret)
{
	struct group_mount m;
	struct mount_iter it;
	gva_t at;

	*ret = (struct group_mount){0};
	TRY(mount_iter_init(&it, view->kernel, view->reader));
	for (;;) {
		TRY(mount_iter_next(&it, view->kernel, &at));
		if (gva_is_null(at))
			break;
		TRY(group_mount_read(view, at, path, &m));
		if (!gva_is_null(m.top) && strlen(m.path) >= strlen(ret->path))
			*ret = m;
	}
	return gva_is_null(ret->top) ? ERR(ERR_ABSENT, "no control groups are mounted there")
				     : NULL;
}

/* --- finding --------------------------------------------------------------------------------- */

/* Devices of other network namespaces are not shown. */
static const struct err *is_shown(struct proc_view *view, const struct knode *node, bool *ret)
{
	gva_t nsproxy, net;

	*ret = node->active;
	if (!node->active || gva_is_null(node->ns))
		return NULL;
	TRY(kfield_ptr(view->kernel, view->reader, F_task_struct_nsproxy, &nsproxy));
	TRY(kfield_ptr(view->kernel, nsproxy, F_nsproxy_net, &net));
	*ret = gva_equal(node->ns, net) ||
	       gva_equal(node->ns, kfield_at(view->kernel, net, F_net_ns));
	return NULL;
}

static const struct err *child_find(struct proc_view *view, gva_t dir, const char *name,
				    struct knode *ret)
{
	char text[KNODE_NAME_BYTES];
	struct rbtree_iter it;
	bool shown;

	TRY(knode_children_init(&it, view->kernel, dir));
	for (;;) {
		TRY(knode_children_next(&it, view->kernel, ret));
		if (gva_is_null(ret->at))
			return ERR(ERR_ABSENT, "the guest has no %.64s there", name);
		TRY(knode_name(view->kernel, ret->at, text));
		if (strcmp(text, name) != 0)
			continue;
		TRY(is_shown(view, ret, &shown));
		if (shown)
			return NULL;
	}
}

/* The node at @path below @dir. */
static const struct err *descend(struct proc_view *view, gva_t dir, const char *path, gva_t *ret)
{
	char name[KNODE_NAME_BYTES];
	struct knode node = {.at = dir};

	while (*path == '/') {
		size_t len = strcspn(++path, "/");

		if (len >= sizeof(name))
			return ERR(ERR_ABSENT, "the guest has no %.64s there", path);
		memcpy(name, path, len);
		name[len] = 0;
		TRY(child_find(view, node.at, name, &node));
		path += len;
	}
	*ret = node.at;
	return NULL;
}

static const struct err *node_at(struct proc_view *view, const char *path, gva_t *ret)
{
	struct group_mount mount;
	gva_t top;

	if (is_below(path, GROUPS_PATH)) {
		TRY(group_mount_find(view, path, &mount));
		return descend(view, mount.top, path + strlen(mount.path), ret);
	}
	TRY(kread_ptr(view->kernel, kernel_symbol(view->kernel, S_sysfs_root_kn), &top));
	return descend(view, top, path + strlen("/sys"), ret);
}

static const struct err *knode_of(struct proc_view *view, const struct proc_node *dir, gva_t *ret)
{
	*ret = dir->object;
	return gva_is_null(dir->object) ? node_at(view, dir->path, ret) : NULL;
}

static enum node_kind kind_of(const struct knode *node)
{
	if (node->type == KNODE_DIR)
		return NODE_DIR;
	return node->type == KNODE_LINK ? NODE_SYMLINK : NODE_FILE;
}

const struct err *sysfs_find(struct proc_view *view, const struct proc_node *dir,
			     struct proc_node *ret)
{
	const char *name = strrchr(ret->path, '/') + 1;
	struct knode node;

	if (gva_is_null(dir->object)) {
		TRY(node_at(view, ret->path, &ret->object));
		TRY(knode_read(view->kernel, ret->object, &node));
	} else {
		TRY(child_find(view, dir->object, name, &node));
	}
	ret->object = node.at;
	ret->kind = kind_of(&node);
	ret->mode = node.mode;
	return NULL;
}

/* --- what there is --------------------------------------------------------------------------- */

/* Return: the end, or none, too: *@ret_more false. */
static const struct err *list_one(struct proc_view *view, struct rbtree_iter *it, proc_emit emit,
				  void *context, bool *ret_more)
{
	char name[KNODE_NAME_BYTES];
	struct knode node;
	bool shown;

	TRY(knode_children_next(it, view->kernel, &node));
	*ret_more = !gva_is_null(node.at);
	if (!*ret_more)
		return NULL;
	TRY(is_shown(view, &node, &shown));
	if (!shown)
		return NULL;
	TRY(knode_name(view->kernel, node.at, name));
	*ret_more = emit(context, name, kind_of(&node));
	return NULL;
}

const struct err *sysfs_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			     void *context)
{
	struct rbtree_iter it;
	bool more = true;
	gva_t at;

	TRY(knode_of(view, dir, &at));
	TRY(knode_children_init(&it, view->kernel, at));
	while (more)
		TRY(view_pass_over(view, list_one(view, &it, emit, context, &more)));
	return NULL;
}

const struct err *sysfs_link(struct proc_view *view, const struct proc_node *node, char *ret,
			     size_t size_bytes)
{
	char path[KNODE_PATH_BYTES];
	gva_t parent, target;

	TRY(knode_parent(view->kernel, node->object, &parent));
	TRY(knode_target(view->kernel, node->object, &target));
	TRY(knode_path(view->kernel, target, parent, path));
	snprintf(ret, size_bytes, "%s", path + 1);
	return NULL;
}

/* kernfs_refresh_inode() */
const struct err *sysfs_attr(struct proc_view *view, const struct proc_node *node, struct stat *ret)
{
	static const mode_t types[] = {
		[NODE_DIR] = S_IFDIR, [NODE_FILE] = S_IFREG, [NODE_SYMLINK] = S_IFLNK};
	uint32_t uid, gid;
	uint64_t subdirs, size;
	struct knode at;

	TRY(knode_of(view, node, &at.at));
	TRY(knode_read(view->kernel, at.at, &at));
	TRY(knode_owner(view->kernel, at.at, &uid, &gid));
	TRY(view_uid(view, uid, &ret->st_uid));
	TRY(view_gid(view, gid, &ret->st_gid));
	ret->st_mode = types[node->kind] | at.mode;
	ret->st_nlink = 1;
	if (node->kind == NODE_FILE) {
		TRY(knode_size(view->kernel, at.at, &size));
		ret->st_size = (off_t)size;
	}
	if (node->kind != NODE_DIR)
		return NULL;
	TRY(knode_subdirs(view->kernel, at.at, &subdirs));
	ret->st_nlink = (nlink_t)subdirs + 2;
	return NULL;
}

/* --- what devices say ------------------------------------------------------------------------ */

/* An attribute of a device; its directories of attributes have no objects of their own. */
struct attribute {
	gva_t device;
	char name[2 * KNODE_NAME_BYTES]; /* from the device */
};

static const struct err *attribute_read(const struct kernel *k, const char *name, gva_t file,
					struct attribute *ret)
{
	static const char *const groups[] = {"queue", "statistics"};
	char group[KNODE_NAME_BYTES];
	struct knode node;
	gva_t dir;

	snprintf(ret->name, sizeof(ret->name), "%s", name);
	TRY(knode_parent(k, file, &dir));
	TRY(knode_name(k, dir, group));
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (strcmp(groups[i], group) != 0)
			continue;
		snprintf(ret->name, sizeof(ret->name), "%s/%s", groups[i], name);
		TRY(knode_parent(k, dir, &dir));
		break;
	}
	TRY(knode_read(k, dir, &node));
	ret->device = kfield_container(k, node.private, F_device_kobj);
	return NULL;
}

/* The value that shows it, and of what; NULL: it is not rebuilt. */
static const struct err *value_find(const struct kernel *k, const struct attribute *a,
				    const struct sysfs_value **ret, gva_t *ret_at)
{
	gva_t class;

	*ret = NULL;
	TRY(kfield_ptr(k, a->device, F_device_class, &class));
	if (gva_is_null(class))
		return NULL;
	if (gva_equal(class, kernel_symbol(k, S_block_class))) {
		*ret = sysfs_block_value(a->name);
		*ret_at = kfield_container(k, a->device, F_part_device);
	} else if (gva_equal(class, kernel_symbol(k, S_net_class))) {
		*ret = sysfs_net_value(a->name);
		*ret_at = kfield_container(k, a->device, F_net_device_dev);
	}
	return NULL;
}

const struct err *sysfs_value(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct sysfs_value *value = NULL;
	struct attribute a;
	gva_t at;

	TRY(attribute_read(view->kernel, strrchr(node->path, '/') + 1, node->object, &a));
	if (!gva_is_null(a.device))
		TRY(value_find(view->kernel, &a, &value, &at));
	return value ? value->show(view->kernel, at, value, out)
		     : ERR(ERR_ABSENT, "%.64s is not available: it is not rebuilt", node->name);
}

/* --- control groups by number ---------------------------------------------------------------- */

static const struct err *groups2_find(struct proc_view *view, const char *path,
				      struct group_mount *ret)
{
	TRY(group_mount_find(view, path, ret));
	return ret->magic == CGROUP2_SUPER_MAGIC
		       ? NULL
		       : ERR(ERR_ABSENT, "no control groups of the second version");
}

const struct err *sysfs_group_handle(struct proc_view *view, const char *path,
				     struct group_handle *ret)
{
	struct group_mount mount;
	struct knode node;
	gva_t at;

	TRY(groups2_find(view, path, &mount));
	TRY(descend(view, mount.top, path + strlen(mount.path), &at));
	TRY(knode_read(view->kernel, at, &node));
	*ret = (struct group_handle){.id = node.id, .mount = mount.id};
	return NULL;
}

const struct err *sysfs_group_path(struct proc_view *view, const char *dir, uint64_t id,
				   char ret[static PROC_PATH_BYTES])
{
	char path[KNODE_PATH_BYTES];
	struct group_mount mount;
	struct knode node;
	const struct err *e;

	TRY(groups2_find(view, dir, &mount));
	e = knode_by_id(view->kernel, mount.top, id, &node);
	if (!e)
		e = knode_path(view->kernel, node.at, mount.top, path);
	if (e && e->kind != ERR_ABSENT)
		return e;
	if (e || strncmp(path, "/..", 3) == 0)
		return ERR_ERRNO(ERR_ABSENT, ESTALE, "no control group has that number");
	if (snprintf(ret, PROC_PATH_BYTES, "%s%s", mount.path, path[1] ? path : "") >=
	    PROC_PATH_BYTES)
		return ERR_ERRNO(ERR_ABSENT, ESTALE, "a control group's path is too long");
	return NULL;
}
