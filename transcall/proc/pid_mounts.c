/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/mounts, mountinfo, mountstats. Input: attacker-controlled. */
#include <errno.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <sys/sysmacros.h>

#include "transcall/kobj/dname.h"
#include "transcall/kobj/inode.h"
#include "transcall/kobj/mount.h"
#include "transcall/proc/mountopts.h"
#include "transcall/proc/reader.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define PATH_ESCAPE   " \t\n\\"
#define TEXT_MAX      4096
#define SB_RDONLY_BIT 1u

/* A mount whose line is being written. */
struct shown {
	const struct kernel *kernel;
	struct kpath root; /* of the process: mounts outside are not shown */
	struct kmount mount;
	char point[DPATH_BYTES]; /* where it is mounted */
	bool below, sb_readonly;
};

/* A string of the kernel, with characters escaped; # since 5.11. */
static const struct err *string_render(const struct kernel *k, gva_t at, FILE *out)
{
	char text[TEXT_MAX];

	TRY(kread_str(k, at, text, sizeof(text)));
	reader_mangle(out, text, reader_kernel_has_idmaps(k) ? PATH_ESCAPE "#" : PATH_ESCAPE);
	return NULL;
}

static const struct err *type_render(const struct shown *s, FILE *out)
{
	const struct kernel *k = s->kernel;
	gva_t type, name, subtype;

	TRY(kfield_ptr(k, s->mount.sb, F_super_block_type, &type));
	TRY(kfield_ptr(k, type, F_file_system_type_name, &name));
	TRY(kfield_ptr(k, s->mount.sb, F_super_block_subtype, &subtype));
	TRY(string_render(k, name, out));
	if (gva_is_null(subtype))
		return NULL;
	fputc('.', out);
	return string_render(k, subtype, out);
}

static const struct err *device_render(const struct shown *s, FILE *out)
{
	if (!gva_is_null(s->mount.devname))
		return string_render(s->kernel, s->mount.devname, out);
	fputs("none", out);
	return NULL;
}

/* show_mnt_opts() */
static void flags_render(const struct shown *s, FILE *out)
{
	static const struct {
		uint32_t flag;
		const char *text;
	} options[] = {
		{MOUNT_NOSUID, ",nosuid"},           {MOUNT_NODEV, ",nodev"},
		{MOUNT_NOEXEC, ",noexec"},           {MOUNT_NOATIME, ",noatime"},
		{MOUNT_NODIRATIME, ",nodiratime"},   {MOUNT_RELATIME, ",relatime"},
		{MOUNT_NOSYMFOLLOW, ",nosymfollow"},
	};

	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (s->mount.flags & options[i].flag)
			fputs(options[i].text, out);
	if (s->mount.idmapped)
		fputs(",idmapped", out);
}

/* show_vfsmnt(), fs/proc_namespace.c */
static const struct err *mounts_line(const struct shown *s, FILE *out)
{
	bool readonly = s->sb_readonly || (s->mount.flags & MOUNT_READONLY);

	TRY(device_render(s, out));
	fputc(' ', out);
	reader_mangle(out, s->point, PATH_ESCAPE);
	fputc(' ', out);
	TRY(type_render(s, out));
	fputs(readonly ? " ro" : " rw", out);
	TRY(mountopts_common(s->kernel, s->mount.sb, out));
	flags_render(s, out);
	TRY(mountopts_own(s->kernel, s->mount.sb, out));
	fputs(" 0 0\n", out);
	return NULL;
}

/* What of the file system is mounted. */
static const struct err *source_render(const struct shown *s, FILE *out)
{
	const struct kernel *k = s->kernel;
	char text[DPATH_BYTES];
	uint64_t magic;

	TRY(kfield_uint(k, s->mount.sb, F_super_block_magic, &magic));
	TRY(magic == NSFS_MAGIC ? dname_of_ns(k, s->mount.path.dentry, text, sizeof(text))
				: dpath_render_dentry(k, s->mount.path.dentry, text, sizeof(text)));
	reader_mangle(out, text, PATH_ESCAPE);
	return NULL;
}

