/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Default attributes of nodes. Input: attacker-controlled. */
#include "transcall/proc/owner.h"

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
#define DUMP_OWNER      1 /* TASK_DUMPABLE_OWNER, SUID_DUMP_USER */

/* Where the kernel keeps who may look: mm_struct, or (7.x) what exec leaves to the task. */
static const struct err *dump_state(const struct kernel *k, const struct task *t, bool *ret_open,
				    gva_t *ret_user_ns)
{
	uint64_t dumpable;
	gva_t state;

	*ret_user_ns = gva(0);
	*ret_open = false;
	if (profile_has(k->profile, F_task_struct_exec_state)) {
		TRY(kfield_ptr(k, t->at, F_task_struct_exec_state, &state));
		TRY(kfield_uint(k, state, F_task_exec_state_dumpable, &dumpable));
		*ret_open = dumpable == DUMP_OWNER;
		return kfield_ptr(k, state, F_task_exec_state_user_ns, ret_user_ns);
	}
	if (gva_is_null(t->mm))
		return NULL;
	TRY(mm_is_dumpable(k, t->mm, ret_open));
	return kfield_ptr(k, t->mm, F_mm_struct_user_ns, ret_user_ns);
}

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
	TRY(dump_state(k, &t, &open, &user_ns));
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

const struct err *proc_owner_attr(struct proc_view *view, const struct proc_node *node,
				  struct stat *ret)
{
	uint32_t uid = 0, gid = 0;

	memset(ret, 0, sizeof(*ret));
	ret->st_mode = node->entry->mode;
	if (node->mode)
		ret->st_mode = (node->entry->mode & S_IFMT) | (node->mode & ~(mode_t)S_IFMT);
	if (node->entry->branch) /* whose nodes are not all what the row is */
		ret->st_mode = (node->kind == NODE_DIR ? S_IFDIR : S_IFREG) |
			       (node->mode & ~(mode_t)S_IFMT);
	ret->st_nlink = link_count(node);
	if (!gva_is_null(node->registered))
		TRY(registered_owner(view->kernel, node, &uid, &gid, &ret->st_nlink));
	else if (proc_row_of_task(node->entry))
		TRY(dump_owner(view->kernel, node->task, ret->st_mode, &uid, &gid));
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
