/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking paths over cached directory entries and mounts. Input: attacker-controlled. */
#include "transcall/kobj/namei.h"

#include <linux/magic.h>
#include <string.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/list.h"
#include "transcall/kobj/pagecache.h"

#define NAME_MAX_BYTES 256   /* NAME_MAX and a NUL */
#define LINKS_MAX      40    /* MAXSYMLINKS, include/linux/namei.h */
#define MOUNTS_MAX     64    /* stacked on one place */
#define CHILDREN_MAX   65536 /* of a directory that we look through */
#define STEPS_MAX      512   /* components of one lookup, links' included */

struct walk {
	const struct kernel *k;
	const struct kpath *root;
	struct kpath at;
	unsigned links, steps;
	char rest[2 * DPATH_BYTES]; /* what is still to be walked */
};

static bool kpath_equal(const struct kpath *a, const struct kpath *b)
{
	return gva_equal(a->mnt, b->mnt) && gva_equal(a->dentry, b->dentry);
}

/* Is @dentry hashed (else it was deleted) and called @name? */
static const struct err *dentry_matches(const struct kernel *k, gva_t dentry, const char *name,
					bool *ret)
{
	char text[NAME_MAX_BYTES];
	uint64_t len;
	gva_t hashed, at;

	*ret = false;
	TRY(kfield_uint(k, dentry, F_dentry_name_len, &len));
	if (len != strlen(name))
		return NULL;
	TRY(kfield_ptr(k, dentry, F_dentry_hash_pprev, &hashed));
	if (gva_is_null(hashed))
		return NULL;
	TRY(kfield_ptr(k, dentry, F_dentry_name_text, &at));
	TRY(kread(k, at, text, len));
	*ret = memcmp(text, name, len) == 0;
	return NULL;
}

/* An hlist since 6.8. */
static const struct err *children_init(struct list_iter *it, const struct kernel *k, gva_t dir)
{
	gva_t head = kfield_at(k, dir, F_dentry_children);

	if (k->profile->fields[F_dentry_children].size_bytes == 8)
		return hlist_init(it, k, head);
	return list_init(it, k, head);
}

static const struct err *child_find(const struct kernel *k, gva_t dir, const char *name, gva_t *ret)
{
	struct list_iter it;
	gva_t link;
	bool matches;

	TRY(children_init(&it, k, dir));
	for (unsigned i = 0; i < CHILDREN_MAX; i++) {
		TRY(list_next(&it, k, &link));
		if (gva_is_null(link))
			break;
		*ret = kfield_container(k, link, F_dentry_sibling);
		TRY(dentry_matches(k, *ret, name, &matches));
		if (matches)
			return NULL;
	}
	return ERR(ERR_ABSENT, "the guest has nothing called %s in memory", name);
}

/* The mount on @at, if there is one. */
static const struct err *mount_on(const struct kernel *k, const struct kpath *at, gva_t *ret)
{
	gva_t parent = kfield_container(k, at->mnt, F_mount_mnt), link, mountpoint;
	struct list_iter it;

	*ret = gva(0);
	TRY(list_init(&it, k, kfield_at(k, parent, F_mount_mounts)));
	for (;;) {
		TRY(list_next(&it, k, &link));
		if (gva_is_null(link))
			return NULL;
		gva_t mount = kfield_container(k, link, F_mount_child);
		TRY(kfield_ptr(k, mount, F_mount_mountpoint, &mountpoint));
		if (gva_equal(mountpoint, at->dentry)) {
			*ret = mount;
			return NULL;
		}
	}
}

/* Go down through what is mounted here (traverse_mounts()). */
static const struct err *cross_down(const struct kernel *k, struct kpath *at)
{
	for (unsigned i = 0; i < MOUNTS_MAX; i++) {
		gva_t mount;

		TRY(mount_on(k, at, &mount));
		if (gva_is_null(mount))
			return NULL;
		at->mnt = kfield_at(k, mount, F_mount_mnt);
		TRY(kfield_ptr(k, at->mnt, F_vfsmount_root, &at->dentry));
	}
	return ERR_AT(ERR_RACE, at->mnt.v, "too many mounts on one place");
}

/* One step to "..", never above the root (follow_dotdot()). */
static const struct err *go_up(struct walk *w)
{
	for (unsigned i = 0; i < MOUNTS_MAX && !kpath_equal(&w->at, w->root); i++) {
		gva_t top, mount = kfield_container(w->k, w->at.mnt, F_mount_mnt), parent;

		TRY(kfield_ptr(w->k, w->at.mnt, F_vfsmount_root, &top));
		if (!gva_equal(w->at.dentry, top)) {
			TRY(kfield_ptr(w->k, w->at.dentry, F_dentry_parent, &w->at.dentry));
			break;
		}
		TRY(kfield_ptr(w->k, mount, F_mount_parent, &parent));
		if (gva_equal(parent, mount))
			break;
		TRY(kfield_ptr(w->k, mount, F_mount_mountpoint, &w->at.dentry));
		w->at.mnt = kfield_at(w->k, parent, F_mount_mnt);
	}
	return cross_down(w->k, &w->at);
}

