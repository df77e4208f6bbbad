/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edits that need more than one wrong value: loops over several objects, and made-up ones. */
#include "tests/hostile-guest/edits.h"

#include <string.h>

#include "remotetrans/client/pgwalk.h"
#include "transcall/kobj/cred.h"
#include "transcall/kobj/dpath.h"
#include "transcall/kobj/file.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/task.h"
#include "transcall/kobj/vma.h"

#define CHUNK_SLOTS   64u
#define POINTER_BYTES 8u
#define LINK_BYTES    16u   /* hlist_node */
#define NODE_BYTES    1024u /* more than an xa_node or any other object we make up */

/* --- the IDR of process numbers ------------------------------------------------------------ */

static const struct err *idr_top(struct editor *e, gva_t *ret_head, gva_t *ret_node)
{
	*ret_head = kfield_at(KERNEL(e), kernel_symbol(KERNEL(e), S_init_pid_ns),
			      F_pid_namespace_idr_head);
	TRY(kread_ptr(KERNEL(e), *ret_head, ret_node));
	if ((ret_node->v & 3) != 2)
		return ERR(ERR_ABSENT, "the IDR has no nodes");
	*ret_node = gva_sub(*ret_node, 2);
	return NULL;
}

static gva_t slot_of(struct editor *e, gva_t node, unsigned slot)
{
	return gva_add(kfield_at(KERNEL(e), node, F_xa_node_slots), (uint64_t)slot * POINTER_BYTES);
}

/* The slot of PID, and the top node's slot above it: 0 to the top itself, 1 unmapped, 2 odd. */
const struct err *idr_node(struct editor *e, const struct edit *edit)
{
	gva_t head, top, slot;
	uint64_t shift;

	TRY(idr_top(e, &head, &top));
	TRY(kfield_uint(KERNEL(e), top, F_xa_node_shift, &shift));
	slot = slot_of(e, top, e->pid >> shift & (CHUNK_SLOTS - 1));
	const uint64_t values[] = {top.v + 2, UINT64_C(0xffffc87fdeadbe02), top.v + 3};
	return edit_write_u64(e, slot, values[edit->value]);
}

/* Each slot of a new top leads to the old one: every process is listed many times. */
const struct err *idr_shared(struct editor *e, const struct edit *edit)
{
	gva_t head, top, node;
	uint64_t shift;

	(void)edit;
	TRY(idr_top(e, &head, &top));
	TRY(kfield_uint(KERNEL(e), top, F_xa_node_shift, &shift));
	gva_t below = top;
	for (shift += 6; shift <= 18; shift += 6) {
		TRY(edit_scratch(e, NODE_BYTES, &node));
		TRY(edit_field(e, node, F_xa_node_shift, shift));
		for (unsigned i = 0; i < CHUNK_SLOTS; i++)
			TRY(edit_write_u64(e, slot_of(e, node, i), below.v + 2));
		below = node;
	}
	return edit_write_u64(e, head, below.v + 2);
}

/* Little-endian, into an object that is being made up. */
static void put(uint8_t *object, uint32_t offset, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		object[offset + i] = (uint8_t)(v >> 8 * i);
}

/* A struct pid numbered @number, with the task of PID. */
static void make_pid(struct editor *e, uint8_t *pid, uint32_t number)
{
	const struct field *f = KERNEL(e)->profile->fields;
	uint32_t numbers = f[F_pid_numbers].offset_bytes, tasks = f[F_pid_tasks].offset_bytes;
	gva_t link = kfield_at(KERNEL(e), e->task, F_task_struct_pid_links);

	put(pid, numbers + f[F_upid_nr].offset_bytes, number, 4);
	put(pid, numbers + f[F_upid_ns].offset_bytes, kernel_symbol(KERNEL(e), S_init_pid_ns).v, 8);
	put(pid, tasks, link.v, 8);
	put(pid, tasks + POINTER_BYTES, link.v + LINK_BYTES, 8);
}

