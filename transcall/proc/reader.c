/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files as the reader sees them. Input: attacker-controlled. */
#include "transcall/proc/reader.h"

#include <string.h>

#include "transcall/kobj/cred.h"
#include "transcall/kobj/inode.h"

const struct err *reader_path(struct proc_view *view, const struct kpath *path, char *ret,
			      size_t size_bytes)
{
	struct kpath root;

	TRY(kpath_root(view->kernel, view->reader, &root));
	return dpath_render(view->kernel, &root, path, ret, size_bytes);
}

const struct err *reader_stat(struct proc_view *view, gva_t inode, struct stat *ret)
{
	TRY(inode_stat(view->kernel, inode, ret));
	TRY(cred_uid_in(view->kernel, view->user_ns, ret->st_uid, &ret->st_uid));
	return cred_gid_in(view->kernel, view->user_ns, ret->st_gid, &ret->st_gid);
}

const struct err *reader_uid(struct proc_view *view, uint32_t kuid, uint32_t *ret)
{
	return cred_uid_in(view->kernel, view->user_ns, kuid, ret);
}

void reader_mangle(FILE *out, const char *text, const char *escape)
{
	for (; *text; text++) {
		if (strchr(escape, *text))
			fprintf(out, "\\%03o", (unsigned)(unsigned char)*text);
		else
			fputc(*text, out);
	}
}

bool reader_kernel_has_idmaps(const struct kernel *k)
{
	return profile_has(k->profile, F_vfsmount_userns) ||
	       profile_has(k->profile, F_vfsmount_idmap);
}
