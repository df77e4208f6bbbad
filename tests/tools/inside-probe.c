/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program may do with descriptors of /proc that it opened by itself, so to say
 * (transcall/inside). Run by the name of a program that gets an image ("ps"), once with the library
 * and once without: each line is to be the same, except those of "answered" (is it there?) and
 * "mapping".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_A "/proc/300/status"
#define FILE_B "/proc/412/status"

extern char **environ;

/* A system call that no library sees. */
static long raw(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Is it one that only stands for a file? */
static bool stands_in(int fd)
{
	return raw(SYS_fcntl, fd, F_GETFL, 0) & O_PATH;
}

/* The image is made when /proc is opened. */
static DIR *open_proc(void)
{
	return opendir("/proc");
}

static int open_a(void)
{
	return open(FILE_A, O_RDONLY);
}

/* The next @max bytes of @fd, as a word. */
static const char *next(int fd, size_t max)
{
	static char text[4][4096];
	static int turn;
	char *ret = text[turn++ % 4];
	ssize_t len = read(fd, ret, max < 4095 ? max : 4095);

	if (len < 0)
		return strerrorname_np(errno);
	ret[len] = '\0';
	for (char *at = ret; *at; at++)
		if (*at == '\n' || *at == '\t' || *at == ' ')
			*at = '_';
	return ret;
}

static const char *status_of(int ok)
{
	return ok < 0 ? strerrorname_np(errno) : "ok";
}

/* --- cases ----------------------------------------------------------------------------------- */

static void answered(void)
{
	int fd = open_a();
	DIR *proc = open_proc();
	struct stat st;

	printf("%d %d", stands_in(fd), stands_in(dirfd(proc)));
	close(fd);
	fd = open_a();
	printf(" %d", stands_in(fd));
	next(fd, 5);
	printf(" %d", stands_in(fd));
	fstat(fd, &st);
	printf(" %d\n", stands_in(fd));
}

static void print_from(int fd, off_t to, int whence, size_t max)
{
	printf("%ld ", (long)lseek(fd, to, whence));
	printf("%s ", next(fd, max));
}

static void reads(void)
{
	int fd = open_a();
	char text[8] = "";

	printf("%s ", next(fd, 3));
	printf("%s ", next(fd, 7));
	printf("%zd ", pread(fd, text, 4, 6));
	printf("%s ", text);
	printf("%zd %zd ", pread(fd, text, 4, 100000), pread(fd, text, 4, -1));
	print_from(fd, 2, SEEK_SET, 4);
	print_from(fd, 3, SEEK_CUR, 4);
	print_from(fd, -1, SEEK_SET, 4);
	print_from(fd, 5000, SEEK_SET, 4);
	print_from(fd, 0, SEEK_SET, 4000);
	puts("");
}

static void seek_end(void)
{
	int fd = open_a();

	printf("%d ", lseek(fd, 0, SEEK_END) > 0);
	printf("%s\n", next(fd, 5));
}

static void duplicates(void)
{
	int fd = open_a(), other, third;

	next(fd, 5);
	other = dup(fd);
	third = fcntl(fd, F_DUPFD_CLOEXEC, 50);
	printf("%d %d ", other, third);
	printf("%s ", next(fd, 3));
	printf("%s ", next(other, 3));
	printf("%s\n", next(third, 3));
}

/* dup2() and dup3() from and over such descriptors. */
static void over(void)
{
	int a = open_a(), b = open(FILE_B, O_RDONLY), null = open("/dev/null", O_RDONLY);

	next(a, 5);
	printf("%d ", dup2(a, b));
	printf("%s ", next(b, 5));
	printf("%d ", dup2(null, a));
	printf("%s ", next(a, 5));
	a = open_a();
	printf("%d ", dup3(null, a, O_CLOEXEC));
	printf("%s ", next(a, 5));
	printf("%d\n", fcntl(a, F_GETFD));
}

static void maps(void)
{
	int fd = open_a();
	char *text = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	printf("%.5s\n", text == MAP_FAILED ? "none" : text);
}

static void vectors(void)
{
	int fd = open_a(), pipes[2];
	char one[4] = "", two[4] = "";
	struct iovec parts[2] = {{one, 3}, {two, 3}};
	off_t at = 1;

	printf("%zd ", readv(fd, parts, 2));
	printf("%s%s ", one, two);
	printf("%zd ", preadv(fd, parts, 1, 1));
	printf("%s ", one);
	if (pipe(pipes) == 0)
		printf("%zd ", sendfile(pipes[1], fd, &at, 4));
	printf("%s ", next(pipes[0], 4));
	printf("%s\n", next(fd, 4));
}

static void forks(void)
{
	int fd = open_a();

	next(fd, 5);
	fflush(stdout);
	if (fork() == 0) {
		printf("%s %s ", next(fd, 4), next(open(FILE_B, O_RDONLY), 9));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	printf("%s\n", next(fd, 4));
}

static void executes(void)
{
	int fd = open_a(), closed = open(FILE_B, O_RDONLY | O_CLOEXEC);
	char command[128];

	next(fd, 6);
	fflush(stdout);
	snprintf(command, sizeof(command), "head -c 8 <&%d; [ -e /proc/self/fd/%d ] || echo . gone",
		 fd, closed);
	if (fork() == 0) {
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(1);
	}
	wait(NULL);
}

static void spawns(void)
{
	int fd = open_a(), fd2;
	char command[64], *argv[] = {"sh", "-c", command, NULL};
	pid_t pid;

	next(fd, 6);
	fflush(stdout);
	snprintf(command, sizeof(command), "head -c 8 <&%d", fd);
	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) == 0)
		waitpid(pid, NULL, 0);
	fd2 = open(FILE_B, O_RDONLY);
	printf(" %s %s\n", next(fd, 3), next(fd2, 5));
}

