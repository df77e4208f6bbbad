/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of files, as fs/d_path.c makes them. Input: attacker-controlled. */
#include "transcall/kobj/dpath.h"

#include <string.h>

#include "transcall/kobj/dname.h"

#define STEPS_MAX      8192u /* components and mounts of one name: more do not fit into PATH_MAX */
#define NAME_MAX_BYTES 255u

/* Where the walk from a dentry up to the root ended. */
enum dpath_end {
	END_ROOT,    /* at the root asked for */
	END_GLOBAL,  /* at the top of the mount tree */
	END_ESCAPED, /* at the top of a file system of which only a part is mounted */
};

/* A name is built from its end. */
struct prepend {
	char *start;
	size_t left;   /* free bytes before the name */
	bool too_long; /* it is only looked whether the way has an end */
};

static const struct err *prepend_bytes(struct prepend *p, const char *bytes, size_t len)
{
	p->too_long |= len > p->left;
	if (p->too_long)
		return NULL;
	p->left -= len;
	memcpy(p->start + p->left, bytes, len);
	return NULL;
}

static const struct err *prepend_name(struct prepend *p, const struct kernel *k, gva_t dentry)
{
	char name[NAME_MAX_BYTES + 1];
	uint64_t len;
	gva_t text;

	TRY(kfield_uint(k, dentry, F_dentry_name_len, &len));
	TRY(kfield_ptr(k, dentry, F_dentry_name_text, &text));
	if (len > NAME_MAX_BYTES)
		return ERR_AT(ERR_RACE, dentry.v, "a file name has %u bytes", (unsigned)len);
	name[0] = '/';
	TRY(kread(k, text, name + 1, len));
	return prepend_bytes(p, name, 1 + strnlen(name + 1, len));
}

static gva_t mount_of(const struct kernel *k, gva_t vfsmount)
{
	return kfield_container(k, vfsmount, F_mount_mnt);
}

/* From the root of a mount to the place where it is mounted; @ret_top: it is mounted nowhere. */
static const struct err *mount_cross(const struct kernel *k, struct kpath *at, bool *ret_top)
{
	gva_t mount = mount_of(k, at->mnt), parent;

	TRY(kfield_ptr(k, mount, F_mount_parent, &parent));
	*ret_top = gva_equal(parent, mount);
	if (*ret_top)
		return NULL;
	TRY(kfield_ptr(k, mount, F_mount_mountpoint, &at->dentry));
	at->mnt = kfield_at(k, parent, F_mount_mnt);
	return NULL;
}

/* prepend_path() */
static const struct err *prepend_path(struct prepend *p, const struct kernel *k,
				      const struct kpath *root, struct kpath at,
				      enum dpath_end *ret)
{
	size_t left = p->left;
	bool top = false;

	for (unsigned step = 0;; step++) {
		gva_t parent, mnt_root;

		if (step == STEPS_MAX)
			return ERR_AT(ERR_RACE, at.dentry.v, "a path does not end");
		*ret = END_ROOT;
		if (gva_equal(at.dentry, root->dentry) && gva_equal(at.mnt, root->mnt))
			break;
		TRY(kfield_ptr(k, at.mnt, F_vfsmount_root, &mnt_root));
		if (gva_equal(at.dentry, mnt_root)) {
			*ret = END_GLOBAL;
			TRY(mount_cross(k, &at, &top));
			if (top)
				break;
			continue;
		}
		TRY(kfield_ptr(k, at.dentry, F_dentry_parent, &parent));
		if (gva_equal(at.dentry, parent)) {
			*ret = END_ESCAPED;
			p->left = left;
			break;
		}
		TRY(prepend_name(p, k, at.dentry));
		at.dentry = parent;
	}
	return p->left == left ? prepend_bytes(p, "/", 1) : NULL;
}

static const struct err *name_finish(const struct prepend *p, const char *end, char *ret,
				     size_t size_bytes)
{
	size_t len = (size_t)(end - (p->start + p->left));

	if (p->too_long)
		return ERR(ERR_ABSENT, "a path is longer than PATH_MAX");
	if (len > size_bytes)
		return ERR(ERR_ABSENT, "a path is longer than %zu bytes", size_bytes);
	memcpy(ret, p->start + p->left, len);
	return NULL;
}

