/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "transcall/vfs/listing.h"

static void add(struct listing *l, const char *name)
{
	l->entries = reallocarray(l->entries, l->count + 1, sizeof(*l->entries));
	l->entries[l->count++] = (struct shadow_entry){.name = strdup(name), .kind = NODE_DIR};
	l->room = l->count;
}

/* Names of @given (one space between) after self was added. */
static void becomes(const char *given, const char *expected)
{
	struct listing l = {0};
	char names[256], all[512] = "", *rest = names, *name;

	strcpy(names, given);
	while ((name = strsep(&rest, " ")))
		if (*name)
			add(&l, name);
	CHECK_OK(listing_add_self(&l));
	for (size_t i = 0; i < l.count; i++)
		strcat(strcat(all, l.entries[i].name), " ");
	CU_ASSERT_STRING_EQUAL(all, expected);
	listing_deinit(&l);
}

TEST(listing, self_stands_before_the_processes)
{
	becomes("fs stat 1 2 10", "fs stat self thread-self 1 2 10 ");
	becomes("1", "self thread-self 1 ");
	becomes("fs", "fs self thread-self ");
	becomes("", "self thread-self ");
}

TEST(listing, what_the_tree_lists_stays)
{
	becomes("self fs thread-self 1", "self fs thread-self 1 ");
	becomes("self fs 1", "self fs thread-self 1 ");
}