/* A leaf over made-up processes that begin at @first. */
static const struct err *fake_leaf(struct editor *e, uint32_t first, gva_t *ret)
{
	uint32_t step = KERNEL(e)->profile->sizes[SIZE_pid];
	/* since 6.5, a struct pid's size is without its first number */
	size_t len_bytes = (size_t)CHUNK_SLOTS * step + KERNEL(e)->profile->sizes[SIZE_upid];
	uint8_t bytes[CHUNK_SLOTS * 256] = {0}, node[NODE_BYTES] = {0};
	gva_t pids;

	TRY(edit_scratch(e, len_bytes, &pids));
	TRY(edit_scratch(e, NODE_BYTES, ret));
	for (unsigned i = 0; i < CHUNK_SLOTS; i++) {
		make_pid(e, bytes + i * step, first + i);
		put(node,
		    KERNEL(e)->profile->fields[F_xa_node_slots].offset_bytes + i * POINTER_BYTES,
		    pids.v + (uint64_t)i * step, 8);
	}
	TRY(edit_write(e, pids, bytes, len_bytes));
	return edit_write(e, *ret, node, sizeof(node));
}

/* The node below @slot of @above, made if there is none. */
static const struct err *node_below(struct editor *e, gva_t above, unsigned slot, unsigned shift,
				    gva_t *ret)
{
	uint64_t v;

	TRY(kread_u64(KERNEL(e), slot_of(e, above, slot), &v));
	*ret = gva(v - 2);
	if (v)
		return NULL;
	TRY(edit_scratch(e, NODE_BYTES, ret));
	TRY(edit_field(e, *ret, F_xa_node_shift, shift));
	return edit_write_u64(e, slot_of(e, above, slot), ret->v + 2);
}

static const struct err *add_leaf(struct editor *e, gva_t root, uint32_t first)
{
	gva_t node = root, leaf;

	for (unsigned shift = 18; shift > 6; shift -= 6)
		TRY(node_below(e, node, first >> shift & (CHUNK_SLOTS - 1), shift - 6, &node));
	TRY(fake_leaf(e, first, &leaf));
	return edit_write_u64(e, slot_of(e, node, first >> 6 & (CHUNK_SLOTS - 1)), leaf.v + 2);
}

/* Some 2^value processes that do not exist, numbered behind those that do. */
const struct err *idr_fakes(struct editor *e, const struct edit *edit)
{
	gva_t head, top, root, middle;
	uint64_t shift;

	TRY(idr_top(e, &head, &top));
	TRY(kfield_uint(KERNEL(e), top, F_xa_node_shift, &shift));
	if (shift != 6)
		return ERR(ERR_ABSENT, "the IDR is not two nodes high");
	TRY(edit_scratch(e, NODE_BYTES, &root));
	TRY(edit_field(e, root, F_xa_node_shift, 18));
	TRY(node_below(e, root, 0, 12, &middle));
	TRY(edit_write_u64(e, slot_of(e, middle, 0), top.v + 2));
	for (uint32_t first = 1u << 12; first < UINT32_C(1) << edit->value; first += CHUNK_SLOTS)
		TRY(add_leaf(e, root, first));
	return edit_write_u64(e, head, root.v + 2);
}

/* Both counts are possible; what they cost is their product, for each process. */
const struct err *groups_times_extents(struct editor *e, const struct edit *edit)
{
	gva_t groups, ns;

	(void)edit;
	TRY(kfield_ptr(KERNEL(e), e->task, F_task_struct_real_cred, &groups));
	TRY(kfield_ptr(KERNEL(e), groups, F_cred_group_info, &groups));
	TRY(edit_field(e, groups, F_group_info_ngroups, CRED_GROUPS_MAX));
	TRY(from_user_ns(e, &ns));
	TRY(edit_field(e, ns, F_user_namespace_gid_map_nr_extents, ID_EXTENTS_MAX));
	return edit_field(e, ns, F_user_namespace_gid_map_forward, e->task.v);
}

