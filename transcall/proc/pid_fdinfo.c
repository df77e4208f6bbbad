/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/fdinfo/N: what is common to all files, and locks. Input: attacker-controlled. */
#include <fcntl.h>
#include <inttypes.h>

#include "transcall/kobj/inode.h"
#include "transcall/proc/fdinfo.h"
#include "transcall/proc/locktext.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"

static const struct err *locks_render(struct proc_view *view, const struct kfile *file,
				      const struct fdtable *table, FILE *out)
{
	struct lock_file_iter it;
	struct klock lock;
	gva_t at;

	TRY(lock_file_iter_init(&it, view->kernel, file->at, table->files));
	for (uint64_t id = 1;; id++) {
		TRY(lock_file_iter_next(&it, view->kernel, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(lock_read(view->kernel, at, view->pid_ns, &lock));
		fputs("lock:\t", out);
		locktext_render(out, view->kernel, &lock, id, 0);
	}
}

static const struct err *common_render(struct proc_view *view, const struct kfile *file,
				       const struct fdtable *table, uint32_t fd, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t mount_id, ino;
	bool cloexec;

	TRY(fdtable_close_on_exec(k, table, fd, &cloexec));
	TRY(kfield_uint(k, kfield_container(k, file->path.mnt, F_mount_mnt), F_mount_id,
			&mount_id));
	fprintf(out, "pos:\t%" PRId64 "\nflags:\t0%" PRIo32 "\nmnt_id:\t%" PRId32 "\n", file->pos,
		file->flags | (cloexec ? O_CLOEXEC : 0), (int32_t)mount_id);
	if (!reader_kernel_has_idmaps(k)) /* the line came with 5.14 */
		return NULL;
	TRY(inode_number(k, file->inode, &ino));
	fprintf(out, "ino:\t%" PRIu64 "\n", ino);
	return NULL;
}

const struct err *pid_fdinfo(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct fdtable table;
	struct kfile file;

	TRY(fdtable_read(view->kernel, node->task, &table));
	TRY(file_read(view->kernel, node->object, &file));
	TRY(common_render(view, &file, &table, node->number, out));
	TRY(locks_render(view, &file, &table, out));
	return fdinfo_render_kind(view, &file, out);
}
