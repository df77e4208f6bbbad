/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing an image. Input: the tree's answers; names and texts are the guest's (hostile). */
#include "transcall/vfs/image_write.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "remotetrans/base/scope.h"
#include "transcall/vfs/image_entry.h"
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

/* --- paths --------------------------------------------------------------------------------- */

static const struct err *put_child(struct writing *w, const char *path, bool all)
{
	const struct proc_view before = *w->v->guest->view;
	uint32_t stat = 0;
	struct proc_node node;
	const struct err *e = proc_lookup(w->v->guest->view, path, &node);

	if (e)
		return image_pass_over(w, e, &before);
	if (node.kind == NODE_SYMLINK || node.kind == NODE_MAGIC)
		return image_put_link(w, path, &node, all);
	if (node.kind != NODE_FILE || !all)
		return NULL;
	TRY(image_keep_stat(w, &node, &stat));
	return image_put_file(w, path, &node, stat);
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
		return image_pass_over(w, e, &before);
	TRY(image_keep_stat(w, node, &stat));
	TRY(image_put_dir(w, path, &l, stat));
	for (size_t i = 0; i < l.count; i++)
		if (snprintf(below, sizeof(below), "%s/%s", path, l.entries[i].name) <
		    (int)sizeof(below))
			TRY(put_child(w, below, all));
	return NULL;
}

/* How a row of programs.def names a file. */
struct named_file {
	char path[64]; /* without marks */
	bool all;      /* "+" before, or at the end */
	bool system;   /* below /proc itself */
	bool root;     /* below / */
};

static struct named_file named_file(const char *text)
{
	struct named_file ret = {.all = text[0] == '+', .system = text[0] == '/'};
	size_t len;

	ret.root = ret.system && text[1] == '/';
	snprintf(ret.path, sizeof(ret.path), "%s", text + (ret.all || ret.system) + ret.root);
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

		TRY(image_pass_over(w, e, &before));
		return nothing ? writing_put(w, path, (struct image_entry){.kind = IMAGE_ABSENT})
			       : NULL;
	}
	if (node.kind == NODE_DIR)
		return put_listing(w, path, &node, all);
	if (node.kind != NODE_FILE)
		return image_put_link(w, path, &node, all);
	if (all)
		TRY(image_keep_stat(w, &node, &stat));
	return image_put_file(w, path, &node, stat);
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
		return image_pass_over(w, e, &before);
	TRY(image_keep_stat(w, &node, &entry.stat));
	TRY(writing_put(w, path, entry));
	while ((files = next_file(files, text, sizeof(text)))) {
		struct named_file file = named_file(text);

		snprintf(path + len, sizeof(path) - (size_t)len, "/%s", file.path);
		if (!file.system)
			TRY(put_path(w, path, file.all));
	}
	return NULL;
}

/* A file of the guest's disks, by its own inode, as stat() shows it (sys/stat.c). */
static const struct err *put_root_file(struct writing *w, const char *path)
{
	const struct proc_view before = *w->v->guest->view;
	struct proc_node node;
	struct stat st;
	const struct err *e = proc_lookup(w->v->guest->view, path, &node);

	if (e)
		return image_pass_over(w, e, &before);
	if (node.kind != NODE_FILE || paths_rule(path)->side != SIDE_GUEST)
		return NULL;
	e = guest_stat(w->v->guest, path, false, &st);
	if (e && e->kind == ERR_ABSENT)
		e = proc_attr(w->v->guest->view, &node, &st);
	if (e)
		return image_pass_over(w, e, &before);
	return image_put_file(w, path, &node, writing_keep(w, &st, sizeof(st)));
}

/* Files below /proc itself, which are opened by fopen(): that asks for their attributes. */
static const struct err *put_system(struct writing *w, const char *files)
{
	char text[64], path[IMAGE_PATH_MAX];

	while ((files = next_file(files, text, sizeof(text)))) {
		struct named_file file = named_file(text);

		snprintf(path, sizeof(path), "%s/%s", file.root ? "" : "/proc", file.path);
		if (file.root)
			TRY(put_root_file(w, path));
		else if (file.system)
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

		snprintf(path, sizeof(path), "%s/%s%s", file.root ? "" : "/proc",
			 file.system ? "" : "1/", file.path);
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
	TRY(image_keep_stat(&w, &node, &stat));
	TRY(image_put_dir(&w, "/proc", &l, stat));
	for (size_t i = 0; i < l.count; i++)
		if (path_number(l.entries[i].name, &(const char *){NULL}))
			TRY(put_process(&w, l.entries[i].name, program->files));
	TRY(put_system(&w, program->files));
	writing_end(&w);
	return NULL;
}
