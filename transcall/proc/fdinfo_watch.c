/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of fdinfo that list what is watched: epoll and inotify. Input: attacker-controlled. */
#include <inttypes.h>
#include <sys/inotify.h>
#include <sys/sysmacros.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/rbtree.h"
#include "transcall/proc/fdinfo.h"

#define MARK_EXCL_UNLINK                                                                           \
	0x10u /* FSNOTIFY_MARK_FLAG_* since 5.19; before, IN_EXCL_UNLINK is in the mask */
#define MARK_ONESHOT  0x20u
#define MINOR_BITS    20
#define FILEID_KERNFS 0xfe

/* Device numbers as the kernel keeps them. */
static unsigned sdev_of(dev_t dev)
{
	return major(dev) << MINOR_BITS | minor(dev);
}

static const struct err *item_render(const struct kernel *k, gva_t item, FILE *out)
{
	uint64_t events, data, ino;
	int64_t fd, pos;
	gva_t file, inode;
	dev_t dev;

	TRY(kfield_ptr(k, item, F_epitem_file, &file));
	TRY(kfield_int(k, item, F_epitem_fd, &fd));
	TRY(kfield_uint(k, item, F_epitem_events, &events));
	TRY(kfield_uint(k, item, F_epitem_data, &data));
	TRY(kfield_int(k, file, F_file_pos, &pos));
	TRY(kfield_ptr(k, file, F_file_inode, &inode));
	TRY(inode_number(k, inode, &ino));
	TRY(inode_dev(k, inode, &dev));
	fprintf(out,
		"tfd: %8" PRId64 " events: %8" PRIx64 " data: %16" PRIx64 "  pos:%" PRId64
		" ino:%" PRIx64 " sdev:%x\n",
		fd, events, data, pos, ino, sdev_of(dev));
	return NULL;
}

const struct err *fdinfo_epoll(struct proc_view *view, const struct kfile *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct rbtree_iter it;
	gva_t node;

	TRY(kfield_ptr(k, file->private_data, F_eventpoll_items, &node));
	TRY(rbtree_init(&it, k, node));
	for (;;) {
		TRY(rbtree_next(&it, k, &node));
		if (gva_is_null(node))
			return NULL;
		TRY(item_render(k, kfield_container(k, node, F_epitem_node), out));
	}
}

/* The watched inode: the connector points at its list of marks, since 6.10 at the inode itself. */
static const struct err *inode_of_mark(const struct kernel *k, gva_t mark, gva_t *ret)
{
	gva_t connector, object, back;
	uint64_t type;

	*ret = gva(0);
	TRY(kfield_ptr(k, mark, F_fsnotify_mark_connector, &connector));
	if (gva_is_null(connector))
		return NULL;
	TRY(kfield_uint(k, connector, F_fsnotify_mark_connector_type, &type));
	TRY(kfield_ptr(k, connector, F_fsnotify_mark_connector_obj, &object));
	if (type != (uint64_t)k->profile->enumerators[E_FSNOTIFY_OBJ_TYPE_INODE].value ||
	    gva_is_null(object))
		return NULL;
	TRY(kread_ptr(k, object, &back));
	*ret = gva_equal(back, connector) ? kfield_container(k, object, F_inode_fsnotify_marks)
					  : object;
	return NULL;
}

/* exportfs_encode_inode_fh() of the file systems whose encoding is known here, and the default's.
 */
static const struct err *handle_render(const struct kernel *k, gva_t inode, uint64_t ino, FILE *out)
{
	uint64_t generation, id, words[2];
	unsigned count = 8, type = 1;
	gva_t sb, ops, node;

	TRY(kfield_uint(k, inode, F_inode_generation, &generation));
	TRY(kfield_ptr(k, inode, F_inode_sb, &sb));
	TRY(kfield_ptr(k, sb, F_super_block_export_op, &ops));
	words[0] = ino << 32 >> 32 | generation << 32;
	words[1] = 0;
	if (gva_equal(ops, kernel_symbol(k, S_shmem_export_ops))) {
		words[0] = generation | ino << 32;
		words[1] = ino >> 32;
		count = 12;
	} else if (gva_equal(ops, kernel_symbol(k, S_kernfs_export_ops))) {
		TRY(kfield_ptr(k, inode, F_inode_private, &node));
		TRY(kfield_uint(k, node, F_kernfs_node_id, &id));
		words[0] = id;
		type = FILEID_KERNFS;
	}
	fprintf(out, "fhandle-bytes:%x fhandle-type:%x f_handle:", count, type);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%02x", (unsigned)(words[i / 8] >> (8 * (i % 8)) & 0xff));
	return NULL;
}

static uint32_t user_mask(uint64_t mask, uint64_t flags)
{
	uint32_t user = (uint32_t)mask & IN_ALL_EVENTS;

	return user | (flags & MARK_EXCL_UNLINK ? IN_EXCL_UNLINK : 0) |
	       (flags & MARK_ONESHOT ? IN_ONESHOT : 0);
}

static const struct err *mark_render(const struct kernel *k, gva_t mark, FILE *out)
{
	uint64_t mask, flags, ino;
	int64_t wd;
	gva_t inode;
	dev_t dev;

	TRY(inode_of_mark(k, mark, &inode));
	if (gva_is_null(inode))
		return NULL;
	TRY(kfield_int(k, kfield_container(k, mark, F_inotify_inode_mark_mark),
		       F_inotify_inode_mark_wd, &wd));
	TRY(kfield_uint(k, mark, F_fsnotify_mark_mask, &mask));
	TRY(kfield_uint(k, mark, F_fsnotify_mark_flags, &flags));
	TRY(inode_number(k, inode, &ino));
	TRY(inode_dev(k, inode, &dev));
	fprintf(out, "inotify wd:%x ino:%" PRIx64 " sdev:%x mask:%x ignored_mask:0 ", (unsigned)wd,
		ino, sdev_of(dev), user_mask(mask, flags));
	TRY(handle_render(k, inode, ino, out));
	fputc('\n', out);
	return NULL;
}

const struct err *fdinfo_inotify(struct proc_view *view, const struct kfile *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct list_iter it;
	gva_t node;

	TRY(list_init(&it, k, kfield_at(k, file->private_data, F_fsnotify_group_marks)));
	for (;;) {
		TRY(list_next(&it, k, &node));
		if (gva_is_null(node))
			return NULL;
		TRY(mark_render(k, kfield_container(k, node, F_fsnotify_mark_list), out));
	}
}