const struct err *namei_readlink(const struct kernel *k, gva_t inode, char *ret, size_t size_bytes)
{
	uint64_t mode, len;
	gva_t text;

	TRY(kfield_uint(k, inode, F_inode_mode, &mode));
	TRY(kfield_uint(k, inode, F_inode_size, &len));
	if (!S_ISLNK(mode) || !len || len >= size_bytes)
		return ERR(ERR_ABSENT, "no symbolic link that can be read");
	TRY(kfield_ptr(k, inode, F_inode_link, &text));
	TRY(gva_is_null(text) ? pagecache_read(k, inode, 0, ret, len) : kread(k, text, ret, len));
	ret[len] = 0;
	return NULL;
}

/* Put the text of the link @inode before what is left, and start where it says. */
static const struct err *follow_link(struct walk *w, gva_t inode)
{
	char text[DPATH_BYTES];

	if (w->links++ == LINKS_MAX)
		return ERR(ERR_ABSENT, "too many symbolic links");
	TRY(namei_readlink(w->k, inode, text, sizeof(text)));
	size_t len = strlen(text), left = strlen(w->rest);
	if (len + 1 + left >= sizeof(w->rest))
		return ERR(ERR_ABSENT, "a path that is too long");
	memmove(w->rest + len + 1, w->rest, left + 1);
	memcpy(w->rest, text, len);
	w->rest[len] = '/';
	if (text[0] == '/')
		w->at = *w->root;
	return NULL;
}

/* Take the first component off the rest; "" when there is none. */
static const struct err *component_take(struct walk *w, char name[static NAME_MAX_BYTES])
{
	const char *start = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(start, "/");

	if (len >= NAME_MAX_BYTES || w->steps++ == STEPS_MAX)
		return ERR(ERR_ABSENT, "a path that is too long");
	memcpy(name, start, len);
	name[len] = 0;
	memmove(w->rest, start + len, strlen(start + len) + 1);
	return NULL;
}

static bool is_last(const struct walk *w)
{
	return w->rest[strspn(w->rest, "/")] == 0;
}

static const struct err *go_down(struct walk *w, const char *name, bool follow)
{
	struct kpath next = w->at;
	gva_t inode;
	uint64_t mode;

	TRY(child_find(w->k, w->at.dentry, name, &next.dentry));
	TRY(cross_down(w->k, &next));
	TRY(kfield_ptr(w->k, next.dentry, F_dentry_inode, &inode));
	if (gva_is_null(inode)) {
		w->at = next;
		return ERR(ERR_ABSENT, "the guest has no file %s", name);
	}
	TRY(kfield_uint(w->k, inode, F_inode_mode, &mode));
	if (S_ISLNK(mode) && (follow || !is_last(w)))
		return follow_link(w, inode);
	w->at = next;
	return NULL;
}

static const struct err *walk_all(struct walk *w, bool follow)
{
	char name[NAME_MAX_BYTES];

	while (!is_last(w)) {
		TRY(component_take(w, name));
		if (strcmp(name, ".") == 0)
			continue;
		TRY(strcmp(name, "..") == 0 ? go_up(w) : go_down(w, name, follow));
	}
	return NULL;
}

const struct err *namei_lookup(const struct kernel *k, const struct kpath *root, const char *path,
			       bool follow, struct kpath *ret)
{
	struct walk w = {.k = k, .root = root, .at = *root};
	const struct err *e;

	*ret = *root;
	if (strlen(path) >= DPATH_BYTES)
		return ERR(ERR_ABSENT, "a path that is too long");
	memcpy(w.rest, path, strlen(path) + 1);
	e = walk_all(&w, follow);
	*ret = w.at;
	return e;
}

const struct err *namei_is_certain(const struct kernel *k, const struct kpath *at, bool *ret)
{
	static const uint64_t in_memory[] = {TMPFS_MAGIC, RAMFS_MAGIC, DEVPTS_SUPER_MAGIC};
	uint64_t magic;
	gva_t sb, inode;

	TRY(kfield_ptr(k, at->dentry, F_dentry_inode, &inode));
	*ret = gva_is_null(inode);
	TRY(kfield_ptr(k, at->mnt, F_vfsmount_sb, &sb));
	TRY(kfield_uint(k, sb, F_super_block_magic, &magic));
	for (size_t i = 0; i < sizeof(in_memory) / sizeof(in_memory[0]); i++)
		*ret |= magic == in_memory[i];
	return NULL;
}
