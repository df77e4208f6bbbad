/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The private tmpfs. Input: names of the tree; one with '/' or empty is refused (hostile guest). */
#include "transcall/vfs/shadow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/vfs/path.h"

/* Text of links that must not be followed natively: it leads nowhere in any tree of ours. */
#define LINK_NOWHERE "/proc/.nowhere"
#define DEPTH_MAX    16

static const struct err *failed(const char *what, const char *path)
{
	return ERR_ERRNO(ERR_SYSTEM, errno, "cannot %s %.200s in the private /proc", what, path);
}

/* Does this kernel's tmpfs list the newest entry first? (6.6 to 6.13 list the oldest first.) */
static const struct err *probe_order(struct shadow *s)
{
	AUTO_CLOSE int fd = openat(s->root, SHADOW_SCRATCH, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0 || mkdirat(fd, "old", 0700) < 0 || mkdirat(fd, "new", 0700) < 0)
		return failed("probe", SHADOW_SCRATCH);
	dir = fdopendir(fd);
	if (!dir)
		return failed("list", SHADOW_SCRATCH);
	fd = -1;
	do
		entry = readdir(dir);
	while (entry && entry->d_name[0] == '.');
	s->newest_first = entry && strcmp(entry->d_name, "new") == 0;
	unlinkat(dirfd(dir), "old", AT_REMOVEDIR);
	unlinkat(dirfd(dir), "new", AT_REMOVEDIR);
	closedir(dir);
	return NULL;
}

const struct err *shadow_init(struct shadow *s, int root)
{
	*s = (struct shadow){.root = root, .generation = SHADOW_GENERATION_FIRST};
	if (mkdirat(root, SHADOW_SCRATCH, 0700) < 0 && errno != EEXIST)
		return failed("make", SHADOW_SCRATCH);
	return probe_order(s);
}

void shadow_deinit(struct shadow *s)
{
	pathmap_deinit(&s->map);
	if (s->root >= 0)
		close(s->root);
	s->root = -1;
}

int shadow_open(const struct shadow *s, const char *path, int flags)
{
	return openat(s->root, path[1] ? path + 1 : ".", flags | O_CLOEXEC);
}

const struct err *shadow_move(struct shadow *s, const char *from, const char *to)
{
	if (renameat(s->root, from + 1, s->root, to + 1) < 0)
		return failed("rename", from);
	return NULL;
}

bool shadow_stat(const struct shadow *s, const char *path, struct stat *ret)
{
	return fstatat(s->root, path[1] ? path + 1 : ".", ret, AT_SYMLINK_NOFOLLOW) == 0;
}

