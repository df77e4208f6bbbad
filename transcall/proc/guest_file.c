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

static const struct err *inode_find(struct proc_view *view, const struct proc_node *node,
				    bool follow, gva_t *ret)
{
	struct kpath root, at;

	TRY(kpath_root(view->kernel, view->reader, &root));
	TRY(namei_lookup(view->kernel, &root, node->entry->path, follow, &at));
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

		TRY(pagecache_read(view->kernel, inode, at, bytes, part));
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
