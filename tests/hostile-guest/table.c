/* SPDX-License-Identifier: GPL-2.0-or-later */
/* edits.def as a table. */
#include <string.h>

#include "tests/hostile-guest/edits.h"

#define EDIT(name_, function_, value_, argument_, tools_, what_)                                   \
	{.name = #name_,                                                                           \
	 .apply = function_,                                                                       \
	 .value = value_,                                                                          \
	 .pid = argument_,                                                                         \
	 .tools = tools_,                                                                          \
	 .what = what_},
#define POKE(name_, how_, argument_, tools_, what_, from_, ...)                                    \
	{.name = #name_,                                                                           \
	 .apply = edit_poke,                                                                       \
	 .value = how_,                                                                            \
	 .from = from_,                                                                            \
	 .step_count =                                                                             \
		 sizeof((enum field_id[]){FIELD_COUNT, ##__VA_ARGS__}) / sizeof(enum field_id) -   \
		 1,                                                                                \
	 .steps = {__VA_ARGS__},                                                                   \
	 .pid = argument_,                                                                         \
	 .tools = tools_,                                                                          \
	 .what = what_},
static const struct edit edits[] = {
#include "tests/hostile-guest/edits.def"
};
#undef EDIT
#undef POKE

const struct edit *edit_at(size_t index)
{
	return index < sizeof(edits) / sizeof(edits[0]) ? &edits[index] : NULL;
}

const struct edit *edit_find(const char *name)
{
	const struct edit *at;

	for (size_t i = 0; (at = edit_at(i)); i++)
		if (strcmp(at->name, name) == 0)
			return at;
	return NULL;
}
