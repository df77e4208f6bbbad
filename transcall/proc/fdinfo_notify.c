/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of fdinfo of inotify and fanotify: what they watch. Input: attacker-controlled. */
#include <inttypes.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/list.h"
#include "transcall/proc/fdinfo.h"

/* FSNOTIFY_MARK_FLAG_* (include/linux/fsnotify_backend.h) */
#define MARK_EXCL_UNLINK  0x010u
#define MARK_ONESHOT      0x020u
#define MARK_SURV_MODIFY  0x100u
#define MARK_NO_IREF      0x200u
#define MARK_IGNORE_FLAGS 0x400u

#define FAN_MARK_EVICTABLE_FLAG 0x200u /* newer than this machine's header */
#define FAN_MARK_IGNORE_FLAG    0x400u
#define GROUP_UNPRIVILEGED      0x80000000u /* FANOTIFY_UNPRIV: not a flag of the user's */
#define FILEID_INO64_GEN        0x81
#define FILEID_KERNFS           0xfe

enum watched_kind { WATCHED_NOTHING, WATCHED_INODE, WATCHED_MOUNT, WATCHED_SB };

/* What a mark watches. */
struct watched {
	enum watched_kind kind;
	gva_t at; /* inode, mount or super_block */
	uint64_t mask, ignored, flags;
};

static const struct {
	enum enumerator_id type;
	enum watched_kind kind;
	enum field_id marks;  /* member that the connector points at, until 6.9 */
	enum field_id embeds; /* since: the member that it points at; 0: the object itself */
} kinds[] = {
	{E_FSNOTIFY_OBJ_TYPE_INODE, WATCHED_INODE, F_inode_fsnotify_marks, 0},
	{E_FSNOTIFY_OBJ_TYPE_VFSMOUNT, WATCHED_MOUNT, F_mount_fsnotify_marks, F_mount_mnt},
	{E_FSNOTIFY_OBJ_TYPE_SB, WATCHED_SB, F_super_block_fsnotify_marks, 0},
};

static const struct err *object_find(const struct kernel *k, gva_t connector, struct watched *w)
{
	uint64_t type;
	gva_t object, back;

	TRY(kfield_uint(k, connector, F_fsnotify_mark_connector_type, &type));
	TRY(kfield_ptr(k, connector, F_fsnotify_mark_connector_obj, &object));
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !gva_is_null(object); i++) {
		const struct enumerator *e = &k->profile->enumerators[kinds[i].type];

		if (!e->present || type != (uint64_t)e->value)
			continue;
		w->kind = kinds[i].kind;
		TRY(kread_ptr(k, object, &back));
		if (gva_equal(back, connector) && profile_has(k->profile, kinds[i].marks))
			w->at = kfield_container(k, object, kinds[i].marks);
		else
			w->at = kinds[i].embeds ? kfield_container(k, object, kinds[i].embeds)
						: object;
	}
	return NULL;
}

static const struct err *watched_read(const struct kernel *k, gva_t mark, struct watched *ret)
{
	gva_t connector;

	*ret = (struct watched){.kind = WATCHED_NOTHING};
	TRY(kfield_ptr(k, mark, F_fsnotify_mark_connector, &connector));
	TRY(kfield_uint(k, mark, F_fsnotify_mark_mask, &ret->mask));
	TRY(kfield_uint(k, mark, F_fsnotify_mark_ignore_mask, &ret->ignored));
	TRY(kfield_uint(k, mark, F_fsnotify_mark_flags, &ret->flags));
	return gva_is_null(connector) ? NULL : object_find(k, connector, ret);
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
	} else if (gva_is_null(ops) && profile_has(k->profile, F_inode_ctime_accessors)) {
		words[0] = ino; /* exportfs_encode_ino64_fid(), since 6.7 */
		words[1] = generation;
		count = 12;
		type = FILEID_INO64_GEN;
	}
	fprintf(out, "fhandle-bytes:%x fhandle-type:%x f_handle:", count, type);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%02x", (unsigned)(words[i / 8] >> (8 * (i % 8)) & 0xff));
	return NULL;
}

/* "ino:... sdev:..." of a watched inode */
static const struct err *inode_render(const struct kernel *k, gva_t inode, uint64_t *ret_ino,
				      FILE *out)
{
	dev_t dev;

	TRY(inode_number(k, inode, ret_ino));
	TRY(inode_dev(k, inode, &dev));
	fprintf(out, "ino:%" PRIx64 " sdev:%x ", *ret_ino, fdinfo_sdev(dev));
	return NULL;
}

