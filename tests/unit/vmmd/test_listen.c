/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/vmmd/listen.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path_of_test(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/test-listen.%d", (int)getpid());
	return path;
}

TEST(listen, socket_is_the_owners_alone)
{
	const char *path = path_of_test();
	struct stat st;
	int fd = -1;

	umask(0);
	CHECK_OK(listen_unix(path, &fd));
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	close(fd);
	unlink(path);
}

TEST(listen, stale_socket_is_replaced_and_a_live_one_is_not)
{
	const char *path = path_of_test();
	int first = -1, second = -1;

	CHECK_OK(listen_unix(path, &first));
	CHECK_ERR(listen_unix(path, &second), ERR_USAGE);
	close(first);
	CHECK_OK(listen_unix(path, &second));
	close(second);
	unlink(path);
}

TEST(listen, other_files_are_left_alone)
{
	const char *path = path_of_test();
	int file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	int fd = -1;

	close(file);
	CHECK_ERR(listen_unix(path, &fd), ERR_USAGE);
	CU_ASSERT_EQUAL(access(path, F_OK), 0);
	unlink(path);
	CHECK_ERR(listen_unix("/nonexistent/socket", &fd), ERR_SYSTEM);
}
