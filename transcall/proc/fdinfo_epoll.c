/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of fdinfo of epoll: what it waits for. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/rbtree.h"
#include "transcall/proc/fdinfo.h"
#include "transcall/proc/view.h"

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
		fd, events, data, pos, ino, fdinfo_sdev(dev));
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
		long start = ftell(out);
		const struct err *e = rbtree_next(&it, k, &node);

		if (!e && gva_is_null(node))
			return NULL;
		if (!e)
			e = item_render(k, kfield_container(k, node, F_epitem_node), out);
		TRY(view_pass_line(view, out, start, e));
	}
}
