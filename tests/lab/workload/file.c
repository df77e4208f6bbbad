// SPDX-License-Identifier: GPL-2.0-or-later
/* Open files: regular, deleted, directories, devices, pipes, FIFOs, locks. */
#include "actor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void run_regular(const char *arg)
{
	int fd = open_file("/var/log/lab.log", O_WRONLY | O_APPEND, "line one\nline two\n");

	(void)arg;
	CHECK(dup2(fd, 17));
	fd = open_file("/var/tmp/lab offset", O_RDWR | O_TRUNC, "0123456789");
	CHECK(lseek(fd, 4, SEEK_SET));
	CHECK(open("/etc/passwd", O_RDONLY));
	CHECK(open("/etc", O_RDONLY | O_DIRECTORY));
	CHECK(open("/usr/bin", O_PATH));
	CHECK(open("/dev/zero", O_RDWR));
	CHECK(open("/dev/urandom", O_RDONLY | O_NONBLOCK));
	CHECK(open("/proc/version", O_RDONLY));
	CHECK(open("/sys/kernel/mm", O_RDONLY | O_DIRECTORY));
	CHECK(chdir("/var/log"));
	hold();
}

static void run_deleted(const char *arg)
{
	int fd = open_file("/tmp/deleted file", O_RDWR | O_TRUNC, "still here");

	(void)arg;
	CHECK(ftruncate(fd, 123456));
	CHECK(mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0));
	CHECK(unlink("/tmp/deleted file"));
	CHECK(mkdir("/tmp/deleted dir", 0755));
	CHECK(chdir("/tmp/deleted dir"));
	CHECK(rmdir("/tmp/deleted dir"));
	hold();
}

static void run_renamed(const char *arg)
{
	int fd = open_file("/tmp/before", O_RDWR | O_TRUNC, "x");

	(void)arg;
	CHECK(mkdir("/tmp/deep", 0755));
	CHECK(mkdir("/tmp/deep/er", 0700));
	CHECK(rename("/tmp/before", "/tmp/deep/er/new\nline \\ and more"));
	CHECK(fchown(fd, 1001, 50));
	CHECK(chdir("/tmp/deep/er"));
	hold();
}

static void read_for_ever(int fd)
{
	char byte;

	close(status_fd);
	while (read(fd, &byte, 1) > 0)
		;
	hold();
}

static int pipe_ends[2];

static void run_pipe_reader(const char *arg)
{
	(void)arg;
	close(pipe_ends[1]);
	read_for_ever(pipe_ends[0]);
}

/* with bytes in it that nobody reads, and one that a reader waits for */
static void run_pipe(const char *arg)
{
	int idle[2];

	CHECK(pipe2(idle, O_NONBLOCK));
	CHECK(write(idle[1], "unread", 6));
	CHECK(pipe2(pipe_ends, 0));
	actor_fork(run_pipe_reader, arg);
	close(pipe_ends[0]);
	hold();
}

static void run_fifo_reader(const char *arg)
{
	close(status_fd);
	read_for_ever((int)check(open(arg, O_RDONLY), arg));
}

static void run_fifo(const char *arg)
{
	check(mkfifo(arg, 0644), arg);
	actor_fork(run_fifo_reader, arg);
	check(open(arg, O_WRONLY), arg);
	hold();
}

/* nobody ever opens the other end */
static void run_fifo_lonely(const char *arg)
{
	check(mkfifo(arg, 0600), arg);
	close(status_fd);
	check(open(arg, O_WRONLY), arg);
	hold();
}

static void lock_range(int fd, int command, short type, off_t start, off_t len)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len};

	CHECK(fcntl(fd, command, &lock));
}

static void run_lock_waiter(const char *arg)
{
	int fd = (int)check(open(arg, O_RDWR), arg);

	close(status_fd);
	lock_range(fd, F_SETLKW, F_WRLCK, 10, 5);
	hold();
}

static void run_locks(const char *arg)
{
	int fd = open_file(arg, O_RDWR | O_TRUNC, "0123456789012345678901234567890123456789");
	int ofd = (int)check(open(arg, O_RDWR | O_CLOEXEC), arg), lease;

	lock_range(fd, F_SETLK, F_WRLCK, 10, 10);
	lock_range(fd, F_SETLK, F_RDLCK, 30, 0);
	lock_range(ofd, F_OFD_SETLK, F_RDLCK, 0, 5);
	CHECK(flock(ofd, LOCK_EX));
	lease = open_file("/tmp/leased", O_WRONLY, "x");
	close(lease);
	lease = (int)CHECK(open("/tmp/leased", O_RDONLY | O_CLOEXEC));
	CHECK(fcntl(lease, F_SETLEASE, F_RDLCK));
	actor_fork(run_lock_waiter, arg);
	hold();
}

static void run_flock_waiter(const char *arg)
{
	int fd = (int)check(open(arg, O_RDONLY), arg);

	close(status_fd);
	CHECK(flock(fd, LOCK_SH));
	hold();
}

static void run_flock(const char *arg)
{
	int fd = open_file(arg, O_RDWR, "x");

	CHECK(flock(fd, LOCK_EX));
	actor_fork(run_flock_waiter, arg);
	hold();
}

/* high and many descriptors */
static void run_many(const char *arg)
{
	int fd = (int)CHECK(open("/dev/null", O_RDWR));

	for (int i = 0; i < atoi(arg); i++)
		CHECK(dup(fd));
	CHECK(dup2(fd, 1000));
	hold();
}

const struct actor file_actors[] = {
	{"files", run_regular, NULL},         {"files-deleted", run_deleted, NULL},
	{"files-renamed", run_renamed, NULL}, {"pipe", run_pipe, NULL},
	{"fifo", run_fifo, "/tmp/lab fifo"},  {"fifo-lonely", run_fifo_lonely, "/run/lonely.fifo"},
	{"locks", run_locks, "/tmp/locked"},  {"flock", run_flock, "/run/lock/flocked"},
	{"files-many", run_many, "90"},       {NULL, NULL, NULL},
};
