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

/* Row i's children are child[first_child[i]] .. child[first_child[i + 1] - 1]. */
static uint16_t first_child[ROW_COUNT + 1];
static uint16_t child[2 * ROW_COUNT]; /* a row of PID_TID has two parents */
static once_flag indexed = ONCE_FLAG_INIT;

/* The directory part of a pattern: its length; 1 for children of "/". */
static size_t dir_length(const char *path)
{
	size_t len = (size_t)(strrchr(path, '/') - path);

	return len ? len : 1;
}

static bool is_child(const struct proc_entry *dir, const struct proc_entry *row)
{
	size_t len = dir_length(row->path);

	if (strcmp(row->path, "/") == 0)
		return false;
	if (len == strlen(EITHER_DIR) && strncmp(row->path, EITHER_DIR, len) == 0)
		return strcmp(dir->path, PROCESS_DIR) == 0 || strcmp(dir->path, THREAD_DIR) == 0;
	return strlen(dir->path) == len && strncmp(dir->path, row->path, len) == 0;
}

static void index_rows(void)
{
	uint16_t used = 0;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		first_child[i] = used;
		for (size_t j = 0; j < ROW_COUNT; j++)
			if (is_child(&rows[i], &rows[j]))
				child[used++] = (uint16_t)j;
	}
	first_child[ROW_COUNT] = used;
}

const struct proc_entry *proc_rows_root(void)
{
	return &rows[0];
}

const struct proc_entry *proc_rows_child(const struct proc_entry *dir, unsigned index)
{
	if (dir < rows || dir >= rows + ROW_COUNT) /* an entry without a row has none below it */
		return NULL;
	size_t i = (size_t)(dir - rows);

	call_once(&indexed, index_rows);
	if (index >= (unsigned)(first_child[i + 1] - first_child[i]))
		return NULL;
	return &rows[child[first_child[i] + index]];
}

const char *proc_row_name(const struct proc_entry *row)
{
	return strrchr(row->path, '/') + 1;
}

bool proc_row_is_pattern(const struct proc_entry *row)
{
	static const char *const patterns[] = {"PID", "TID", "NUM", "NAME", "PATH"};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (strcmp(proc_row_name(row), patterns[i]) == 0)
			return true;
	return false;
}

bool proc_row_of_task(const struct proc_entry *row)
{
	return strncmp(row->path, PROCESS_DIR, strlen(PROCESS_DIR)) == 0;
}

static bool row_placed(size_t i)
{
	bool has_dir = false;

	for (size_t j = 0; j < i; j++) {
		if (strcmp(rows[j].path, rows[i].path) == 0)
			return false;
		has_dir |= rows[j].kind == NODE_DIR && is_child(&rows[j], &rows[i]);
	}
	return has_dir;
}

const char *proc_rows_check(void)
{
	for (size_t i = 1; i < ROW_COUNT; i++)
		if (!row_placed(i))
			return rows[i].path;
	return strcmp(rows[0].path, "/") == 0 ? NULL : rows[0].path;
}
