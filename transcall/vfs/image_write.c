/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing an image. Input: the tree's answers; names and texts are the guest's (hostile). */
#include "transcall/vfs/image_write.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "remotetrans/base/scope.h"
#include "transcall/inside/image.h"
#include "transcall/vfs/listing.h"
#include "transcall/vfs/path.h"
#include "transcall/vfs/vfs.h"

static const struct program programs[] = {
#define PROGRAM(name_, files_) {name_, files_},
#include "transcall/inside/programs.def"
#undef PROGRAM
};

const struct program *program_find(const char *name)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	return NULL;
}

/* The file after @at in a row's list, written to @ret; where the next one starts, NULL: no more. */
static const char *next_file(const char *at, char *ret, size_t size_bytes)
{
	size_t len = strcspn(at, " ");

	if (!at[len] || len >= size_bytes)
		return NULL;
	memcpy(ret, at, len);
	ret[len] = '\0';
	return at + len + 1;
}

/* --- room ---------------------------------------------------------------------------------- */

struct writing {
	struct vfs *v;
	struct image *image;
	dev_t dev;                   /* of the shadow */
	struct image_entry *entries; /* owned; placed in slots when all are known */
	size_t count, allocated;
};

static void writing_deinit(struct writing *w)
{
	free(w->entries);
}

static char *at(const struct writing *w, uint32_t offset)
{
	return (char *)w->image + offset;
}

/* Aligned to 8 bytes; 0: there is no room. */
static uint32_t room(struct writing *w, size_t len_bytes)
{
	uint32_t from = (w->image->used_bytes + 7) & ~UINT32_C(7);

	if (len_bytes > IMAGE_BYTES - from)
		return 0;
	w->image->used_bytes = from + (uint32_t)len_bytes;
	return from;
}

static uint32_t keep(struct writing *w, const void *bytes, size_t len_bytes)
{
	uint32_t offset = room(w, len_bytes);

	if (offset && len_bytes)
		memcpy(at(w, offset), bytes, len_bytes);
	return offset;
}

static const struct err *put(struct writing *w, const char *path, struct image_entry entry)
{
	if (w->count == w->allocated) {
		size_t more = w->allocated ? w->allocated * 2 : 1024;
		struct image_entry *bigger = reallocarray(w->entries, more, sizeof(*bigger));

		if (!bigger)
			return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for an image");
		w->entries = bigger;
		w->allocated = more;
	}
	entry.path_len = (uint32_t)strlen(path);
	entry.hash = image_hash(path, entry.path_len);
	entry.path = keep(w, path, entry.path_len);
	if (entry.path)
		w->entries[w->count++] = entry;
	return NULL;
}

static const struct err *place_entries(struct writing *w)
{
	struct image_entry *slots;
	uint32_t count = 64;

	while (count < w->count * 2)
		count *= 2;
	w->image->slots = room(w, count * sizeof(*slots));
	if (!w->image->slots)
		return ERR(ERR_ABSENT, "an image has no room for so many files");
	w->image->slot_count = count;
	slots = (struct image_entry *)at(w, w->image->slots);
	for (size_t i = 0; i < w->count; i++) {
		uint32_t slot = (uint32_t)w->entries[i].hash & (count - 1);

		while (slots[slot].path)
			slot = (slot + 1) & (count - 1);
		slots[slot] = w->entries[i];
	}
	return NULL;
}

/* --- entries ------------------------------------------------------------------------------- */

