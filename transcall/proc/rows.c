/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tree.def as a table, and who is whose child in it. */
#include "transcall/proc/renderers.h"

#include <string.h>
#include <threads.h>

#define LINK_MODE         0777
#define DIR(path_, mode_) {.path = path_, .kind = NODE_DIR, .mode = S_IFDIR | (mode_)},
#define DIR_OF(path_, mode_, list_, find_)                                                         \
	{.path = path_, .kind = NODE_DIR, .mode = S_IFDIR | (mode_), .list = list_, .find = find_},
#define DIR_ATTR(path_, mode_, list_, find_, attr_)                                                \
	{.path = path_,                                                                            \
	 .kind = NODE_DIR,                                                                         \
	 .mode = S_IFDIR | (mode_),                                                                \
	 .list = list_,                                                                            \
	 .find = find_,                                                                            \
	 .attr = attr_},
#define TOP_IF(path_, mode_, has_children_, top_)                                                  \
	{.path = path_,                                                                            \
	 .kind = NODE_DIR,                                                                         \
	 .mode = S_IFDIR | (mode_),                                                                \
	 .has_children = has_children_,                                                            \
	 .top = top_},
#define TOP_OF(path_, mode_, list_, find_, top_)                                                   \
	{.path = path_,                                                                            \
	 .kind = NODE_DIR,                                                                         \
	 .mode = S_IFDIR | (mode_),                                                                \
	 .list = list_,                                                                            \
	 .find = find_,                                                                            \
	 .top = top_},
#define FILE_(path_, mode_, render_)                                                               \
	{.path = path_, .kind = NODE_FILE, .mode = S_IFREG | (mode_), .render = render_},
#define LINES(path_, mode_, render_)                                                               \
	{.path = path_,                                                                            \
	 .kind = NODE_FILE,                                                                        \
	 .mode = S_IFREG | (mode_),                                                                \
	 .render = render_,                                                                        \
	 .lines = true},
#define FILE_IF(path_, mode_, render_, present_)                                                   \
	{.path = path_,                                                                            \
	 .kind = NODE_FILE,                                                                        \
	 .mode = S_IFREG | (mode_),                                                                \
	 .render = render_,                                                                        \
	 .present = present_},
#define FILE_ATTR(path_, mode_, render_, attr_)                                                    \
	{.path = path_,                                                                            \
	 .kind = NODE_FILE,                                                                        \
	 .mode = S_IFREG | (mode_),                                                                \
	 .render = render_,                                                                        \
	 .attr = attr_},
#define SYMLINK(path_, readlink_)                                                                  \
	{.path = path_, .kind = NODE_SYMLINK, .mode = S_IFLNK | LINK_MODE, .readlink = readlink_},
#define MAGIC(path_, mode_, readlink_, stat_target_)                                               \
	{.path = path_,                                                                            \
	 .kind = NODE_MAGIC,                                                                       \
	 .mode = S_IFLNK | (mode_),                                                                \
	 .readlink = readlink_,                                                                    \
	 .stat_target = stat_target_},
#define MAGIC_IF(path_, mode_, readlink_, stat_target_, present_)                                  \
	{.path = path_,                                                                            \
	 .kind = NODE_MAGIC,                                                                       \
	 .mode = S_IFLNK | (mode_),                                                                \
	 .readlink = readlink_,                                                                    \
	 .stat_target = stat_target_,                                                              \
	 .present = present_},
#define DEVICE(path_, mode_, attr_)                                                                \
	{.path = path_,                                                                            \
	 .kind = NODE_FILE,                                                                        \
	 .mode = S_IFCHR | (mode_),                                                                \
	 .attr = attr_,                                                                            \
	 .unavailable = "a device of the guest"},
#define BRANCH(path_, list_, find_, render_)                                                       \
	{.path = path_,                                                                            \
	 .kind = NODE_DIR,                                                                         \
	 .mode = S_IFDIR | 0555,                                                                   \
	 .list = list_,                                                                            \
	 .find = find_,                                                                            \
	 .render = render_,                                                                        \
	 .branch = true},
#define BRANCH_OF(path_, list_, find_, render_, readlink_, attr_)                                  \
	{.path = path_,                                                                            \
	 .kind = NODE_DIR,                                                                         \
	 .mode = S_IFDIR | 0555,                                                                   \
	 .list = list_,                                                                            \
	 .find = find_,                                                                            \
	 .render = render_,                                                                        \
	 .readlink = readlink_,                                                                    \
	 .attr = attr_,                                                                            \
	 .branch = true},
#define UNAVAILABLE(path_, mode_, reason_)                                                         \
	{.path = path_, .kind = NODE_FILE, .mode = S_IFREG | (mode_), .unavailable = reason_},
static const struct proc_entry rows[] = {
#include "transcall/proc/tree.def"
};
#include "transcall/proc/tree_undef.h"

#define ROW_COUNT   (sizeof(rows) / sizeof(rows[0]))
#define PROCESS_DIR "/proc/PID"
#define THREAD_DIR  "/proc/PID/task/TID"
#define EITHER_DIR  "/proc/PID_TID"
#define NAMED_SLOTS 2048u /* a power of two, far above 2 * ROW_COUNT */

/* Row i's children are child[first_child[i]] .. child[first_child[i + 1] - 1]. */
static uint16_t first_child[ROW_COUNT + 1];
static uint16_t child[2 * ROW_COUNT]; /* a row of PID_TID has two parents */

