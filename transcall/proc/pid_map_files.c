/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/map_files (fs/proc/base.c): links to mapped files. Input: attacker-controlled. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "transcall/kobj/file.h"
#include "transcall/kobj/task.h"
#include "transcall/kobj/vma.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define NAME_BYTES 34 /* two numbers of 16 digits, and what is between and behind them */

static const struct err *mm_of(struct proc_view *view, const struct proc_node *dir, gva_t *ret)
{
	struct task t;

	TRY(view_require_access(view, dir->task, EACCES));
	TRY(task_read(view->kernel, dir->task, &t));
	*ret = t.mm;
	return NULL;
}

static void name_print(uint64_t start, uint64_t end, char ret[static NAME_BYTES])
{
	snprintf(ret, NAME_BYTES, "%" PRIx64 "-%" PRIx64, start, end);
}

const struct err *pid_map_files_list(struct proc_view *view, const struct proc_node *dir,
				     proc_emit emit, void *context)
{
	char name[NAME_BYTES];
	struct vma_iter it;
	struct vma v;
	gva_t mm;

	TRY(mm_of(view, dir, &mm));
	if (gva_is_null(mm))
		return NULL;
	TRY(vma_iter_init(&it, view->kernel, mm));
	for (;;) {
		const struct err *e = vma_iter_next(&it, view->kernel, &v);

		if (!e && gva_is_null(v.at))
			return NULL;
		if (!e && !gva_is_null(v.file)) {
			name_print(v.start, v.end, name);
			if (!emit(context, name, NODE_MAGIC))
				return NULL;
		}
		TRY(view_pass_over(view, e));
	}
}

/* dname_to_vma_addr(): as it is printed, no other way. */
static bool range_parse(const char *name, uint64_t *ret_start, uint64_t *ret_end)
{
	char again[NAME_BYTES], *end;

	*ret_start = strtoull(name, &end, 16);
	if (*end != '-')
		return false;
	*ret_end = strtoull(end + 1, &end, 16);
	name_print(*ret_start, *ret_end, again);
	return strcmp(name, again) == 0;
}

const struct err *pid_map_files_find(struct proc_view *view, const struct proc_node *dir,
				     struct proc_node *ret)
{
	uint64_t start, end, mode;
	struct vma v = {0};
	gva_t mm;

	TRY(mm_of(view, dir, &mm));
	if (!gva_is_null(mm) && range_parse(ret->name, &start, &end))
		TRY(vma_find(view->kernel, mm, start, end, &v));
	if (gva_is_null(v.file))
		return ERR(ERR_ABSENT, "no file is mapped at %.64s", ret->name);
	TRY(kfield_uint(view->kernel, v.file, F_file_mode, &mode));
	ret->object = v.at;
	ret->mode = S_IFLNK | (mode & FILE_MODE_READ ? S_IRUSR : 0) |
		    (mode & FILE_MODE_WRITE ? S_IWUSR : 0);
	return NULL;
}

static const struct err *path_of(struct proc_view *view, const struct proc_node *node,
				 struct kpath *ret, gva_t *ret_inode)
{
	struct vma v;

	TRY(vma_read(view->kernel, node->object, &v));
	return vma_path(view->kernel, &v, ret, ret_inode);
}

const struct err *pid_map_files_readlink(struct proc_view *view, const struct proc_node *node,
					 char *ret, size_t size_bytes)
{
	struct kpath path;
	gva_t inode;

	TRY(path_of(view, node, &path, &inode));
	return reader_path(view, &path, ret, size_bytes);
}

const struct err *pid_map_files_stat(struct proc_view *view, const struct proc_node *node,
				     struct stat *ret)
{
	struct kpath path;
	gva_t inode;

	TRY(path_of(view, node, &path, &inode));
	return reader_stat(view, inode, ret);
}