static void *reads_in_thread(void *fd)
{
	char text[6] = "";
	int other = open(FILE_B, O_RDONLY);

	printf("%zd ", read(*(int *)fd, text, 5));
	printf("%s ", text);
	printf("%zd ", read(other, text, 5));
	printf("%s ", text);
	close(other);
	return NULL;
}

static void threads(void)
{
	int fd = open_a();
	pthread_t thread;

	for (int i = 0; i < 3; i++) {
		pthread_create(&thread, NULL, reads_in_thread, &fd);
		pthread_join(thread, NULL);
	}
	printf("%s\n", next(fd, 5));
}

static void relative(void)
{
	DIR *proc = open_proc();
	int fd = openat(dirfd(proc), "300/status", O_RDONLY), other;
	char text[64] = "";
	struct stat st;

	printf("%s ", next(fd, 5));
	other = openat(dirfd(proc), "300/cmdline", O_RDONLY);
	printf("%s ", next(other, 8));
	printf("%d ", fstatat(dirfd(proc), "300", &st, 0));
	printf("%d ", st.st_uid);
	other = openat(dirfd(proc), "300/fd", O_RDONLY | O_DIRECTORY);
	printf("%zd ", readlinkat(other, "3", text, sizeof(text)));
	printf("%.8s ", text);
	printf("%d ", chdir("/proc"));
	printf("%s ", next(open("412/status", O_RDONLY), 10));
	printf("%s ", next(open("./412/status", O_RDONLY), 10));
	printf("%s ", next(open("../proc/412/status", O_RDONLY), 10));
	printf("%d ", chdir("/proc/300"));
	printf("%s %s ", next(open("status", O_RDONLY), 9), next(open("../1/status", O_RDONLY), 9));
	printf("%d ", fchdir(dirfd(proc)));
	printf("%s\n", next(open("9999/status", O_RDONLY), 9));
}

/* What is known, but not for such a call: each in a directory that was not used before. */
static void declined(void)
{
	int folder = openat(dirfd(open_proc()), "300", O_RDONLY | O_DIRECTORY);
	char text[8];
	struct stat st;

	printf("%d %s ", folder >= 0, next(openat(folder, "status", O_RDONLY), 9));
	printf("%d ", fstatat(dirfd(open_proc()), "300/status", &st, 0));
	printf("%s ", next(openat(dirfd(open_proc()), "300/status", O_RDONLY | O_NOATIME), 9));
	printf("%d ", openat(dirfd(open_proc()), "300", O_PATH) >= 0);
	printf("%zd\n", readlinkat(dirfd(open_proc()), "300/status", text, sizeof(text)));
}

