/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the guest's own file systems, as far as they are in its page cache: a row's path is the
 * path in the guest, below the reader's root. Input: attacker-controlled.
 */
#include "transcall/proc/renderers.h"

#include "transcall/kobj/inode.h"
#include "transcall/kobj/namei.h"
#include "transcall/kobj/pagecache.h"
#include "transcall/proc/reader.h"

#define FILE_BYTES_MAX (4u << 20) /* longer ones are refused: none of the rows' is */

/* What may be on the guest's disk is not 'absent': FAULT. */
static const struct err *not_cached(const struct proc_node *node)
{
	return ERR(ERR_FAULT, "the guest has %s not in memory, if at all",
		   node->entry->path);
}

static const struct err *lookup(struct proc_view *view, const struct proc_node *node, bool follow,
				struct kpath *ret)
{
	const struct err *e;
	struct kpath root;
	bool certain;

	TRY(kpath_root(view->kernel, view->reader, &root));
	e = namei_lookup(view->kernel, &root, node->entry->path, follow, ret);
	if (!e || e->kind != ERR_ABSENT)
		return e;
	TRY(namei_is_certain(view->kernel, ret, &certain));
	return certain ? ERR(ERR_ABSENT, "the guest has no %s", node->entry->path)
		       : not_cached(node);
}

static const struct err *inode_find(struct proc_view *view, const struct proc_node *node,
				    bool follow, gva_t *ret)
{
	struct kpath at;

	TRY(lookup(view, node, follow, &at));
	return inode_of_dentry(view->kernel, at.dentry, ret);
}

const struct err *guest_file(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct stat st;
	gva_t inode;

	TRY(inode_find(view, node, true, &inode));
	TRY(inode_stat(view->kernel, inode, &st));
	if (!S_ISREG(st.st_mode) || st.st_size < 0 || st.st_size > FILE_BYTES_MAX)
		return ERR(ERR_ABSENT, "%s is not a file of the guest that can be read",
			   node->entry->path);
	for (uint64_t at = 0; at < (uint64_t)st.st_size;) {
		uint64_t left = (uint64_t)st.st_size - at;
		size_t part = left < FRAME_BYTES ? (size_t)left : FRAME_BYTES;
		char bytes[FRAME_BYTES];

		const struct err *e = pagecache_read(view->kernel, inode, at, bytes, part);
		if (e)
			return e->kind == ERR_ABSENT ? not_cached(node) : e;
		fwrite(bytes, 1, part, out);
		at += part;
	}
	return NULL;
}

const struct err *guest_file_attr(struct proc_view *view, const struct proc_node *node,
				  struct stat *ret)
{
	gva_t inode;

	TRY(inode_find(view, node, true, &inode));
	return reader_stat(view, inode, ret);
}
