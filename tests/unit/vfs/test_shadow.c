/* SPDX-License-Identifier: GPL-2.0-or-later */
/* On a directory of a tmpfs, as the real one. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/vfs/shadow.h"

static char folder[64];

static void set_up(struct shadow *s)
{
	int fd;

	snprintf(folder, sizeof(folder), "/dev/shm/shadow-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK_OK(shadow_init(s, fd));
}

static void tear_down(struct shadow *s)
{
	char command[128];

	shadow_deinit(s);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* Names in @path in the order the kernel lists them, each followed by a space. */
static void list(const struct shadow *s, const char *path, char *ret, size_t size)
{
	int fd = shadow_open(s, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fdopendir(fd);
	struct dirent *entry;

	*ret = '\0';
	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(ret + strlen(ret), size - strlen(ret), "%s ", entry->d_name);
	closedir(dir);
}

#define LISTS(s, path, expected)                                                                   \
	do {                                                                                       \
		char names_[256];                                                                  \
		list(s, path, names_, sizeof(names_));                                             \
		CU_ASSERT_STRING_EQUAL(names_, expected);                                          \
	} while (0)

static const struct shadow_entry abc[] = {{.name = (char[]){"b"}, .kind = NODE_DIR},
					  {.name = (char[]){"a"}, .kind = NODE_FILE},
					  {.name = (char[]){"c"}, .kind = NODE_MAGIC},
					  {.name = (char[]){"d"}, .kind = NODE_FILE}};

TEST(shadow, lists_in_the_order_given)
{
	struct shadow s;

	set_up(&s);
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	LISTS(&s, "/proc", "b a c d ");
	tear_down(&s);
}

TEST(shadow, what_was_made_earlier_takes_its_place)
{
	struct shadow s;
	struct path_state *state;

	set_up(&s);
	CHECK_OK(shadow_make(&s, "/proc/b/inner", NODE_FILE, NULL, &state));
	CHECK_OK(shadow_write(&s, "/proc/d", "text", 4));
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	LISTS(&s, "/proc", "b a c d ");
	LISTS(&s, "/proc/b", "inner ");
	tear_down(&s);
}

TEST(shadow, the_next_generation_drops_who_is_gone)
{
	struct shadow s;
	struct path_state *state;

	set_up(&s);
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	CHECK_OK(shadow_make(&s, "/proc/b/inner", NODE_FILE, NULL, &state));
	s.generation++;
	CHECK_OK(shadow_arrange(&s, "/proc", abc + 1, 2));
	LISTS(&s, "/proc", "a c ");
	CU_ASSERT_PTR_NULL(pathmap_find(&s.map, "/proc/b/inner"));
	s.generation++;
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	LISTS(&s, "/proc", "b a c d ");
	LISTS(&s, "/proc/b", "");
	tear_down(&s);
}

TEST(shadow, content_is_replaced)
{
	struct shadow s;
	char text[16] = "";
	int fd;

	set_up(&s);
	CHECK_OK(shadow_write(&s, "/proc/1/stat", "longer text", 11));
	CHECK_OK(shadow_write(&s, "/proc/1/stat", "short", 5));
	fd = shadow_open(&s, "/proc/1/stat", O_RDONLY);
	CU_ASSERT_EQUAL(read(fd, text, sizeof(text)), 5);
	CU_ASSERT_STRING_EQUAL(text, "short");
	close(fd);
	tear_down(&s);
}

/* Its inode's change time tells whether a directory was touched. */
static bool is_untouched(struct shadow *s, const char *path, const struct stat *was)
{
	struct stat st;

	CU_ASSERT_TRUE(shadow_stat(s, path, &st));
	return st.st_ctim.tv_sec == was->st_ctim.tv_sec &&
	       st.st_ctim.tv_nsec == was->st_ctim.tv_nsec;
}

static void let_time_pass(void)
{
	usleep(20000); /* ticks of the clock that files have */
}

TEST(shadow, what_stands_already_is_left_alone)
{
	struct shadow s;
	struct stat dir, file;

	set_up(&s);
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	CHECK_OK(shadow_write(&s, "/proc/d", "text", 4));
	CU_ASSERT_TRUE(shadow_stat(&s, "/proc", &dir));
	CU_ASSERT_TRUE(shadow_stat(&s, "/proc/d", &file));
	let_time_pass();
	s.generation++;
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	CHECK_OK(shadow_write(&s, "/proc/d", "text", 4));
	CU_ASSERT_TRUE(is_untouched(&s, "/proc", &dir));
	CU_ASSERT_TRUE(is_untouched(&s, "/proc/d", &file));
	CU_ASSERT_EQUAL(pathmap_find(&s.map, "/proc/d")->filled, s.generation);
	CHECK_OK(shadow_write(&s, "/proc/d", "texts", 5));
	CU_ASSERT_FALSE(is_untouched(&s, "/proc/d", &file));
	tear_down(&s);
}

TEST(shadow, what_was_disturbed_is_arranged_anew)
{
	struct shadow s;
	struct path_state *state;

	set_up(&s);
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	s.generation++;
	CHECK_OK(shadow_make(&s, "/proc/new", NODE_FILE, NULL, &state));
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	LISTS(&s, "/proc", "b a c d ");
	s.generation++;
	CHECK_OK(shadow_write(&s, "/proc/new", "text", 4));
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	LISTS(&s, "/proc", "b a c d ");
	s.generation++;
	CHECK_OK(shadow_make(&s, "/proc/b", NODE_SYMLINK, NULL, &state));
	CHECK_OK(shadow_arrange(&s, "/proc", abc, 4));
	LISTS(&s, "/proc", "b a c d ");
	CU_ASSERT_EQUAL(pathmap_find(&s.map, "/proc/b")->kind, NODE_DIR);
	tear_down(&s);
}

static void leads_to(struct shadow *s, const char *path, const char *expected)
{
	char text[32] = "";

	CU_ASSERT_TRUE(readlinkat(s->root, path + 1, text, sizeof(text) - 1) > 0);
	CU_ASSERT_STRING_EQUAL(text, expected);
}

TEST(shadow, a_link_leads_where_it_does_now)
{
	struct shadow s;
	struct path_state *state;
	struct shadow_entry links[] = {
		{.name = (char[]){"x"}, .kind = NODE_SYMLINK, .link = (char[]){"/1"}},
		{.name = (char[]){"y"}, .kind = NODE_SYMLINK, .link = (char[]){"/1"}}};

	set_up(&s);
	CHECK_OK(shadow_arrange(&s, "/proc", links, 2));
	s.generation++;
	links[0].link[1] = '2';
	CHECK_OK(shadow_arrange(&s, "/proc", links, 2));
	leads_to(&s, "/proc/x", "/2");
	leads_to(&s, "/proc/y", "/1");
	LISTS(&s, "/proc", "x y ");
	s.generation++;
	CHECK_OK(shadow_make(&s, "/proc/y", NODE_SYMLINK, "/3", &state));
	leads_to(&s, "/proc/y", "/3");
	tear_down(&s);
}

TEST(shadow, names_cannot_imitate_a_listing)
{
	struct shadow s;
	char both[] = "a/1b";
	struct shadow_entry one = {.name = both, .kind = NODE_DIR};
	struct shadow_entry two[] = {{.name = (char[]){"a"}, .kind = NODE_DIR},
				     {.name = (char[]){"b"}, .kind = NODE_DIR}};

	set_up(&s);
	CHECK_OK(shadow_arrange(&s, "/proc", &one, 1));
	LISTS(&s, "/proc", "");
	s.generation++;
	CHECK_OK(shadow_arrange(&s, "/proc", two, 2));
	LISTS(&s, "/proc", "a b ");
	tear_down(&s);
}

TEST(shadow, a_name_may_change_its_kind)
{
	struct shadow s;
	struct path_state *state;
	struct stat st;

	set_up(&s);
	CHECK_OK(shadow_make(&s, "/proc/x/below", NODE_FILE, NULL, &state));
	CHECK_OK(shadow_make(&s, "/proc/x", NODE_FILE, NULL, &state));
	CU_ASSERT_TRUE(shadow_stat(&s, "/proc/x", &st));
	CU_ASSERT_TRUE(S_ISREG(st.st_mode));
	CHECK_OK(shadow_make(&s, "/proc/x", NODE_SYMLINK, "/proc/y", &state));
	CU_ASSERT_TRUE(shadow_stat(&s, "/proc/x", &st));
	CU_ASSERT_TRUE(S_ISLNK(st.st_mode));
	tear_down(&s);
}

TEST(shadow, names_no_kernel_shows_are_left_out)
{
	char long_name[NAME_MAX + 2] = "";
	const struct shadow_entry bad[] = {{.name = (char[]){"a/b"}, .kind = NODE_FILE},
					   {.name = (char[]){""}, .kind = NODE_FILE},
					   {.name = (char[]){"."}, .kind = NODE_FILE},
					   {.name = (char[]){".."}, .kind = NODE_DIR},
					   {.name = long_name, .kind = NODE_FILE},
					   {.name = (char[]){"a"}, .kind = NODE_FILE},
					   {.name = (char[]){"a"}, .kind = NODE_FILE}};
	struct shadow s;

	memset(long_name, 'n', sizeof(long_name) - 1);
	set_up(&s);
	CHECK_OK(shadow_arrange(&s, "/proc", bad, 7));
	LISTS(&s, "/proc", "a ");
	tear_down(&s);
}

TEST(shadow, magic_links_lead_nowhere_natively)
{
	struct shadow s;
	struct path_state *state;
	char text[64] = "";

	set_up(&s);
	CHECK_OK(shadow_make(&s, "/proc/1/exe", NODE_MAGIC, NULL, &state));
	CU_ASSERT(readlinkat(s.root, "proc/1/exe", text, sizeof(text) - 1) > 0);
	CU_ASSERT_NOT_EQUAL(access(text, F_OK), 0);
	tear_down(&s);
}