/* --- user memory --------------------------------------------------------------------------- */

/* Every entry of the user half leads to the table itself: all addresses are mapped. */
const struct err *pgd_of_itself(struct editor *e, const struct edit *edit)
{
	struct translation t;
	struct task task;
	gva_t pgd;

	(void)edit;
	TRY(task_read(KERNEL(e), e->task, &task));
	TRY(kfield_ptr(KERNEL(e), task.mm, F_mm_struct_pgd, &pgd));
	TRY(pgwalk(&e->guest.frames, KERNEL(e)->space.root, e->guest.gmem.levels, pgd, &t));
	for (unsigned i = 0; i < 256; i++) /* present, writable, user, accessed, dirty */
		TRY(edit_write_u64(e, gva_add(pgd, i * POINTER_BYTES), t.at.v | 0x67));
	return NULL;
}

/* Another top-level table, each of whose entries leads to a frame that is not RAM. */
const struct err *pgd_out_of_memory(struct editor *e, const struct edit *edit)
{
	struct task task;
	gva_t pgd;

	(void)edit;
	TRY(task_read(KERNEL(e), e->task, &task));
	TRY(edit_scratch(e, 2 * FRAME_BYTES, &pgd));
	pgd.v = (pgd.v + FRAME_BYTES - 1) & ~(uint64_t)(FRAME_BYTES - 1);
	for (unsigned i = 0; i < 512; i++)
		TRY(edit_write_u64(e, gva_add(pgd, i * POINTER_BYTES), UINT64_C(0xffffff0000067)));
	return edit_field(e, task.mm, F_mm_struct_pgd, pgd.v);
}

/* A user table of itself, and arguments and environment are all of it. */
const struct err *arguments_everywhere(struct editor *e, const struct edit *edit)
{
	struct task t;

	TRY(pgd_of_itself(e, edit));
	TRY(task_read(KERNEL(e), e->task, &t));
	TRY(edit_field(e, t.mm, F_mm_struct_arg_start, 0x1000));
	TRY(edit_field(e, t.mm, F_mm_struct_arg_end, UINT64_C(0x7ffffffff000)));
	TRY(edit_field(e, t.mm, F_mm_struct_env_start, UINT64_C(0x7ffffffff000)));
	return edit_field(e, t.mm, F_mm_struct_env_end, UINT64_C(0x7ffffffff000));
}

/* The maple tree of areas: 0 the root's slots lead to the root, 1 the root is unmapped. */
const struct err *tree_of_areas(struct editor *e, const struct edit *edit)
{
	gva_t root, node;
	struct task t;
	uint64_t v;

	TRY(task_read(KERNEL(e), e->task, &t));
	root = kfield_at(KERNEL(e), kfield_at(KERNEL(e), t.mm, F_mm_struct_mm_mt),
			 F_maple_tree_root);
	TRY(kread_u64(KERNEL(e), root, &v));
	node = gva(v & ~UINT64_C(255));
	if (edit->value)
		return edit_write_u64(e, root, v ^ UINT64_C(1) << 46);
	for (unsigned i = 0; i < KERNEL(e)->profile->fields[F_maple_arange_slot].size_bytes / 8;
	     i++)
		TRY(edit_write_u64(
			e, gva_add(kfield_at(KERNEL(e), node, F_maple_arange_slot), 8 * i), v));
	return NULL;
}

/* --- files --------------------------------------------------------------------------------- */

/* The page cache of /etc/passwd: a node whose slots lead to itself. */
const struct err *page_cache_of_itself(struct editor *e, const struct edit *edit)
{
	gva_t mapping, node;

	(void)edit;
	TRY(from_passwd(e, &mapping));
	TRY(edit_scratch(e, NODE_BYTES, &node));
	TRY(edit_field(e, node, F_xa_node_shift, 6));
	for (unsigned i = 0; i < CHUNK_SLOTS; i++)
		TRY(edit_write_u64(e, slot_of(e, node, i), node.v + 2));
	return edit_field(e, mapping, F_address_space_head, node.v + 2);
}

