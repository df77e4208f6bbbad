/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Default attributes of nodes. Input: attacker-controlled. */
#include "transcall/proc/owner.h"

#include <errno.h>
#include <string.h>

#include "transcall/kobj/cred.h"
#include "transcall/kobj/mm.h"
#include "transcall/kobj/procentry.h"
#include "transcall/kobj/task.h"
#include "transcall/proc/rows.h"
#include "transcall/proc/view.h"

#define OPEN_DIR_MODE   (S_IFDIR | 0555)
#define PROC_BLOCK_SIZE 1024 /* proc_fill_super() */
#define PROC_ROOT_INO   1
#define LINK_SIZE       64 /* proc_fd_instantiate(), proc_map_files_instantiate() */
#define NO_ID           UINT32_MAX

/* The root of a user namespace, else the global one. */
static const struct err *root_of(const struct kernel *k, gva_t user_ns, uint32_t *ret_uid,
				 uint32_t *ret_gid)
{
	*ret_uid = *ret_gid = 0;
	if (gva_is_null(user_ns))
		return NULL;
	TRY(cred_kuid_of(k, user_ns, 0, ret_uid));
	TRY(cred_kgid_of(k, user_ns, 0, ret_gid));
	*ret_uid = *ret_uid == NO_ID ? 0 : *ret_uid;
	*ret_gid = *ret_gid == NO_ID ? 0 : *ret_gid;
	return NULL;
}

/* task_dump_owner(), fs/proc/base.c */
static const struct err *dump_owner(const struct kernel *k, gva_t at, mode_t mode,
				    uint32_t *ret_uid, uint32_t *ret_gid)
{
	struct task t;
	gva_t user_ns;
	bool open;

	*ret_uid = *ret_gid = 0;
	TRY(task_read(k, at, &t));
	if (t.flags & TASK_FLAG_KTHREAD)
		return NULL;
	TRY(cred_read_effective(k, at, ret_uid, ret_gid));
	if (mode == OPEN_DIR_MODE)
		return NULL;
	TRY(mm_dump_state(k, &t, &open, &user_ns));
	return open ? NULL : root_of(k, user_ns, ret_uid, ret_gid);
}

/* procfs numbers its inodes as they are looked up; ours are stable hashes of what they stand for.
 */
static ino_t inode_number(const struct proc_node *node)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	if (strcmp(node->path, "/proc") == 0)
		return PROC_ROOT_INO;
	for (const char *at = node->path; *at; at++)
		hash = (hash ^ (uint8_t)*at) * UINT64_C(0x100000001b3);
	return (ino_t)(hash >> 16 | 1);
}

static nlink_t link_count(const struct proc_node *node)
{
	const struct proc_entry *row;
	nlink_t count = 2;

	if (node->kind != NODE_DIR)
		return 1;
	for (unsigned i = 0; (row = proc_rows_child(node->entry, i)); i++)
		count += row->kind == NODE_DIR && !proc_row_is_pattern(row);
	return count;
}

/* proc_get_inode(): as it was registered; of /proc/PID/net by the network namespace's root. */
static const struct err *registered_owner(const struct kernel *k, const struct proc_node *node,
					  uint32_t *ret_uid, uint32_t *ret_gid, nlink_t *ret_links)
{
	struct procentry e;

	TRY(procentry_read(k, node->registered, &e));
	*ret_uid = e.uid;
	*ret_gid = e.gid;
	*ret_links = e.link_count;
	return NULL;
}

static mode_t mode_of(const struct proc_node *node)
{
	mode_t permissions = node->mode & ~(mode_t)S_IFMT;

	if (node->entry->branch) /* whose nodes are not all what the row is */
		return (node->kind == NODE_DIR ? S_IFDIR : S_IFREG) | permissions;
	return node->mode ? (node->entry->mode & S_IFMT) | permissions : node->entry->mode;
}

/* Kernel ids. */
static const struct err *owner_of(struct proc_view *view, const struct proc_node *node,
				  uint32_t *ret_uid, uint32_t *ret_gid, nlink_t *ret_links)
{
	*ret_uid = *ret_gid = 0;
	if (!gva_is_null(node->registered))
		return registered_owner(view->kernel, node, ret_uid, ret_gid, ret_links);
	if (proc_row_of_task(node->entry))
		return dump_owner(view->kernel, node->task, mode_of(node), ret_uid, ret_gid);
	return NULL;
}

const struct err *proc_owner_attr(struct proc_view *view, const struct proc_node *node,
				  struct stat *ret)
{
	uint32_t uid, gid;

	memset(ret, 0, sizeof(*ret));
	ret->st_mode = mode_of(node);
	ret->st_nlink = link_count(node);
	TRY(owner_of(view, node, &uid, &gid, &ret->st_nlink));
	TRY(view_uid(view, uid, &uid));
	TRY(view_gid(view, gid, &gid));
	ret->st_uid = uid;
	ret->st_gid = gid;
	ret->st_ino = inode_number(node);
	ret->st_blksize = PROC_BLOCK_SIZE;
	if (node->kind == NODE_MAGIC && proc_row_is_pattern(node->entry))
		ret->st_size = LINK_SIZE;
	return NULL;
}

/* Settings have a permission() of their own. */
const struct err *proc_owner_permit(struct proc_view *view, const struct proc_node *node,
				    mode_t others)
{
	uint32_t uid, gid;
	nlink_t links;
	bool known;

	if (mode_of(node) & others || node->entry->branch || view_is_of_first_root(view))
		return NULL;
	TRY(owner_of(view, node, &uid, &gid, &links));
	TRY(cred_maps(view->kernel, view->user_ns, uid, gid, &known));
	return known ? NULL
		     : ERR_ERRNO(ERR_ABSENT, EACCES, "%.64s is not the reader's", node->name);
}