static void print_names(DIR *dir, int max)
{
	struct dirent *entry;

	while (max-- > 0 && (entry = readdir(dir)))
		printf("%s,%d ", entry->d_name, entry->d_type);
}

static void lists(void)
{
	DIR *dir = open_proc();
	long place;

	print_names(dir, 1000);
	rewinddir(dir);
	print_names(dir, 5);
	place = telldir(dir);
	print_names(dir, 3);
	seekdir(dir, place);
	print_names(dir, 3);
	closedir(dir);
	dir = fdopendir(open("/proc/", O_RDONLY | O_DIRECTORY));
	print_names(dir, 4);
	puts("");
}

/* A descriptor of which some names were read goes on behind them, whatever happens to it. */
static void lists_on(void)
{
	int fd = open("/proc", O_RDONLY | O_DIRECTORY);
	char text[256];
	long len = syscall(SYS_getdents64, fd, text, sizeof(text)), second;

	printf("%d %d ", len > 0, syscall(SYS_getdents64, fd, text, 8) == -1 && errno == EINVAL);
	close(dup(fd));
	second = syscall(SYS_getdents64, fd, text, sizeof(text));
	printf("%s %d ", text + 19, second > 0);
	printf("%zd\n", read(fd, text, 10));
}

static void wrong(void)
{
	struct stat st;
	int fd;

	printf("%s ", status_of(open(FILE_A, O_RDONLY | O_DIRECTORY)));
	printf("%s ", status_of(open(FILE_A, O_RDWR)));
	printf("%s ", status_of(open(FILE_A "/", O_RDONLY)));
	printf("%s ", status_of(open("/proc/300/ctty", O_RDONLY)));
	printf("%s ", status_of(open("/proc/301/status", O_RDONLY)));
	printf("%s ", status_of(stat("/proc/300/ctty", &st)));
	printf("%s ", status_of(stat("/proc/301", &st)));
	printf("%s ", status_of(access(FILE_A, R_OK)));
	printf("%s ", next(open("/proc//300/status", O_RDONLY), 5));
	printf("%s ", next(open("/proc/300/../300/status", O_RDONLY), 5));
	fd = open(FILE_A, O_PATH);
	printf("%s ", next(fd, 5));
	fd = open_a();
	printf("%s ", status_of((int)write(fd, "x", 1)));
	printf("%s ", status_of(ftruncate(fd, 0)));
	printf("%s\n", status_of(fsync(fd)));
}

static void attributes(void)
{
	struct stat st, l;
	DIR *proc = open_proc();

	printf("%s ", status_of(stat("/proc/9999", &st)));
	printf("%o %u %u %ld %lu %ld ", st.st_mode, st.st_uid, st.st_gid, (long)st.st_size,
	       (long)st.st_nlink, (long)st.st_mtime);
	lstat("/proc/9999", &l);
	printf("%d ", l.st_dev == st.st_dev && l.st_ino == st.st_ino);
	stat(FILE_A, &l);
	printf("%d %o ", l.st_dev == st.st_dev, l.st_mode);
	fstat(dirfd(proc), &l);
	printf("%d %d\n", l.st_dev == st.st_dev, S_ISDIR(l.st_mode));
}

static void polls(void)
{
	struct pollfd polled = {.fd = open_a(), .events = POLLIN};
	fd_set set;

	printf("%d ", poll(&polled, 1, 0));
	printf("%d ", polled.revents);
	polled.fd = open_a();
	FD_ZERO(&set);
	FD_SET(polled.fd, &set);
	printf("%d ", select(polled.fd + 1, &set, NULL, NULL, &(struct timeval){0}));
	printf("%s\n", next(polled.fd, 5));
}

/* By the numbers that /proc/self/fd has. */
static void by_number(void)
{
	char path[64], text[64] = "";
	int fd = open_a();

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	printf("%s ", next(open(path, O_RDONLY), 5));
	fd = open_a();
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	printf("%s ", next(open(path, O_RDONLY), 5));
	fd = open_a();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	printf("%zd ", readlink(path, text, sizeof(text)));
	puts(text);
}

