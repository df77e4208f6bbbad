/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries of an image. Input: the tree's answers; names and texts are the guest's (hostile). */
#include "transcall/vfs/image_entry.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "transcall/vfs/vfs.h"

/* What is not written is asked for in a call, and counted then. */
const struct err *image_pass_over(struct writing *w, const struct err *e,
				  const struct proc_view *before)
{
	struct proc_view *view = w->v->guest->view;

	if (e && err_is_fatal(e))
		return e;
	view->unreadable = before->unreadable;
	view->absent = before->absent;
	view->races = before->races;
	return NULL;
}

/* The attributes that a stat() of the path shows, except the number, which stat() takes from the
 * shadow where that has the entry. */
const struct err *image_keep_stat(struct writing *w, const struct proc_node *node, uint32_t *ret)
{
	const struct proc_view before = *w->v->guest->view;
	struct stat st;
	const struct err *e = proc_attr(w->v->guest->view, node, &st);

	*ret = 0;
	if (e)
		return image_pass_over(w, e, &before);
	st.st_dev = w->dev;
	*ret = writing_keep(w, &st, sizeof(st));
	return NULL;
}

/* The attributes that a stat() through a magic link shows. */
static const struct err *keep_target(struct writing *w, const struct proc_node *node, uint32_t *ret)
{
	const struct proc_view before = *w->v->guest->view;
	struct stat st;
	const struct err *e = proc_stat_target(w->v->guest->view, node, &st);

	*ret = 0;
	if (e)
		return image_pass_over(w, e, &before);
	*ret = writing_keep(w, &st, sizeof(st));
	return NULL;
}

/* With the attributes @stat, or none. */
const struct err *image_put_file(struct writing *w, const char *path, const struct proc_node *node,
				 uint32_t stat)
{
	const struct proc_view before = *w->v->guest->view;
	struct image_entry entry = {.kind = IMAGE_FILE, .stat = stat};
	const struct err *e = vfs_render(w->v, node);

	if (e && e->kind == ERR_ABSENT) {
		entry.errnum = (uint32_t)(e->errnum ? e->errnum : ENOENT);
		TRY(image_pass_over(w, e, &before));
		return writing_put(w, path, entry);
	}
	if (e)
		return image_pass_over(w, e, &before);
	entry.text = writing_keep(w, w->v->text_bytes, w->v->text_len);
	entry.text_len = (uint32_t)w->v->text_len;
	return entry.text ? writing_put(w, path, entry) : NULL;
}

/* Which protocol the socket behind a link is of, if it is one. */
static const struct err *keep_protocol(struct writing *w, const struct proc_node *node,
				       struct image_entry *ret)
{
	const struct proc_view before = *w->v->guest->view;
	char text[64] = "";
	const struct err *e = proc_socket_protocol(w->v->guest->view, node, text, sizeof(text));

	if (e && e->kind != ERR_ABSENT)
		return image_pass_over(w, e, &before);
	TRY(image_pass_over(w, e, &before));
	ret->protocol_len = e ? 0 : (uint32_t)strlen(text) + 1;
	ret->protocol = writing_keep(w, text, sizeof(text));
	return NULL;
}

/* @all: not only its text. */
const struct err *image_put_link(struct writing *w, const char *path, const struct proc_node *node,
				 bool all)
{
	const struct proc_view before = *w->v->guest->view;
	struct image_entry entry = {.kind = IMAGE_LINK};
	char text[PATH_MAX];
	const struct err *e = proc_readlink(w->v->guest->view, node, text, sizeof(text));

	if (e && e->kind == ERR_ABSENT) {
		entry.errnum = (uint32_t)(e->errnum ? e->errnum : ENOENT);
		TRY(image_pass_over(w, e, &before));
		return writing_put(w, path, entry);
	}
	if (e)
		return image_pass_over(w, e, &before);
	if (all)
		TRY(image_keep_stat(w, node, &entry.stat));
	if (all && node->kind == NODE_MAGIC) {
		TRY(keep_target(w, node, &entry.target));
		TRY(keep_protocol(w, node, &entry));
	}
	entry.text_len = (uint32_t)strlen(text);
	entry.text = writing_keep(w, text, entry.text_len);
	return entry.text ? writing_put(w, path, entry) : NULL;
}

/* --- directories --------------------------------------------------------------------------- */

static size_t record_bytes(const char *name)
{
	return (offsetof(struct dirent64, d_name) + strlen(name) + 1 + 7) & ~(size_t)7;
}

/* One record of getdents64(2); its d_off is where the next one starts. */
static uint32_t put_record(char *text, uint32_t offset, const char *name, unsigned char type)
{
	struct dirent64 *record = (struct dirent64 *)(text + offset);
	size_t len = record_bytes(name);

	record->d_reclen = (unsigned short)len;
	record->d_off = offset + (off64_t)len;
	record->d_ino = 1;
	record->d_type = type;
	memcpy(record->d_name, name, strlen(name) + 1);
	return offset + (uint32_t)len;
}

const struct err *image_put_dir(struct writing *w, const char *path, const struct listing *l,
				uint32_t stat)
{
	static const unsigned char types[] = {[NODE_DIR] = DT_DIR,
					      [NODE_FILE] = DT_REG,
					      [NODE_SYMLINK] = DT_LNK,
					      [NODE_MAGIC] = DT_LNK};
	struct image_entry entry = {.kind = IMAGE_DIR, .stat = stat};
	size_t len = record_bytes(".") + record_bytes("..");
	uint32_t used;

	for (size_t i = 0; i < l->count; i++)
		len += record_bytes(l->entries[i].name);
	entry.text = writing_room(w, len);
	entry.text_len = (uint32_t)len;
	if (entry.text) {
		used = put_record(writing_at(w, entry.text), 0, ".", DT_DIR);
		used = put_record(writing_at(w, entry.text), used, "..", DT_DIR);
		for (size_t i = 0; i < l->count; i++)
			used = put_record(writing_at(w, entry.text), used, l->entries[i].name,
					  types[l->entries[i].kind]);
	}
	return writing_put(w, path, entry);
}
