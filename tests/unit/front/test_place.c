/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whoever else may be where the user's sockets are to be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/front/place.h"

#define STRANGER 65534

static char runtime[] = "/tmp/place-XXXXXX", expected[64], path[80];

static void set_up(void)
{
	memcpy(runtime, "/tmp/place-XXXXXX", sizeof(runtime));
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(runtime));
	setenv("XDG_RUNTIME_DIR", runtime, 1);
	snprintf(expected, sizeof(expected), "%s/transcall", runtime);
	snprintf(path, sizeof(path), "%s/socket", expected);
}

static void tear_down(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", runtime);
	CU_ASSERT_EQUAL(system(command), 0);
	unsetenv("XDG_RUNTIME_DIR");
}

/* Is it the folder below $XDG_RUNTIME_DIR? */
static bool is_there(void)
{
	char folder[PLACE_BYTES];

	return place_folder(folder) && strcmp(folder, expected) == 0;
}

TEST(place, is_made_for_its_user_alone)
{
	struct stat st;

	set_up();
	CU_ASSERT_TRUE(is_there());
	CU_ASSERT_EQUAL(stat(expected, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0700);
	CU_ASSERT_TRUE(is_there());
	tear_down();
}

TEST(place, is_no_link_and_not_open_to_others)
{
	set_up();
	CU_ASSERT_EQUAL(symlink("/tmp", expected), 0);
	CU_ASSERT_FALSE(is_there());
	unlink(expected);
	CU_ASSERT_EQUAL(mkdir(expected, 0750), 0);
	CU_ASSERT_FALSE(is_there());
	CU_ASSERT_EQUAL(chmod(expected, 0700), 0);
	CU_ASSERT_TRUE(is_there());
	CU_ASSERT_EQUAL(chmod(runtime, 0777), 0);
	CU_ASSERT_FALSE(is_there());
	tear_down();
}

TEST(place, is_not_another_users)
{
	if (geteuid() != 0)
		return;
	set_up();
	CU_ASSERT_EQUAL(mkdir(expected, 0700), 0);
	CU_ASSERT_EQUAL(chown(expected, STRANGER, STRANGER), 0);
	CU_ASSERT_FALSE(is_there());
	rmdir(expected);
	CU_ASSERT_EQUAL(chown(runtime, STRANGER, STRANGER), 0);
	CU_ASSERT_FALSE(is_there());
	tear_down();
}

static int listen_at(const char *at)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", at);
	CU_ASSERT_EQUAL_FATAL(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	CU_ASSERT_EQUAL_FATAL(listen(fd, 1), 0);
	return fd;
}

TEST(place, connects_to_its_users_keepers_only)
{
	int fd, connected, status;

	set_up();
	CU_ASSERT_TRUE(is_there());
	fd = listen_at(path);
	connected = place_connect(path);
	CU_ASSERT_TRUE(connected >= 0);
	close(connected);
	close(fd);
	unlink(path);
	if (geteuid() == 0 && fork() == 0) { /* the listener's user is who called listen() */
		chmod(runtime, 0777);
		chmod(expected, 0777);
		if (setresuid(STRANGER, STRANGER, STRANGER) < 0)
			_exit(1);
		listen_at(path);
		alarm(1);
		pause();
	}
	if (geteuid() == 0) {
		for (int i = 0; i < 100 && access(path, F_OK) < 0; i++)
			usleep(5000);
		CU_ASSERT_EQUAL(access(path, F_OK), 0);
		usleep(20000); /* it listens */
		CU_ASSERT_EQUAL(place_connect(path), -1);
		wait(&status);
	}
	tear_down();
}

TEST(place, takes_the_socket_of_a_dead_keeper_away)
{
	set_up();
	CU_ASSERT_TRUE(is_there());
	close(listen_at(path));
	CU_ASSERT_EQUAL(place_connect(path), -1);
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	CU_ASSERT_EQUAL(place_connect(path), -1);
	tear_down();
}
