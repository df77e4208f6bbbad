/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look up paths.def. */
#include "transcall/sys/paths.h"

#include <string.h>

#include "transcall/inside/image.h"
#include "transcall/vfs/path.h"

#define SELF_GUEST(name_)
#define EXAMINED(path_)
#define EXAMINES(program_)
#define APPLETS(program_)
static const struct path_rule rules[] = {
#define HOST(path_)          {.path = path_, .side = SIDE_HOST},
#define GUEST(path_)         {.path = path_, .side = SIDE_GUEST},
#define REFUSED(path_)       {.path = path_, .side = SIDE_REFUSED},
#define ALIAS(path_, other_) {.path = path_, .side = SIDE_ALIAS, .text = other_},
#define OURS(path_, text_)   {.path = path_, .side = SIDE_OURS, .text = text_},
#define INSIDE(path_)        {.path = path_, .side = SIDE_INSIDE},
#include "transcall/sys/paths.def"
#undef HOST
#undef GUEST
#undef REFUSED
#undef ALIAS
#undef OURS
#undef INSIDE
#undef SELF_GUEST
#undef EXAMINED
#undef EXAMINES
};

#define HOST(path_)
#define GUEST(path_)
#define REFUSED(path_)
#define ALIAS(path_, other_)
#define OURS(path_, text_)
#define INSIDE(path_)
static const char *const self_guest[] = {
#define SELF_GUEST(name_) name_,
#define EXAMINED(path_)
#define EXAMINES(program_)
#include "transcall/sys/paths.def"
#undef SELF_GUEST
#undef EXAMINED
};

#define SELF_GUEST(name_)
static const char *const examined[] = {
#define EXAMINED(path_) path_,
#include "transcall/sys/paths.def"
#undef EXAMINED
#undef EXAMINES
};

#define EXAMINED(path_)
static const char *const examiners[] = {
#define EXAMINES(program_) program_,
#include "transcall/sys/paths.def"
#undef EXAMINES
#undef APPLETS
};

#define EXAMINES(program_)
static const char *const with_applets[] = {
#define APPLETS(program_) program_,
#include "transcall/sys/paths.def"
};

#define RULE_COUNT (sizeof(rules) / sizeof(rules[0]))

static bool files_of_host;

void paths_take_files_of_host(void)
{
	files_of_host = true;
}

/* --files=host: what is neither the kernel's nor a device. */
static const struct path_rule *in_force(const struct path_rule *rule)
{
	static const char *const of_kernel[] = {"/proc", "/sys", "/dev"};
	const char *rest;

	if (!files_of_host || rule->side != SIDE_GUEST)
		return rule;
	for (size_t i = 0; i < sizeof(of_kernel) / sizeof(of_kernel[0]); i++)
		if (path_under(rule->path, of_kernel[i], &rest))
			return rule;
	return &rules[0];
}

const struct path_rule *paths_rule(const char *path)
{
	const struct path_rule *best = &rules[0];
	size_t best_len = 0;
	const char *rest;

	for (size_t i = 1; i < RULE_COUNT; i++) {
		size_t len;

		if (rules[i].path[1] != path[1] || !path_under(path, rules[i].path, &rest))
			continue;
		len = (size_t)(rest - path);
		if (len > best_len) {
			best = &rules[i];
			best_len = len;
		}
	}
	return in_force(best);
}

const struct path_rule *paths_row(size_t index)
{
	return index < RULE_COUNT ? in_force(&rules[index]) : NULL;
}

bool paths_self_is_guest(const char *name)
{
	size_t len = strcspn(name, "/");

	for (size_t i = 0; i < sizeof(self_guest) / sizeof(self_guest[0]); i++)
		if (strlen(self_guest[i]) == len && strncmp(self_guest[i], name, len) == 0)
			return true;
	return false;
}

static bool contains(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

bool paths_examines(const char *program)
{
	return contains(examiners, sizeof(examiners) / sizeof(examiners[0]), program);
}

bool paths_has_applets(const char *program)
{
	return contains(with_applets, sizeof(with_applets) / sizeof(with_applets[0]), program);
}

bool paths_examined(const char *path)
{
	const char *rest;

	for (size_t i = 0; i < sizeof(examined) / sizeof(examined[0]); i++)
		if (path_under(path, examined[i], &rest))
			return true;
	return false;
}