bool shadow_chown(const struct shadow *s, const char *path, uid_t uid, gid_t gid)
{
	return fchownat(s->root, path[1] ? path + 1 : ".", uid, gid, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Remove @name below @at with all it holds. */
static bool remove_tree(int at, const char *name, int depth)
{
	struct dirent *entry;
	DIR *dir;
	int fd;

	if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
		return true;
	fd = depth < DEPTH_MAX ? openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir)
		return false;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove_tree(dirfd(dir), entry->d_name, depth + 1);
	closedir(dir);
	return unlinkat(at, name, AT_REMOVEDIR) == 0;
}

/* The directory that @path is in no longer stands as it was arranged. */
static void disturb(struct shadow *s, const char *path)
{
	char parent[PATH_MAX];
	struct path_state *state;

	snprintf(parent, sizeof(parent), "%s", path);
	path_pop(parent);
	state = pathmap_find(&s->map, parent);
	if (!state)
		return;
	free(state->listing);
	state->listing = NULL;
}

const struct err *shadow_remove(struct shadow *s, const char *path)
{
	disturb(s, path);
	pathmap_remove_tree(&s->map, path);
	return remove_tree(s->root, path + 1, 0) ? NULL : failed("remove", path);
}

/* Create the entry itself; its parent exists. */
static const struct err *create(struct shadow *s, const char *path, enum node_kind kind,
				const char *link)
{
	switch (kind) {
	case NODE_DIR:
		return mkdirat(s->root, path + 1, 0755) == 0 || errno == EEXIST
			       ? NULL /* the mounted ones are there from the start */
			       : failed("make", path);
	case NODE_SYMLINK:
	case NODE_MAGIC:
		return symlinkat(link ? link : LINK_NOWHERE, s->root, path + 1) == 0
			       ? NULL
			       : failed("make", path);
	case NODE_FILE:
		break;
	}
	return mknodat(s->root, path + 1, S_IFREG | 0644, 0) == 0 ? NULL : failed("make", path);
}

static const struct err *make_parent(struct shadow *s, const char *path)
{
	char parent[PATH_MAX];
	struct path_state *ignored;

	snprintf(parent, sizeof(parent), "%s", path);
	path_pop(parent);
	if (parent[1] == '\0')
		return NULL;
	return shadow_make(s, parent, NODE_DIR, NULL, &ignored);
}

bool shadow_leads_to(const struct shadow *s, struct path_state *state, const char *link)
{
	char text[PATH_MAX];
	ssize_t len;

	if (state->kind != NODE_SYMLINK || !link || state->filled == s->generation)
		return true;
	len = readlinkat(s->root, state->path + 1, text, sizeof(text));
	if (len < 0 || (size_t)len != strlen(link) || memcmp(text, link, (size_t)len) != 0)
		return false;
	state->filled = s->generation;
	return true;
}

const struct err *shadow_make(struct shadow *s, const char *path, enum node_kind kind,
			      const char *link, struct path_state **ret)
{
	*ret = pathmap_find(&s->map, path);
	if (*ret && (*ret)->kind == kind && shadow_leads_to(s, *ret, link))
		return NULL;
	if (*ret)
		TRY(shadow_remove(s, path));
	TRY(make_parent(s, path));
	disturb(s, path);
	TRY(create(s, path, kind, link));
	TRY(pathmap_add(&s->map, path, kind, ret));
	if (kind == NODE_SYMLINK)
		(*ret)->filled = s->generation;
	return NULL;
}

static const struct err *write_all(int fd, const char *path, const char *at, size_t len_bytes)
{
	while (len_bytes > 0) {
		ssize_t n = write(fd, at, len_bytes);

		if (n < 0 && errno != EINTR)
			return failed("write", path);
		if (n > 0) {
			at += n;
			len_bytes -= (size_t)n;
		}
	}
	return NULL;
}

/* Does the file hold exactly this? Reading a small one is cheaper than writing it anew. */
static bool holds(int fd, const char *bytes, size_t len_bytes)
{
	char part[4096];
	size_t at = 0;

	for (;;) {
		ssize_t n = pread(fd, part, sizeof(part), (off_t)at);

		if (n <= 0)
			return n == 0 && at == len_bytes;
		if ((size_t)n > len_bytes - at || memcmp(part, bytes + at, (size_t)n) != 0)
			return false;
		at += (size_t)n;
	}
}

const struct err *shadow_write(struct shadow *s, const char *path, const void *bytes,
			       size_t len_bytes)
{
	struct path_state *state = pathmap_find(&s->map, path);
	AUTO_CLOSE int fd = -1;

	if (state && state->kind != NODE_FILE)
		TRY(shadow_remove(s, path));
	if (!state) {
		TRY(make_parent(s, path));
		disturb(s, path);
	}
	fd = openat(s->root, path + 1, O_CREAT | O_RDWR | O_CLOEXEC, 0644);
	if (fd < 0)
		return failed("open", path);
	if (!holds(fd, bytes, len_bytes)) {
		if (ftruncate(fd, 0) < 0)
			return failed("empty", path);
		TRY(write_all(fd, path, bytes, len_bytes));
	}
	TRY(pathmap_add(&s->map, path, NODE_FILE, &state));
	state->filled = s->generation;
	return NULL;
}
