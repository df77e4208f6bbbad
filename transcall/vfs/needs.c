/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look up workset.def. */
#include "transcall/vfs/needs.h"

#include <string.h>

#include "transcall/target/target.h"
#include "transcall/vfs/path.h"

enum needs_kind { NEEDS_SYSTEM, NEEDS_PROCESS, NEEDS_PATH, NEEDS_PROGRAM };

static const struct {
	enum needs_kind kind;
	const char *name;
	uint64_t sets;
} rows[] = {
#define SYSTEM_NEEDS(name_, sets_)  {NEEDS_SYSTEM, name_, sets_},
#define PROCESS_NEEDS(name_, sets_) {NEEDS_PROCESS, name_, sets_},
#define PATH_NEEDS(name_, sets_)    {NEEDS_PATH, &(name_)[1], sets_},
#define PROGRAM_NEEDS(name_, sets_) {NEEDS_PROGRAM, name_, sets_},
#include "transcall/vfs/workset.def"
#undef SYSTEM_NEEDS
#undef PROCESS_NEEDS
#undef PATH_NEEDS
#undef PROGRAM_NEEDS
};

/* Sets of the longest entry that @rest ("/NAME...") begins with. */
static uint64_t sets_of_entry(enum needs_kind kind, const char *rest)
{
	size_t longest = 0;
	uint64_t sets = 0;

	if (*rest++ != '/')
		return 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].name);

		if (rows[i].kind == kind && len > longest &&
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
	uint32_t number;

	if (!path_under(path, "/proc", &rest))
		return sets | sets_of_entry(NEEDS_PATH, path);
	if (*rest == '\0')
		return sets;
	number = path_number(rest + 1, &path);
	if (!number)
		return sets | sets_of_entry(NEEDS_SYSTEM, rest);
	sets |= sets_of_entry(NEEDS_PROCESS, path);
	if (strncmp(path, "/task/", 6) == 0 && path_number(path + 6, &path))
		sets |= sets_of_entry(NEEDS_PROCESS, path);
	return sets & WORKSET_PAGES ? workset_join(sets & ~WORKSET_PAGES, workset_pages_of(number))
				    : sets;
}

uint64_t needs_of_program(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	uint64_t sets = WORKSET_TASKS | WORKSET_SYSTEM;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind == NEEDS_PROGRAM && strcmp(rows[i].name, name) == 0)
			sets |= rows[i].sets;
	return sets;
}
