/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who comes while a keeper waits; the target is made up (tests/trap). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/keeper/share.h"

#define STRANGER 65534

static char folder[] = "/tmp/share-XXXXXX", path[40];
static struct share s;

static void set_up(const char *idle_s)
{
	memcpy(folder, "/tmp/share-XXXXXX", sizeof(folder));
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	setenv("FAKE_IDLE", idle_s, 1);
	share_init(&s, path);
	share_begin(&s, NULL);
}

static void tear_down(void)
{
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
	close(s.mounts);
}

/* A child of user @uid that connects as soon as it can, and waits for the end. */
static pid_t visitor(uid_t uid)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	pid_t pid = fork();
	int fd;
	char c;

	if (pid != 0)
		return pid;
	if (uid != geteuid() && setresuid(uid, uid, uid) < 0)
		_exit(1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	alarm(10);
	while (connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		usleep(1000);
	_exit(read(fd, &c, 1) == 0 ? 0 : 2);
}

TEST(share, takes_a_front_end_of_its_user)
{
	int front, status;
	pid_t pid;

	set_up("10");
	pid = visitor(geteuid());
	CU_ASSERT_TRUE_FATAL(share_wait(&s, &front));
	CU_ASSERT_EQUAL(access(path, F_OK), -1); /* nobody else comes */
	close(front);
	waitpid(pid, &status, 0);
	CU_ASSERT_EQUAL(status, 0);
	tear_down();
}

TEST(share, turns_other_users_away)
{
	int front, status;
	pid_t pid;

	if (geteuid() != 0)
		return;
	set_up("1");
	chmod(folder, 0711);
	mode_t mask = umask(0);
	pid = visitor(STRANGER);
	CU_ASSERT_FALSE(share_wait(&s, &front));
	umask(mask);
	waitpid(pid, &status, 0);
	CU_ASSERT_EQUAL(status, 0); /* it did connect, and was hung up on */
	tear_down();
}

TEST(share, nobody_comes)
{
	int front;

	set_up("0");
	CU_ASSERT_FALSE(share_wait(&s, &front));
	tear_down();
}

TEST(share, is_not_for_two)
{
	int front, other = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	set_up("10");
	strcpy(name.sun_path, path);
	CU_ASSERT_EQUAL(bind(other, (struct sockaddr *)&name, sizeof(name)), 0);
	CU_ASSERT_FALSE(share_wait(&s, &front));
	CU_ASSERT_EQUAL(access(path, F_OK), 0); /* it is the other's */
	close(other);
	unlink(path);
	tear_down();
}

TEST(share, ends_when_its_files_change)
{
	int front;

	set_up("10");
	setenv("FAKE_OUTDATED", "/", 1);
	CU_ASSERT_FALSE(share_wait(&s, &front));
	unsetenv("FAKE_OUTDATED");
	s.files++; /* a file of this machine that the tree covers was replaced */
	CU_ASSERT_FALSE(share_wait(&s, &front));
	tear_down();
}
