/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look up workset.def. */
#include "transcall/vfs/needs.h"

#include <stdbool.h>
#include <string.h>

#include "transcall/target/target.h"
#include "transcall/vfs/path.h"

static const struct {
	bool process;
	const char *name;
	uint64_t sets;
} rows[] = {
#define SYSTEM_NEEDS(name_, sets_)  {false, name_, sets_},
#define PROCESS_NEEDS(name_, sets_) {true, name_, sets_},
#include "transcall/vfs/workset.def"
#undef SYSTEM_NEEDS
#undef PROCESS_NEEDS
};

/* Sets of the longest entry that @rest ("/NAME...") begins with. */
static uint64_t sets_of_entry(bool process, const char *rest)
{
	size_t longest = 0;
	uint64_t sets = 0;

	if (*rest++ != '/')
		return 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].name);

		if (rows[i].process == process && len > longest &&
		    strncmp(rest, rows[i].name, len) == 0 &&
		    (rest[len] == '\0' || rest[len] == '/')) {
			longest = len;
			sets = rows[i].sets;
		}
	}
	return sets;
}

uint64_t needs_of(const char *path)
{
	uint64_t sets = WORKSET_TASKS | WORKSET_SYSTEM;
	const char *rest;

	if (!path_under(path, "/proc", &rest) || *rest == '\0')
		return sets;
	if (!path_number(rest + 1, &path))
		return sets | sets_of_entry(false, rest);
	sets |= sets_of_entry(true, path);
	if (strncmp(path, "/task/", 6) == 0 && path_number(path + 6, &path))
		sets |= sets_of_entry(true, path);
	return sets;
}
