/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where paths lead, with the made-up guest of tests/trap; this process stands for the tool. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/vfs/vfs.h"

static struct proc_view view;
static unsigned wants;

static const struct err *want(void *context, uint64_t sets)
{
	(void)context;
	(void)sets;
	wants++;
	return NULL;
}

static struct guest guest = {.view = &view, .reader_pid = 1, .want = want};
static struct vfs v;
static struct tracee me;

static char folder[64];

static void tear_down(void)
{
	char command[128];

	vfs_deinit(&v);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void set_up(uint32_t lifted_above)
{
	snprintf(folder, sizeof(folder), "/dev/shm/resolve-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	me = (struct tracee){.tid = getpid()};
	wants = 0;
	CHECK_OK(vfs_init(&v, &guest, open(folder, O_RDONLY | O_DIRECTORY),
			  open("/proc", O_RDONLY | O_DIRECTORY)));
	CHECK_OK(vfs_begin(&v, "", lifted_above));
}

struct expected {
	const char *base, *path;
	bool follow;
	enum path_side side;
	const char *leads_to;
	bool native;
};

static void check(const struct expected *e)
{
	struct place p;

	CHECK_OK(vfs_resolve(&v, &me, e->base, e->path, e->follow, &p));
	if (p.side != e->side || strcmp(p.path, e->leads_to) != 0 || p.native != e->native) {
		printf("%s %s: side %d %s native %d\n", e->base ? e->base : "", e->path, p.side,
		       p.path, p.native);
		CU_FAIL("leads elsewhere");
	}
}

TEST(resolve, paths_lead_where_they_should)
{
	static const struct expected rows[] = {
		{NULL, "/usr/bin/env", true, SIDE_HOST, "/usr/bin/env", true},
		{NULL, "/proc/1/stat", true, SIDE_GUEST, "/proc/1/stat", true},
		{"/proc", "1/stat", true, SIDE_GUEST, "/proc/1/stat", true},
		{"/home", "../proc/./1//stat", true, SIDE_GUEST, "/proc/1/stat", true},
		{"/proc/300", "../1/fd", true, SIDE_GUEST, "/proc/1/fd", true},
		{NULL, "/proc/1/fd/3", true, SIDE_GUEST, "/proc/1/fd/3", true},
		{NULL, "/proc/mounts", false, SIDE_GUEST, "/proc/mounts", true},
		{NULL, "/proc/mounts", true, SIDE_GUEST, "/proc/1/mounts", true},
		{NULL, "/proc/net/tcp", true, SIDE_GUEST, "/proc/1/net/tcp", true},
		{NULL, "/proc/self/net/tcp", true, SIDE_GUEST, "/proc/1/net/tcp", false},
		{NULL, "/proc/self/task/1/mounts", true, SIDE_GUEST, "/proc/1/mounts", false},
		{NULL, "/etc/mtab", true, SIDE_GUEST, "/proc/1/mounts", false},
		{NULL, "/etc/passwd", true, SIDE_GUEST, "/etc/passwd", false},
		{NULL, "/sys/kernel", true, SIDE_GUEST, "/sys/kernel", true},
		{NULL, "/etc/nsswitch.conf", true, SIDE_OURS, "/etc/nsswitch.conf", true},
		{NULL, "/dev/null", true, SIDE_HOST, "/dev/null", true},
		{NULL, "/proc/self/../uptime", true, SIDE_GUEST, "/proc/uptime", false},
		{NULL, "/proc/net/../stat", true, SIDE_GUEST, "/proc/1/stat", true},
	};

	set_up(4000000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i]);
	tear_down();
}

static void absent(const char *path)
{
	struct place p;

	CHECK_ERR(vfs_resolve(&v, &me, "/", path, true, &p), ERR_ABSENT);
}

TEST(resolve, nothing_of_this_machine)
{
	set_up(4000000);
	absent("/proc/kallsyms");
	absent("/proc/2/nothing");
	absent("/proc/31337");
	absent("/run/systemd");
	absent("/run/rp/1");
	absent("/etc/shadow");
	absent("/etc/hostname");
	absent("/dev/sda");
	absent("/boot");
	absent("/proc/1/cwd/usr");    /* the guest's /usr is not ours */
	absent("/proc/1/cwd/../usr"); /* however it is written */
	absent("/proc/1/root/bin/sh");
	absent("/proc/1/fd/3/x");
	tear_down();
}

TEST(resolve, through_the_guests_root_to_the_tree)
{
	static const struct expected row = {
		NULL, "/proc/1/root/etc/passwd", true, SIDE_GUEST, "/etc/passwd", false};

	set_up(4000000);
	check(&row);
	tear_down();
}

TEST(resolve, the_tools_own)
{
	struct place p;
	char expected[64], number[64];

	set_up(0);
	snprintf(expected, sizeof(expected), "/%d/stat", getpid());
	CHECK_OK(vfs_resolve(&v, &me, NULL, "/proc/self/stat", true, &p));
	CU_ASSERT_EQUAL(p.side, SIDE_OWN);
	CU_ASSERT_TRUE(p.native);
	CU_ASSERT_STRING_EQUAL(p.path, expected);

	snprintf(number, sizeof(number), "/proc/%d/stat", getpid());
	CHECK_OK(vfs_resolve(&v, &me, NULL, number, true, &p));
	CU_ASSERT_EQUAL(p.side, SIDE_OWN);
	CU_ASSERT_FALSE(p.native);
	CU_ASSERT_STRING_EQUAL(p.path, expected);

	CHECK_OK(vfs_resolve(&v, &me, NULL, "/proc/self", false, &p));
	CU_ASSERT_PTR_NOT_NULL_FATAL(p.text);
	CU_ASSERT_EQUAL(atoi(p.text), getpid());

	snprintf(number, sizeof(number), OWN_PROCFS "/%d", getpid());
	CHECK_OK(vfs_resolve(&v, &me, number, "stat", true, &p));
	CU_ASSERT_EQUAL(p.side, SIDE_OWN);
	CU_ASSERT_TRUE(p.native);
	CHECK_OK(vfs_resolve(&v, &me, number, "mountinfo", true, &p));
	CU_ASSERT_EQUAL(p.side, SIDE_GUEST);
	CU_ASSERT_FALSE(p.native);
	tear_down();
}

/* Every process of this machine looks like the tool's here: the guest's must win. */
TEST(resolve, the_guest_wins_where_numbers_mix)
{
	static const struct expected row = {NULL,       "/proc/1/stat", true,
					    SIDE_GUEST, "/proc/1/stat", true};

	set_up(0);
	check(&row);
	tear_down();
}

TEST(resolve, a_path_too_long_is_absent)
{
	static char path[PATH_MAX * 2];

	set_up(4000000);
	memset(path, 'x', sizeof(path) - 1);
	memcpy(path, "/proc/", 6);
	absent(path);
	tear_down();
}

TEST(resolve, announces_what_it_reads)
{
	struct place p;

	set_up(4000000);
	CHECK_OK(vfs_resolve(&v, &me, NULL, "/usr", true, &p));
	CHECK_OK(vfs_resolve(&v, &me, NULL, "/proc/self/stat", true, &p));
	CU_ASSERT_EQUAL(wants, 0);
	CHECK_OK(vfs_resolve(&v, &me, NULL, "/proc/1/stat", true, &p));
	CHECK_OK(vfs_resolve(&v, &me, NULL, "/proc/300/stat", true, &p));
	CU_ASSERT_EQUAL(wants, 1);
	CHECK_OK(vfs_resolve(&v, &me, NULL, "/proc/net/tcp", true, &p));
	CU_ASSERT_EQUAL(wants, 2);
	CHECK_OK(vfs_resolve(&v, NULL, NULL, "/proc/1/task", true, &p));
	CU_ASSERT_EQUAL(wants, 2);
	tear_down();
}