/* What is not written is asked for in a call, and counted then. */
static const struct err *pass_over(struct writing *w, const struct err *e,
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
static const struct err *keep_stat(struct writing *w, const struct proc_node *node, uint32_t *ret)
{
	const struct proc_view before = *w->v->guest->view;
	struct stat st;
	const struct err *e = proc_attr(w->v->guest->view, node, &st);

	*ret = 0;
	if (e)
		return pass_over(w, e, &before);
	st.st_dev = w->dev;
	*ret = keep(w, &st, sizeof(st));
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
		return pass_over(w, e, &before);
	*ret = keep(w, &st, sizeof(st));
	return NULL;
}

/* With the attributes @stat, or none. */
static const struct err *put_file(struct writing *w, const char *path, const struct proc_node *node,
				  uint32_t stat)
{
	const struct proc_view before = *w->v->guest->view;
	struct image_entry entry = {.kind = IMAGE_FILE, .stat = stat};
	const struct err *e = vfs_render(w->v, node);

	if (e && e->kind == ERR_ABSENT) {
		entry.errnum = (uint32_t)(e->errnum ? e->errnum : ENOENT);
		TRY(pass_over(w, e, &before));
		return put(w, path, entry);
	}
	if (e)
		return pass_over(w, e, &before);
	entry.text = keep(w, w->v->text_bytes, w->v->text_len);
	entry.text_len = (uint32_t)w->v->text_len;
	return entry.text ? put(w, path, entry) : NULL;
}

/* Which protocol the socket behind a link is of, if it is one. */
static const struct err *keep_protocol(struct writing *w, const struct proc_node *node,
				       struct image_entry *ret)
{
	const struct proc_view before = *w->v->guest->view;
	char text[64] = "";
	const struct err *e = proc_socket_protocol(w->v->guest->view, node, text, sizeof(text));

	if (e && e->kind != ERR_ABSENT)
		return pass_over(w, e, &before);
	TRY(pass_over(w, e, &before));
	ret->protocol_len = e ? 0 : (uint32_t)strlen(text) + 1;
	ret->protocol = keep(w, text, sizeof(text));
	return NULL;
}

/* @all: not only its text. */
static const struct err *put_link(struct writing *w, const char *path, const struct proc_node *node,
				  bool all)
{
	const struct proc_view before = *w->v->guest->view;
	struct image_entry entry = {.kind = IMAGE_LINK};
	char text[PATH_MAX];
	const struct err *e = proc_readlink(w->v->guest->view, node, text, sizeof(text));

	if (e && e->kind == ERR_ABSENT) {
		entry.errnum = (uint32_t)(e->errnum ? e->errnum : ENOENT);
		TRY(pass_over(w, e, &before));
		return put(w, path, entry);
	}
	if (e)
		return pass_over(w, e, &before);
	if (all)
		TRY(keep_stat(w, node, &entry.stat));
	if (all && node->kind == NODE_MAGIC) {
		TRY(keep_target(w, node, &entry.target));
		TRY(keep_protocol(w, node, &entry));
	}
	entry.text_len = (uint32_t)strlen(text);
	entry.text = keep(w, text, entry.text_len);
	return entry.text ? put(w, path, entry) : NULL;
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

static const struct err *put_dir(struct writing *w, const char *path, const struct listing *l, uint32_t stat)
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
	entry.text = room(w, len);
	entry.text_len = (uint32_t)len;
	if (entry.text) {
		used = put_record(at(w, entry.text), 0, ".", DT_DIR);
		used = put_record(at(w, entry.text), used, "..", DT_DIR);
		for (size_t i = 0; i < l->count; i++)
			used = put_record(at(w, entry.text), used, l->entries[i].name,
					  types[l->entries[i].kind]);
	}
	return put(w, path, entry);
}

static const struct err *put_child(struct writing *w, const char *path, bool all)
{
	const struct proc_view before = *w->v->guest->view;
	uint32_t stat = 0;
	struct proc_node node;
	const struct err *e = proc_lookup(w->v->guest->view, path, &node);

	if (e)
		return pass_over(w, e, &before);
	if (node.kind == NODE_SYMLINK || node.kind == NODE_MAGIC)
		return put_link(w, path, &node, all);
	if (node.kind != NODE_FILE || !all)
		return NULL;
	TRY(keep_stat(w, &node, &stat));
	return put_file(w, path, &node, stat);
}

/* A directory: its listing, and the links in it. @all: with all about them, and files. */
static const struct err *put_listing(struct writing *w, const char *path,
				     const struct proc_node *node, bool all)
{
	const struct proc_view before = *w->v->guest->view;
	CLEANUP(listing_deinit) struct listing l = {0};
	const struct err *e = listing_read(&l, w->v->guest->view, node);
	char below[IMAGE_PATH_MAX];
	uint32_t stat;

	if (e)
		return pass_over(w, e, &before);
	TRY(keep_stat(w, node, &stat));
	TRY(put_dir(w, path, &l, stat));
	for (size_t i = 0; i < l.count; i++)
		if (snprintf(below, sizeof(below), "%s/%s", path, l.entries[i].name) <
		    (int)sizeof(below))
			TRY(put_child(w, below, all));
	return NULL;
}

/* --- a process ----------------------------------------------------------------------------- */

/* How a row of programs.def names a file. */
struct named_file {
	char path[64]; /* without marks */
	bool all;      /* "+" before, or at the end */
	bool system;   /* below /proc itself */
};

static struct named_file named_file(const char *text)
{
	struct named_file ret = {.all = text[0] == '+', .system = text[0] == '/'};
	size_t len;

	snprintf(ret.path, sizeof(ret.path), "%s", text + (ret.all || ret.system));
	len = strlen(ret.path);
	if (len && ret.path[len - 1] == '+') {
		ret.all = true;
		ret.path[--len] = '\0';
	}
	if (len && ret.path[len - 1] == '/')
		ret.path[--len] = '\0';
	return ret;
}

static const struct err *put_path(struct writing *w, const char *path, bool all)
{
	const struct proc_view before = *w->v->guest->view;
	uint32_t stat = 0;
	struct proc_node node;
	const struct err *e = proc_lookup(w->v->guest->view, path, &node);

	if (e) {
		bool nothing = e->kind == ERR_ABSENT && (e->errnum == 0 || e->errnum == ENOENT);

		TRY(pass_over(w, e, &before));
		return nothing ? put(w, path, (struct image_entry){.kind = IMAGE_ABSENT}) : NULL;
	}
	if (node.kind == NODE_DIR)
		return put_listing(w, path, &node, all);
	if (node.kind != NODE_FILE)
		return put_link(w, path, &node, all);
	if (all)
		TRY(keep_stat(w, &node, &stat));
	return put_file(w, path, &node, stat);
}

static const struct err *put_process(struct writing *w, const char *name, const char *files)
{
	const struct proc_view before = *w->v->guest->view;
	char text[64], path[IMAGE_PATH_MAX];
	int len = snprintf(path, sizeof(path), "/proc/%s", name);
	struct image_entry entry = {.kind = IMAGE_DIR};
	struct proc_node node;
	const struct err *e = proc_lookup(w->v->guest->view, path, &node);

	if (e)
		return pass_over(w, e, &before);
	TRY(keep_stat(w, &node, &entry.stat));
	TRY(put(w, path, entry));
	while ((files = next_file(files, text, sizeof(text)))) {
		struct named_file file = named_file(text);

		snprintf(path + len, sizeof(path) - (size_t)len, "/%s", file.path);
		if (!file.system)
			TRY(put_path(w, path, file.all));
	}
	return NULL;
}

/* Files below /proc itself, which are opened by fopen(): that asks for their attributes. */
static const struct err *put_system(struct writing *w, const char *files)
{
	char text[64], path[IMAGE_PATH_MAX];

	while ((files = next_file(files, text, sizeof(text)))) {
		struct named_file file = named_file(text);

		snprintf(path, sizeof(path), "/proc/%s", file.path);
		if (file.system)
			TRY(put_path(w, path, true));
	}
	return NULL;
}

const struct err *image_announce(struct vfs *v, const struct program *program)
{
	char text[64], path[IMAGE_PATH_MAX];
	const char *at = program->files;

	TRY(vfs_want(v, "/proc"));
	while ((at = next_file(at, text, sizeof(text)))) {
		struct named_file file = named_file(text);

		snprintf(path, sizeof(path), "/proc/%s%s", file.system ? "" : "1/", file.path);
		TRY(vfs_want(v, path));
	}
	return NULL;
}

const struct err *image_write(struct vfs *v, const struct program *program, struct image *image)
{
	CLEANUP(writing_deinit) struct writing w = {.v = v, .image = image};
	CLEANUP(listing_deinit) struct listing l = {0};
	struct proc_node node;
	struct stat root;
	uint32_t stat;

	image->used_bytes = sizeof(*image);
	if (!shadow_stat(&v->shadow, "/", &root))
		return ERR_ERRNO(ERR_SYSTEM, errno, "the private /proc is gone");
	w.dev = root.st_dev;
	TRY(proc_lookup(v->guest->view, "/proc", &node));
	TRY(listing_read(&l, v->guest->view, &node));
	TRY(listing_add_self(&l));
	TRY(keep_stat(&w, &node, &stat));
	TRY(put_dir(&w, "/proc", &l, stat));
	for (size_t i = 0; i < l.count; i++)
		if (path_number(l.entries[i].name, &(const char *){NULL}))
			TRY(put_process(&w, l.entries[i].name, program->files));
	TRY(put_system(&w, program->files));
	return place_entries(&w);
}
