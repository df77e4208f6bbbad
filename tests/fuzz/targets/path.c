/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths of the tool, through links of a hostile guest. Input: entries of a made-up tree - path,
 * kind, link text -, then two paths, one the directory that the other starts in.
 *
 * Where a path leads is canonical; and what a link of the guest leads to is never a file of this
 * machine.
 */
#include <limits.h>

#include "tests/fuzz/fuzz.h"
#include "transcall/vfs/path.h"
#include "transcall/vfs/pathmap.h"
#include "transcall/vfs/vfs.h"

#define ENTRIES_MAX 12u
#define TEXT_BYTES  PATH_MAX
#define LOOKUPS_MAX 20000u

struct proc_entry {
	char *path, *text;
	enum node_kind kind;
};

static struct proc_entry entries[ENTRIES_MAX];
static unsigned entry_count, lookups;

/* --- the guest's tree ------------------------------------------------------------------------ */

const struct err *proc_lookup(struct proc_view *view, const char *path, struct proc_node *ret)
{
	(void)view;
	HOLDS(path[0] == '/' && !path_has_parent(path) && !strstr(path, "//"));
	HOLDS(++lookups < LOOKUPS_MAX);
	for (unsigned i = 0; i < entry_count; i++)
		if (strcmp(entries[i].path, path) == 0) {
			*ret = (struct proc_node){.entry = &entries[i], .kind = entries[i].kind};
			return NULL;
		}
	return ERR(ERR_ABSENT, "no %.64s", path);
}

const struct err *proc_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				size_t size_bytes)
{
	(void)view;
	HOLDS(node->kind == NODE_SYMLINK || node->kind == NODE_MAGIC);
	snprintf(ret, size_bytes, "%s", node->entry->text);
	return NULL;
}

/* A few characters that paths are made of, more often than others. */
static char *take_text(struct input *in, const char *before)
{
	static const char *const parts[] = {
		"/",     "..",   ".",      "//",  "proc", "self",   "1",           "fd",
		"task",  "etc",  "dev",    "net", "run",  "mounts", "thread-self", "usr",
		"stdin", "mtab", "lib",    "a",   "sys",  "passwd", "var",         "nscd",
		"boot",  "rp",   "shadow", "0",   "12",   "cwd",    "exe",         "/../"};
	char *text = calloc(1, TEXT_BYTES + 32);
	size_t used = (size_t)snprintf(text, TEXT_BYTES, "%s", before);

	for (uint8_t c; in->left_bytes && (c = input_u8(in)) != 0;) {
		if (c < 0x80) {
			text[used++] = (char)c;
		} else {
			size_t len = strlen(parts[c % 32]);
			unsigned times = c >= 0xe0 ? 200 : 1; /* as long as a path may be, too */

			while (times-- && used + len < TEXT_BYTES - 1) {
				memcpy(text + used, parts[c % 32], len);
				used += len;
			}
		}
		if (used >= TEXT_BYTES - 1)
			break;
	}
	text[used] = 0;
	return text;
}

static void tree_make(struct input *in)
{
	for (entry_count = 0; entry_count < ENTRIES_MAX; entry_count++) {
		uint8_t kind = input_u8(in);
		struct proc_entry *e = &entries[entry_count];

		if (kind % 5 == 0)
			return;
		*e = (struct proc_entry){.kind = kind % 5};
		e->path = calloc(1, PATH_MAX);
		char *raw = take_text(in, "/");
		char joined[PATH_MAX];

		if (path_join(NULL, raw, joined) && !path_has_parent(joined))
			strcpy(e->path, joined);
		else
			strcpy(e->path, "/proc");
		free(raw);
		e->text = take_text(in, "");
	}
}

static void tree_free(void)
{
	for (unsigned i = 0; i < entry_count; i++) {
		free(entries[i].path);
		free(entries[i].text);
	}
}

/* --- properties ------------------------------------------------------------------------------ */

static void check_canonical(const char *path)
{
	char again[PATH_MAX];

	HOLDS(path[0] == '/' && strlen(path) < PATH_MAX);
	HOLDS(path_join(NULL, path, again) && strcmp(again, path) == 0);
	HOLDS(!path_has_parent(path));
}

static void check_join(const char *base, const char *path)
{
	char joined[PATH_MAX], again[PATH_MAX];

	if (!path_join(base, path, joined))
		return;
	HOLDS(joined[0] == '/' && !strstr(joined, "//") && strlen(joined) < PATH_MAX);
	HOLDS(joined[1] == 0 || joined[strlen(joined) - 1] != '/');
	HOLDS(path_join(NULL, joined, again) && strcmp(joined, again) == 0);
	HOLDS(paths_rule(joined) == paths_rule(again));
	path_pop(again);
	HOLDS(again[0] == '/' && strlen(again) <= strlen(joined));
}

/* Resolved once more, it leads to the same place. */
static void check_stable(struct vfs *v, const struct place *p)
{
	static struct place again;

	if (p->side == SIDE_OWN)
		return; /* its path is below OWN_PROCFS, not the tool's */
	const struct err *e = vfs_resolve(v, NULL, NULL, p->path, false, &again);
	HOLDS(!e);
	HOLDS(again.side == p->side && strcmp(again.path, p->path) == 0);
}

static void check_resolve(struct vfs *v, const char *base, const char *path, bool follow)
{
	static struct place p;

	lookups = 0;
	const struct err *e = vfs_resolve(v, NULL, base, path, follow, &p);
	HOLDS(!e || e->kind == ERR_ABSENT);
	if (e)
		return;
	check_canonical(p.path);
	HOLDS(p.side != SIDE_REFUSED && p.side != SIDE_ALIAS);
	HOLDS(!p.linked || p.side == SIDE_GUEST || p.side == SIDE_OWN);
	if (p.side == SIDE_HOST)
		HOLDS(paths_rule(p.path)->side == SIDE_HOST);
	check_stable(v, &p);
}

static void check_map(const char *base, const char *path)
{
	struct pathmap map = {0};
	struct path_state *state;
	const char *rest;

	HOLDS(!pathmap_add(&map, base, NODE_DIR, &state));
	HOLDS(!pathmap_add(&map, path, NODE_FILE, &state));
	for (unsigned i = 0; i < entry_count; i++)
		HOLDS(!pathmap_add(&map, entries[i].path, NODE_FILE, &state));
	HOLDS(pathmap_find(&map, base) && pathmap_find(&map, path));
	pathmap_remove_tree(&map, base);
	HOLDS(!pathmap_find(&map, base));
	for (unsigned i = 0; i < entry_count; i++)
		HOLDS(!pathmap_find(&map, entries[i].path) ==
		      path_under(entries[i].path, base, &rest));
	pathmap_deinit(&map);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct input in = {bytes, len_bytes};
	struct proc_view view = {0};
	struct guest guest = {.view = &view, .reader_pid = 1};
	static struct vfs v;
	char base[PATH_MAX];

	v = (struct vfs){.guest = &guest, .procfs = -1};
	v.lifted_above = input_u8(&in) & 1 ? 4000000 : 0;
	tree_make(&in);
	char *raw = take_text(&in, "/"), *path = take_text(&in, "");
	if (path_join(NULL, raw, base)) {
		check_join(base, path);
		check_resolve(&v, base, path, false);
		check_resolve(&v, base, path, true);
		check_resolve(&v, "/run/rp/1", path, true);
		check_map(base, path);
	}
	free(raw);
	free(path);
	tree_free();
	return 0;
}