/* What the patterns say, found once. */
static struct facts {
	const char *name;
	size_t path_len, dir_len; /* of the pattern, and of its directory part: 1 for "/" */
	bool is_pattern, is_of_task;
} facts[ROW_COUNT];
static uint16_t pattern_child[ROW_COUNT]; /* 0: none, since "/" is nobody's child */
static uint16_t named_child[NAMED_SLOTS]; /* hash table by directory and name; 0: free */
static once_flag indexed = ONCE_FLAG_INIT;

static bool is_capital(const char *name)
{
	static const char *const patterns[] = {"PID", "TID", "NUM", "NAME", "PATH"};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (strcmp(name, patterns[i]) == 0)
			return true;
	return false;
}

static void find_facts(const struct proc_entry *row, struct facts *ret)
{
	ret->name = strrchr(row->path, '/') + 1;
	ret->path_len = strlen(row->path);
	ret->dir_len = ret->name - row->path > 1 ? (size_t)(ret->name - row->path) - 1 : 1;
	ret->is_pattern = is_capital(ret->name);
	ret->is_of_task = strncmp(row->path, PROCESS_DIR, strlen(PROCESS_DIR)) == 0;
}

static bool is_child(size_t dir, size_t row)
{
	const char *parent = rows[dir].path, *path = rows[row].path;
	size_t len = facts[row].dir_len;

	if (row == 0)
		return false;
	if (len == strlen(EITHER_DIR) && strncmp(path, EITHER_DIR, len) == 0)
		return strcmp(parent, PROCESS_DIR) == 0 || strcmp(parent, THREAD_DIR) == 0;
	return facts[dir].path_len == len && strncmp(parent, path, len) == 0;
}

static unsigned hash_of(size_t dir, const char *name)
{
	uint32_t hash = 2166136261u ^ (uint32_t)dir; /* FNV-1a */

	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return (hash ^ hash >> 16) % NAMED_SLOTS;
}

/* Where the row of child @name of @dir is, or belongs. Who has two parents is there twice. */
static uint16_t *named_slot(size_t dir, const char *name)
{
	unsigned at = hash_of(dir, name);

	while (named_child[at] &&
	       (!is_child(dir, named_child[at]) || strcmp(facts[named_child[at]].name, name) != 0))
		at = (at + 1) % NAMED_SLOTS;
	return &named_child[at];
}

static void index_child(size_t dir, uint16_t row)
{
	uint16_t *slot =
		facts[row].is_pattern ? &pattern_child[dir] : named_slot(dir, facts[row].name);

	if (!*slot)
		*slot = row;
}

_Static_assert(NAMED_SLOTS > 4 * ROW_COUNT, "the table of names is never full");

static void index_rows(void)
{
	uint16_t used = 0;

	for (size_t i = 0; i < ROW_COUNT; i++)
		find_facts(&rows[i], &facts[i]);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		first_child[i] = used;
		for (size_t j = 0; rows[i].kind == NODE_DIR && j < ROW_COUNT; j++)
			if (is_child(i, j)) {
				child[used++] = (uint16_t)j;
				index_child(i, (uint16_t)j);
			}
	}
	first_child[ROW_COUNT] = used;
}

static bool is_row(const struct proc_entry *entry)
{
	return entry >= rows && entry < rows + ROW_COUNT;
}

/* Entries without a row (procfs.c) stand for one thing each, which is no task's. */
static const struct facts *facts_of(const struct proc_entry *row)
{
	static const struct facts no_row = {.name = "*"};

	call_once(&indexed, index_rows);
	return is_row(row) ? &facts[row - rows] : &no_row;
}

const struct proc_entry *proc_rows_root(void)
{
	return &rows[0];
}

const struct proc_entry *proc_rows_child(const struct proc_entry *dir, unsigned index)
{
	if (!is_row(dir)) /* it has none below it */
		return NULL;
	size_t i = (size_t)(dir - rows);

	call_once(&indexed, index_rows);
	if (index >= (unsigned)(first_child[i + 1] - first_child[i]))
		return NULL;
	return &rows[child[first_child[i] + index]];
}

const struct proc_entry *proc_rows_named(const struct proc_entry *dir, const char *name)
{
	if (!is_row(dir))
		return NULL;
	call_once(&indexed, index_rows);
	uint16_t row = *named_slot((size_t)(dir - rows), name);
	return row ? &rows[row] : NULL;
}

const struct proc_entry *proc_rows_pattern(const struct proc_entry *dir)
{
	if (!is_row(dir))
		return NULL;
	call_once(&indexed, index_rows);
	uint16_t row = pattern_child[dir - rows];
	return row ? &rows[row] : NULL;
}

const char *proc_row_name(const struct proc_entry *row)
{
	return facts_of(row)->name;
}

bool proc_row_is_pattern(const struct proc_entry *row)
{
	return facts_of(row)->is_pattern;
}

bool proc_row_of_task(const struct proc_entry *row)
{
	return facts_of(row)->is_of_task;
}

static bool row_placed(size_t i)
{
	bool has_dir = false;

	for (size_t j = 0; j < i; j++) {
		if (strcmp(rows[j].path, rows[i].path) == 0)
			return false;
		has_dir |= rows[j].kind == NODE_DIR && is_child(j, i);
	}
	return has_dir;
}

const char *proc_rows_check(void)
{
	call_once(&indexed, index_rows);
	for (size_t i = 1; i < ROW_COUNT; i++)
		if (!row_placed(i))
			return rows[i].path;
	return strcmp(rows[0].path, "/") == 0 ? NULL : rows[0].path;
}
