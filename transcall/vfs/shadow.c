/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The private tmpfs. Input: names of the tree; one with '/' or empty is refused (hostile guest). */
#include "transcall/vfs/shadow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"
#include "transcall/vfs/path.h"

#define SCRATCH "scratch"
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
	AUTO_CLOSE int fd = openat(s->root, SCRATCH, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0 || mkdirat(fd, "old", 0700) < 0 || mkdirat(fd, "new", 0700) < 0)
		return failed("probe", SCRATCH);
	dir = fdopendir(fd);
	if (!dir)
		return failed("list", SCRATCH);
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
	if (mkdirat(root, SCRATCH, 0700) < 0 && errno != EEXIST)
		return failed("make", SCRATCH);
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

static const struct err *remove_path(struct shadow *s, const char *path)
{
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

const struct err *shadow_make(struct shadow *s, const char *path, enum node_kind kind,
			      const char *link, struct path_state **ret)
{
	*ret = pathmap_find(&s->map, path);
	if (*ret && (*ret)->kind == kind)
		return NULL;
	if (*ret)
		TRY(remove_path(s, path));
	TRY(make_parent(s, path));
	TRY(create(s, path, kind, link));
	return pathmap_add(&s->map, path, kind, ret);
}

/* Renaming an entry away and back makes it the newest of its directory. */
static const struct err *renew(struct shadow *s, const char *path)
{
	static const char away[] = SCRATCH "/away";

	if (renameat(s->root, path + 1, s->root, away) < 0 ||
	    renameat(s->root, away, s->root, path + 1) < 0)
		return failed("rename", path);
	return NULL;
}

/* What no kernel shows in a directory; a guest that lies might. */
static bool is_strange(const char *name)
{
	size_t len = strlen(name);

	return len == 0 || len > NAME_MAX || strchr(name, '/') || strcmp(name, ".") == 0 ||
	       strcmp(name, "..") == 0;
}

/* One entry of a listing: made, or put where it belongs. */
static const struct err *place_entry(struct shadow *s, const char *dir,
				     const struct shadow_entry *entry)
{
	char path[PATH_MAX];
	struct path_state *state;

	snprintf(path, sizeof(path), "%s", dir);
	if (is_strange(entry->name) || !path_push(path, entry->name, strlen(entry->name)))
		return NULL;
	state = pathmap_find(&s->map, path);
	if (state && state->kind == entry->kind && state->seen == s->generation)
		return NULL; /* named twice */
	if (state && state->kind == entry->kind)
		TRY(renew(s, path));
	else
		TRY(shadow_make(s, path, entry->kind, entry->link, &state));
	state->seen = s->generation;
	return NULL;
}

/* Entries that this generation's listing did not name are gone. */
static const struct err *drop_unseen(struct shadow *s, const char *path)
{
	char child[PATH_MAX];
	int fd = shadow_open(s, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct err *e = NULL;
	struct dirent *entry;

	if (!dir)
		return failed("list", path);
	while (!e && (entry = readdir(dir))) {
		const struct path_state *state;

		snprintf(child, sizeof(child), "%s", path);
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    !path_push(child, entry->d_name, strlen(entry->d_name)))
			continue;
		state = pathmap_find(&s->map, child);
		if (!state || state->seen != s->generation)
			e = remove_path(s, child);
	}
	closedir(dir);
	return e;
}

const struct err *shadow_arrange(struct shadow *s, const char *path,
				 const struct shadow_entry *entries, size_t count)
{
	struct path_state *state = pathmap_find(&s->map, path);
	bool had_children = state; /* listed before, or found by name */

	TRY(shadow_make(s, path, NODE_DIR, NULL, &state));
	for (size_t i = 0; i < count; i++)
		TRY(place_entry(s, path, &entries[s->newest_first ? count - 1 - i : i]));
	if (had_children)
		TRY(drop_unseen(s, path));
	state->filled = s->generation;
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

const struct err *shadow_write(struct shadow *s, const char *path, const void *bytes,
			       size_t len_bytes)
{
	struct path_state *state = pathmap_find(&s->map, path);
	AUTO_CLOSE int fd = -1;

	if (state && state->kind != NODE_FILE)
		TRY(remove_path(s, path));
	if (!state)
		TRY(make_parent(s, path));
	fd = openat(s->root, path + 1, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return failed("open", path);
	TRY(write_all(fd, path, bytes, len_bytes));
	TRY(pathmap_add(&s->map, path, NODE_FILE, &state));
	state->filled = s->generation;
	return NULL;
}