/* All numbers from 3 on, and then on. */
static void closes_all(void)
{
	int fd = open_a();

	printf("%s ", next(fd, 5));
	for (int i = 3; i < 1100; i++)
		close(i);
	printf("%s ", next(fd, 5));
	fd = open_a();
	printf("%d %s ", fd, next(fd, 5));
	closedir(open_proc());
	printf("%s ", next(open(FILE_B, O_RDONLY), 5));
	close_range(3, ~0U, 0);
	fd = open_a();
	printf("%d %s ", fd, next(fd, 5));
	close(fd);
	fd = open("/dev/null", O_RDONLY);
	printf("%d [%s]\n", fd, next(fd, 5));
}

static void few_numbers(void)
{
	struct rlimit limit = {16, 16};
	int fd = 0, last = 0;

	closedir(open_proc());
	setrlimit(RLIMIT_NOFILE, &limit);
	while ((fd = open_a()) >= 0)
		last = fd;
	printf("%d %s ", last, strerrorname_np(errno));
	printf("%s ", next(last, 5));
	printf("%d ", lseek(last, 0, SEEK_END) > 0);
	printf("%s ", next(last - 1, 5));
	close(last);
	last = open(FILE_B, O_RDONLY);
	printf("%d %s\n", last, next(last, 5));
}

static void few_numbers_first(void)
{
	struct rlimit limit = {16, 16};

	setrlimit(RLIMIT_NOFILE, &limit);
	closedir(open_proc());
	few_numbers();
}

/* Where the image is mapped; NULL: nowhere. */
static void *mapping(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from = 0, at = 0;
	char line[512];

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "memfd:image") && sscanf(line, "%lx", &at) == 1)
			from = at;
	return (void *)from;
}

static void writes(void)
{
	DIR *proc = open_proc();
	void *at = mapping();
	char path[64];

	(void)proc;
	printf("%d ", at != NULL);
	printf("%s ", status_of(mprotect(at, 4096, PROT_READ | PROT_WRITE)));
	printf("%s ", status_of(open("/run/inside/ps", O_RDWR)));
	printf("%s ", status_of(open("/run/inside", O_RDONLY)));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", open("/run/inside/ps", O_RDONLY));
	int fd = open(path, O_RDWR);
	printf("%s ", fd < 0 ? "no" : status_of((int)write(fd, "x", 1)));
	printf("%s\n",
	       mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? "no" : "yes");
}

/* After a sleep: fresh data for who starts anew. */
static void sleeps(void)
{
	DIR *proc = open_proc();
	int kept = open("/proc/300/statm", O_RDONLY), fd;

	printf("%d %s ", stands_in(kept), next(kept, 1));
	usleep(20000);
	fd = open("/proc/300/statm", O_RDONLY);
	printf("%s ", next(fd, 1));
	printf("%ld ", (long)lseek(kept, 0, SEEK_SET));
	printf("%s ", next(kept, 1));
	closedir(proc);
	proc = open_proc();
	fd = open("/proc/300/statm", O_RDONLY);
	printf("%d %s\n", stands_in(fd), next(fd, 1));
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{"reads", reads},
	{"seek-end", seek_end},
	{"duplicates", duplicates},
	{"over", over},
	{"maps", maps},
	{"vectors", vectors},
	{"forks", forks},
	{"executes", executes},
	{"spawns", spawns},
	{"threads", threads},
	{"relative", relative},
	{"declined", declined},
	{"lists", lists},
	{"lists-on", lists_on},
	{"wrong", wrong},
	{"attributes", attributes},
	{"polls", polls},
	{"by-number", by_number},
	{"closes-all", closes_all},
	{"few-numbers", few_numbers},
	{"few-numbers-first", few_numbers_first},
	{"answered", answered},
	{"writes", writes},
	{"sleeps", sleeps},
};

/* CASE, with an image from the start; "-" CASE: without one. */
int main(int argc, char **argv)
{
	bool early = argc == 2;

	for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strcmp(cases[i].name, argv[argc - 1]) == 0) {
			if (early)
				closedir(open_proc());
			cases[i].run();
			return 0;
		}
	for (size_t i = 0; argc == 1 && i < sizeof(cases) / sizeof(cases[0]); i++)
		puts(cases[i].name);
	return argc != 1;
}
