/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of fdinfo by kind of file. Input: attacker-controlled. */
#include "transcall/proc/fdinfo.h"

#include <inttypes.h>
#include <sys/sysmacros.h>

#include "transcall/kobj/pid.h"

#define EFD_SEMAPHORE_FLAG 1u
#define MINOR_BITS         20

unsigned fdinfo_sdev(dev_t dev)
{
	return major(dev) << MINOR_BITS | minor(dev);
}

static const struct err *eventfd_render(struct proc_view *view, const struct kfile *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t count, flags;
	int64_t id;

	TRY(kfield_uint(k, file->private_data, F_eventfd_ctx_count, &count));
	TRY(kfield_uint(k, file->private_data, F_eventfd_ctx_flags, &flags));
	TRY(kfield_int(k, file->private_data, F_eventfd_ctx_id, &id));
	fprintf(out, "eventfd-count: %16" PRIx64 "\neventfd-id: %" PRId64 "\n", count, id);
	if (profile_has(k->profile, F_inode_ctime_accessors)) /* 6.6; the line came with 6.5 */
		fprintf(out, "eventfd-semaphore: %d\n", (flags & EFD_SEMAPHORE_FLAG) != 0);
	return NULL;
}

/* The context holds the signals that are not waited for. */
static const struct err *signalfd_render(struct proc_view *view, const struct kfile *file,
					 FILE *out)
{
	uint64_t mask;

	TRY(kfield_uint(view->kernel, file->private_data, F_signalfd_ctx_sigmask, &mask));
	fprintf(out, "sigmask:\t%016" PRIx64 "\n", ~mask);
	return NULL;
}

/* private_data before pidfs (6.9), then the inode's. */
static const struct err *pid_of_pidfd(const struct kernel *k, const struct kfile *file, gva_t *ret)
{
	*ret = file->private_data;
	return gva_is_null(*ret) ? kfield_ptr(k, file->inode, F_inode_private, ret) : NULL;
}

static const struct err *pidfd_number(const struct proc_view *view, gva_t pid, int32_t *ret)
{
	gva_t task;

	TRY(pid_task(view->kernel, pid, PID_KIND_PID, &task));
	*ret = -1;
	return gva_is_null(task) ? NULL : pid_number(view->kernel, pid, view->pid_ns, ret);
}

static const struct err *pidfd_render(struct proc_view *view, const struct kfile *file, FILE *out)
{
	struct pid_numbers numbers;
	unsigned level = 0;
	int32_t nr;
	gva_t pid;

	TRY(pid_of_pidfd(view->kernel, file, &pid));
	TRY(pidfd_number(view, pid, &nr));
	fprintf(out, "Pid:\t%" PRId32 "\nNSpid:\t%" PRId32, nr, nr);
	if (nr > 0) {
		TRY(pid_read_numbers(view->kernel, pid, &numbers));
		while (level <= numbers.level && !gva_equal(numbers.ns[level], view->pid_ns))
			level++;
		while (++level <= numbers.level)
			fprintf(out, "\t%" PRId32, numbers.number[level]);
	}
	fputc('\n', out);
	return NULL;
}

/* Only masters of pseudo terminals have a line. */
static const struct err *tty_render(struct proc_view *view, const struct kfile *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t tty, ops, show;
	int64_t index;

	TRY(kfield_ptr(k, file->private_data, F_tty_file_private_tty, &tty));
	TRY(kfield_ptr(k, tty, F_tty_struct_ops, &ops));
	TRY(kfield_ptr(k, ops, F_tty_operations_show_fdinfo, &show));
	if (gva_is_null(show))
		return NULL;
	TRY(kfield_int(k, tty, F_tty_struct_index, &index));
	fprintf(out, "tty-index:\t%" PRId64 "\n", index);
	return NULL;
}

static const struct {
	enum symbol_id show_fdinfo;
	fdinfo_fn *render;
} kinds[] = {
	{S_eventfd_show_fdinfo, eventfd_render},   {S_ep_show_fdinfo, fdinfo_epoll},
	{S_signalfd_show_fdinfo, signalfd_render}, {S_timerfd_show, fdinfo_timerfd},
	{S_inotify_show_fdinfo, fdinfo_inotify},   {S_fanotify_show_fdinfo, fdinfo_fanotify},
	{S_pidfd_show_fdinfo, pidfd_render},       {S_tty_show_fdinfo, tty_render},
	{S_sock_show_fdinfo, fdinfo_socket},
};

const struct err *fdinfo_render_kind(struct proc_view *view, const struct kfile *file, FILE *out)
{
	gva_t show;

	TRY(kfield_ptr(view->kernel, file->op, F_file_operations_show_fdinfo, &show));
	if (gva_is_null(show))
		return NULL;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (gva_equal(show, kernel_symbol(view->kernel, kinds[i].show_fdinfo)))
			return kinds[i].render(view, file, out);
	fputs("not-available:\tfurther lines of this kind of file\n", out);
	return NULL;
}