static uint32_t user_mask(uint64_t mask, uint64_t flags)
{
	uint32_t user = (uint32_t)mask & IN_ALL_EVENTS;

	return user | (flags & MARK_EXCL_UNLINK ? IN_EXCL_UNLINK : 0) |
	       (flags & MARK_ONESHOT ? IN_ONESHOT : 0);
}

static const struct err *inotify_line(const struct kernel *k, gva_t mark, FILE *out)
{
	struct watched w;
	uint64_t ino;
	int64_t wd;

	TRY(watched_read(k, mark, &w));
	if (w.kind != WATCHED_INODE)
		return NULL;
	TRY(kfield_int(k, kfield_container(k, mark, F_inotify_inode_mark_mark),
		       F_inotify_inode_mark_wd, &wd));
	fprintf(out, "inotify wd:%x ", (unsigned)wd);
	TRY(inode_render(k, w.at, &ino, out));
	fprintf(out, "mask:%x ignored_mask:0 ", user_mask(w.mask, w.flags));
	TRY(handle_render(k, w.at, ino, out));
	fputc('\n', out);
	return NULL;
}

/* fanotify_mark_user_flags() */
static unsigned user_flags(uint64_t flags)
{
	return (flags & MARK_SURV_MODIFY ? FAN_MARK_IGNORED_SURV_MODIFY : 0) |
	       (flags & MARK_NO_IREF ? FAN_MARK_EVICTABLE_FLAG : 0) |
	       (flags & MARK_IGNORE_FLAGS ? FAN_MARK_IGNORE_FLAG : 0);
}

static const struct err *fanotify_line(const struct kernel *k, gva_t mark, FILE *out)
{
	struct watched w;
	uint64_t ino = 0;
	int64_t id;
	dev_t dev;

	TRY(watched_read(k, mark, &w));
	if (w.kind == WATCHED_NOTHING)
		return NULL;
	fputs("fanotify ", out);
	if (w.kind == WATCHED_INODE)
		TRY(inode_render(k, w.at, &ino, out));
	else if (w.kind == WATCHED_MOUNT) {
		TRY(kfield_int(k, w.at, F_mount_id, &id));
		fprintf(out, "mnt_id:%x ", (unsigned)id);
	} else {
		TRY(inode_sb_dev(k, w.at, &dev));
		fprintf(out, "sdev:%x ", fdinfo_sdev(dev));
	}
	fprintf(out, "mflags:%x mask:%x ignored_mask:%x", user_flags(w.flags), (unsigned)w.mask,
		(unsigned)w.ignored);
	if (w.kind == WATCHED_INODE) {
		fputc(' ', out);
		TRY(handle_render(k, w.at, ino, out));
	}
	fputc('\n', out);
	return NULL;
}

static const struct err *
marks_render(const struct kernel *k, gva_t group,
	     const struct err *(*line)(const struct kernel *k, gva_t mark, FILE *out), FILE *out)
{
	struct list_iter it;
	gva_t node;

	TRY(list_init(&it, k, kfield_at(k, group, F_fsnotify_group_marks)));
	for (;;) {
		TRY(list_next(&it, k, &node));
		if (gva_is_null(node))
			return NULL;
		TRY(line(k, kfield_container(k, node, F_fsnotify_mark_list), out));
	}
}

const struct err *fdinfo_inotify(struct proc_view *view, const struct kfile *file, FILE *out)
{
	return marks_render(view->kernel, file->private_data, inotify_line, out);
}

const struct err *fdinfo_fanotify(struct proc_view *view, const struct kfile *file, FILE *out)
{
	const struct kernel *k = view->kernel;
	uint64_t flags, f_flags;

	TRY(kfield_uint(k, file->private_data, F_fsnotify_group_fanotify_flags, &flags));
	TRY(kfield_uint(k, file->private_data, F_fsnotify_group_fanotify_f_flags, &f_flags));
	fprintf(out, "fanotify flags:%x event-flags:%x\n", (unsigned)flags & ~GROUP_UNPRIVILEGED,
		(unsigned)f_flags);
	return marks_render(k, file->private_data, fanotify_line, out);
}