/* PID is the parent of its parent. */
const struct err *parents_in_circle(struct editor *e, const struct edit *edit)
{
	gva_t parent;

	(void)edit;
	TRY(kfield_ptr(KERNEL(e), e->task, F_task_struct_real_parent, &parent));
	return edit_field(e, parent, F_task_struct_real_parent, e->task.v);
}

/* A new directory above the working directory, which is above that one, too. */
const struct err *dentries_in_circle(struct editor *e, const struct edit *edit)
{
	gva_t dentry, other, text;
	uint64_t len;

	(void)edit;
	TRY(from_cwd(e, &dentry));
	TRY(edit_scratch(e, NODE_BYTES, &other));
	TRY(kfield_uint(KERNEL(e), dentry, F_dentry_name_len, &len));
	TRY(kfield_ptr(KERNEL(e), dentry, F_dentry_name_text, &text));
	TRY(edit_field(e, other, F_dentry_name_len, 0)); /* names that add nothing */
	TRY(edit_field(e, other, F_dentry_name_text, text.v));
	TRY(edit_field(e, other, F_dentry_parent, dentry.v));
	TRY(edit_field(e, dentry, F_dentry_name_len, 0));
	return edit_field(e, dentry, F_dentry_parent, other.v);
}

/* The mount of the working directory is mounted on its own root. */
const struct err *mounts_in_circle(struct editor *e, const struct edit *edit)
{
	gva_t mount, root, other;

	(void)edit;
	TRY(from_cwd_mount(e, &mount));
	TRY(kfield_ptr(KERNEL(e), kfield_at(KERNEL(e), mount, F_mount_mnt), F_vfsmount_root,
		       &root));
	TRY(edit_scratch(e, NODE_BYTES, &other));
	TRY(edit_field(e, kfield_at(KERNEL(e), other, F_mount_mnt), F_vfsmount_root, root.v));
	TRY(edit_field(e, other, F_mount_parent, mount.v));
	TRY(edit_field(e, other, F_mount_mountpoint, root.v));
	TRY(edit_field(e, mount, F_mount_mountpoint, root.v));
	return edit_field(e, mount, F_mount_parent, other.v);
}

/* What an epoll of PID waits for: 0 a node whose both sides are itself, 1 two that are each
 * other's. */
const struct err *epoll_tree(struct editor *e, const struct edit *edit)
{
	struct fdtable table;
	struct kfile file;
	gva_t at, node = gva(0), other, show;

	TRY(fdtable_read(KERNEL(e), e->task, &table));
	for (uint32_t fd = 0; gva_is_null(node); fd++) {
		TRY(fdtable_next(KERNEL(e), &table, &fd, &at));
		if (gva_is_null(at))
			return ERR(ERR_ABSENT, "the process has no epoll that waits");
		TRY(file_read(KERNEL(e), at, &file));
		TRY(kfield_ptr(KERNEL(e), file.op, F_file_operations_show_fdinfo, &show));
		if (gva_equal(show, kernel_symbol(KERNEL(e), S_ep_show_fdinfo)))
			TRY(kfield_ptr(KERNEL(e), file.private_data, F_eventpoll_items, &node));
	}
	other = node;
	if (edit->value) {
		TRY(edit_scratch(e, NODE_BYTES, &other));
		TRY(edit_field(e, other, F_rb_node_left, node.v));
		TRY(edit_field(e, other, F_rb_node_right, node.v));
	}
	TRY(edit_field(e, node, F_rb_node_right, other.v));
	return edit->value ? edit_field(e, node, F_rb_node_left, 0)
			   : edit_field(e, node, F_rb_node_left, other.v);
}
