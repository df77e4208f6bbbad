/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "tests/lib/unit.h"
#include "transcall/vfs/pathmap.h"

#define MANY 5000

TEST(pathmap, finds_what_was_added)
{
	struct pathmap map = {0};
	struct path_state *state;
	char path[32];

	CU_ASSERT_PTR_NULL(pathmap_find(&map, "/x"));
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "/proc/%u/stat", i);
		CHECK_OK(pathmap_add(&map, path, NODE_FILE, &state));
		state->filled = i + 1;
	}
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "/proc/%u/stat", i);
		state = pathmap_find(&map, path);
		CU_ASSERT_PTR_NOT_NULL_FATAL(state);
		CU_ASSERT_EQUAL(state->filled, i + 1);
		CU_ASSERT_STRING_EQUAL(state->path, path);
	}
	CU_ASSERT_PTR_NULL(pathmap_find(&map, "/proc/5000/stat"));
	pathmap_deinit(&map);
}

TEST(pathmap, adding_again_keeps_the_state)
{
	struct pathmap map = {0};
	struct path_state *first, *second;

	CHECK_OK(pathmap_add(&map, "/a", NODE_FILE, &first));
	first->filled = 7;
	CHECK_OK(pathmap_add(&map, "/a", NODE_FILE, &second));
	CU_ASSERT_PTR_EQUAL(first, second);
	CU_ASSERT_EQUAL(second->filled, 7);
	pathmap_deinit(&map);
}

TEST(pathmap, removes_a_tree_and_nothing_else)
{
	struct pathmap map = {0};
	struct path_state *state;

	CHECK_OK(pathmap_add(&map, "/proc/1", NODE_DIR, &state));
	CHECK_OK(pathmap_add(&map, "/proc/1/stat", NODE_FILE, &state));
	state->filled = 3;
	CHECK_OK(pathmap_add(&map, "/proc/12", NODE_DIR, &state));
	pathmap_remove_tree(&map, "/proc/1");
	CU_ASSERT_PTR_NULL(pathmap_find(&map, "/proc/1"));
	CU_ASSERT_PTR_NULL(pathmap_find(&map, "/proc/1/stat"));
	CU_ASSERT_PTR_NOT_NULL(pathmap_find(&map, "/proc/12"));
	CHECK_OK(pathmap_add(&map, "/proc/1/stat", NODE_FILE, &state));
	CU_ASSERT_EQUAL(state->filled, 0);
	pathmap_deinit(&map);
}