static const struct err *propagation_render(const struct shown *s, FILE *out)
{
	const struct kmount *m = &s->mount;
	int32_t dominating;

	if (m->shared)
		fprintf(out, " shared:%" PRId32, m->group_id);
	if (m->master_group) {
		fprintf(out, " master:%" PRId32, m->master_group);
		TRY(mount_dominating_id(s->kernel, m->at, &s->root, &dominating));
		if (dominating && dominating != m->master_group)
			fprintf(out, " propagate_from:%" PRId32, dominating);
	}
	if (m->unbindable)
		fputs(" unbindable", out);
	return NULL;
}

/* show_mountinfo() */
static const struct err *mountinfo_line(const struct shown *s, FILE *out)
{
	const struct kmount *m = &s->mount;
	dev_t dev;

	TRY(inode_sb_dev(s->kernel, m->sb, &dev));
	fprintf(out, "%" PRId32 " %" PRId32 " %u:%u ", m->id, m->parent_id, major(dev), minor(dev));
	TRY(source_render(s, out));
	fputc(' ', out);
	reader_mangle(out, s->point, PATH_ESCAPE);
	fputs(m->flags & MOUNT_READONLY ? " ro" : " rw", out);
	flags_render(s, out);
	TRY(propagation_render(s, out));
	fputs(" - ", out);
	TRY(type_render(s, out));
	fputc(' ', out);
	TRY(device_render(s, out));
	fputs(s->sb_readonly ? " ro" : " rw", out);
	TRY(mountopts_common(s->kernel, m->sb, out));
	TRY(mountopts_own(s->kernel, m->sb, out));
	fputc('\n', out);
	return NULL;
}

static const struct err *statistics_render(const struct shown *s, FILE *out)
{
	gva_t op, show;

	TRY(kfield_ptr(s->kernel, s->mount.sb, F_super_block_op, &op));
	TRY(kfield_ptr(s->kernel, op, F_super_operations_show_stats, &show));
	if (!gva_is_null(show))
		fputs(" <not-available>", out);
	return NULL;
}

/* show_vfsstat(); statistics of network file systems are not rebuilt */
static const struct err *mountstats_line(const struct shown *s, FILE *out)
{
	bool named = !gva_is_null(s->mount.devname);

	fputs(named ? "device " : "no device", out);
	if (named)
		TRY(device_render(s, out));
	fputs(" mounted on ", out);
	reader_mangle(out, s->point, PATH_ESCAPE);
	fputs(" with fstype ", out);
	TRY(type_render(s, out));
	TRY(statistics_render(s, out));
	fputc('\n', out);
	return NULL;
}

static const struct err *shown_read(struct shown *s, gva_t at)
{
	uint64_t flags;

	TRY(mount_read(s->kernel, at, &s->mount));
	TRY(kfield_uint(s->kernel, s->mount.sb, F_super_block_flags, &flags));
	s->sb_readonly = flags & SB_RDONLY_BIT;
	return dpath_render_below(s->kernel, &s->root, &s->mount.path, s->point, sizeof(s->point),
				  &s->below);
}

static const struct err *mounts_render(struct proc_view *view, const struct proc_node *node,
				       const struct err *(*line)(const struct shown *s, FILE *out),
				       FILE *out)
{
	struct shown s = {.kernel = view->kernel};
	struct mount_iter it;
	gva_t at;

	TRY(kfield_ptr(view->kernel, node->task, F_task_struct_nsproxy, &at));
	if (gva_is_null(at))
		return ERR_ERRNO(ERR_ABSENT, EINVAL, "the task has no mounts any more");
	TRY(kpath_root(view->kernel, node->task, &s.root));
	TRY(mount_iter_init(&it, view->kernel, node->task));
	for (;;) {
		long start = ftell(out);
		const struct err *e = mount_iter_next(&it, view->kernel, &at);

		if (!e && gva_is_null(at))
			return NULL;
		if (!e)
			e = shown_read(&s, at);
		if (!e && s.below)
			e = line(&s, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

const struct err *pid_mounts(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return mounts_render(view, node, mounts_line, out);
}

const struct err *pid_mountinfo(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return mounts_render(view, node, mountinfo_line, out);
}

const struct err *pid_mountstats(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return mounts_render(view, node, mountstats_line, out);
}