/* d_unlinked(): unhashed and not the top of its file system. */
static const struct err *dentry_unlinked(const struct kernel *k, gva_t dentry, bool *ret)
{
	gva_t pprev, parent;

	TRY(kfield_ptr(k, dentry, F_dentry_hash_pprev, &pprev));
	TRY(kfield_ptr(k, dentry, F_dentry_parent, &parent));
	*ret = gva_is_null(pprev) && !gva_equal(parent, dentry);
	return NULL;
}

const struct err *dpath_render(const struct kernel *k, const struct kpath *root,
			       const struct kpath *path, char *ret, size_t size_bytes)
{
	char buffer[DPATH_BYTES];
	struct prepend p = {.start = buffer, .left = sizeof(buffer)};
	enum dpath_end end;
	bool pseudo, unlinked;

	TRY(dname_render(k, path, ret, size_bytes, &pseudo));
	if (pseudo)
		return NULL;
	TRY(dentry_unlinked(k, path->dentry, &unlinked));
	TRY(unlinked ? prepend_bytes(&p, " (deleted)", sizeof(" (deleted)"))
		     : prepend_bytes(&p, "", 1));
	TRY(prepend_path(&p, k, root, *path, &end));
	return name_finish(&p, buffer + sizeof(buffer), ret, size_bytes);
}

const struct err *dpath_render_below(const struct kernel *k, const struct kpath *root,
				     const struct kpath *path, char *ret, size_t size_bytes,
				     bool *ret_below)
{
	char buffer[DPATH_BYTES];
	struct prepend p = {.start = buffer, .left = sizeof(buffer)};
	enum dpath_end end;

	TRY(prepend_bytes(&p, "", 1));
	TRY(prepend_path(&p, k, root, *path, &end));
	*ret_below = end == END_ROOT;
	return name_finish(&p, buffer + sizeof(buffer), ret, size_bytes);
}

const struct err *dpath_render_dentry(const struct kernel *k, gva_t dentry, char *ret,
				      size_t size_bytes)
{
	char buffer[DPATH_BYTES];
	struct prepend p = {.start = buffer, .left = sizeof(buffer)};
	bool unlinked;

	TRY(dentry_unlinked(k, dentry, &unlinked));
	TRY(unlinked ? prepend_bytes(&p, "//deleted", sizeof("//deleted"))
		     : prepend_bytes(&p, "", 1));
	size_t left = p.left;
	for (unsigned step = 0;; step++) {
		gva_t parent;

		TRY(kfield_ptr(k, dentry, F_dentry_parent, &parent));
		if (gva_equal(parent, dentry))
			break;
		if (step == STEPS_MAX)
			return ERR_AT(ERR_RACE, dentry.v, "a path does not end");
		TRY(prepend_name(&p, k, dentry));
		dentry = parent;
	}
	if (p.left == left)
		TRY(prepend_bytes(&p, "/", 1));
	return name_finish(&p, buffer + sizeof(buffer), ret, size_bytes);
}

const struct err *kpath_read(const struct kernel *k, gva_t at, struct kpath *ret)
{
	TRY(kfield_ptr(k, at, F_path_mnt, &ret->mnt));
	return kfield_ptr(k, at, F_path_dentry, &ret->dentry);
}

static const struct err *kpath_of_fs(const struct kernel *k, gva_t task, enum field_id id,
				     struct kpath *ret)
{
	gva_t fs;

	TRY(kfield_ptr(k, task, F_task_struct_fs, &fs));
	if (gva_is_null(fs))
		return ERR(ERR_ABSENT, "the task has no root and working directory any more");
	return kpath_read(k, kfield_at(k, fs, id), ret);
}

const struct err *kpath_root(const struct kernel *k, gva_t task, struct kpath *ret)
{
	return kpath_of_fs(k, task, F_fs_struct_root, ret);
}

const struct err *kpath_cwd(const struct kernel *k, gva_t task, struct kpath *ret)
{
	return kpath_of_fs(k, task, F_fs_struct_pwd, ret);
}
