/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syscall-probe WHAT [ARG]: one system call as a tool would make it; its result on stdout. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *second; /* argument, of the few that have two */

static void print(long value)
{
	if (value < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%ld\n", value);
}

static void clocks(const char *arg)
{
	struct timespec t;
	struct timeval v;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &t);
	gettimeofday(&v, NULL);
	printf("%d %d %d ", t.tv_sec / 3600 == 1927857906 / 3600,
	       v.tv_sec / 3600 == 1927857906 / 3600, time(NULL) / 3600 == 1927857906 / 3600);
	clock_gettime(CLOCK_BOOTTIME, &t);
	printf("%ld ", (long)t.tv_sec / 3600);
	clock_gettime(CLOCK_MONOTONIC, &t);
	printf("%ld\n", (long)t.tv_sec / 3600);
}

static void memory(const char *arg)
{
	struct sysinfo info;

	(void)arg;
	print(sysinfo(&info) ? -1 : (long)info.totalram);
}

static void processes(const char *arg)
{
	struct sysinfo info;

	(void)arg;
	print(sysinfo(&info) ? -1 : (long)info.procs);
}

/* What is left untouched is not zero. */
static void interval(const char *arg)
{
	struct timespec t = {.tv_sec = 7, .tv_nsec = 7};

	print(sched_rr_get_interval(atoi(arg), &t) ? -1 : (long)(t.tv_sec + t.tv_nsec));
}

static void policy(const char *arg)
{
	print(syscall(SYS_sched_getscheduler, atoi(arg)));
}

static void attributes(const char *arg)
{
	char bytes[128];

	print(syscall(SYS_sched_getattr, atoi(arg), bytes, sizeof(bytes), 0));
}

static void priority(const char *arg)
{
	print(syscall(SYS_getpriority, PRIO_PROCESS, atoi(arg)));
}

static void session(const char *arg)
{
	print(getsid(atoi(arg)));
}

static void limits(const char *arg)
{
	struct rlimit limit;

	print(prlimit(atoi(arg), RLIMIT_NOFILE, NULL, &limit) ? -1 : (long)limit.rlim_max);
}

static void nice_of(const char *arg)
{
	print(setpriority(PRIO_PROCESS, (id_t)atoi(arg), 1));
}

static void io_priority(const char *arg)
{
	print(syscall(SYS_ioprio_get, 1, atoi(arg)));
}

static void host_name(const char *arg)
{
	print(sethostname(arg, strlen(arg)));
}

static void log_text(const char *arg)
{
	char text[64] = "";

	(void)arg;
	if (klogctl(3, text, 40) < 0)
		print(-1);
	else
		printf("%s", text);
}

static void pidfd(const char *arg)
{
	print(syscall(SYS_pidfd_open, atoi(arg), 0) < 0 ? -1 : 0);
}

static void netlink(const char *arg)
{
	print(socket(AF_NETLINK, SOCK_RAW, atoi(arg)) < 0 ? -1 : 0);
}

/* As fuser does: the device that sockets are on. */
static void socket_device(const char *arg)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct statx x;

	(void)arg;
	if (fd < 0 || statx(fd, "", AT_EMPTY_PATH, STATX_INO, &x) < 0)
		print(-1);
	else
		printf("%u:%u %d\n", x.stx_dev_major, x.stx_dev_minor, S_ISSOCK(x.stx_mode));
}

static void uring(const char *arg)
{
	(void)arg;
	print(syscall(SYS_io_uring_setup, 1, NULL));
}

static void disk(const char *arg)
{
	struct statfs fs;

	print(statfs(arg, &fs));
}

/* A file handle with room for a number of 64 bits behind it. */
struct handle {
	_Alignas(struct file_handle) char bytes[sizeof(struct file_handle) + sizeof(uint64_t)];
};

static struct file_handle *handle_new(struct handle *h, uint64_t id)
{
	struct file_handle *head = (struct file_handle *)h->bytes;

	head->handle_bytes = sizeof(id);
	head->handle_type = 1;
	memcpy(head->f_handle, &id, sizeof(id));
	return head;
}

/* Type, number and mount of a control group. */
static void handle_of(const char *arg)
{
	struct handle h;
	struct file_handle *head = handle_new(&h, 0);
	uint64_t id;
	int mount = 0;

	if (name_to_handle_at(AT_FDCWD, arg, head, &mount, 0) < 0) {
		print(-1);
		return;
	}
	memcpy(&id, head->f_handle, sizeof(id));
	printf("%#x %d %d\n", (unsigned)head->handle_type, (int)id, mount);
}

/* What the group of number @second is called in the mount @arg. */
static void by_handle(const char *arg)
{
	struct handle h;
	int mount = open(arg, O_RDONLY | O_DIRECTORY);
	int fd = open_by_handle_at(mount, handle_new(&h, (uint64_t)atoi(second)), O_RDONLY);
	char link[64], text[256] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (fd < 0 || readlink(link, text, sizeof(text) - 1) < 0)
		print(-1);
	else
		puts(text);
}

static void open2(const char *arg)
{
	struct open_how how = {.flags = O_RDONLY};
	char text[64] = "";
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, arg, &how, sizeof(how));

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		print(-1);
	else
		printf("%s", text);
}

/* Directory descriptors: open one of /proc, then work relative to it. */
static void relative(const char *arg)
{
	int dir = open("/proc", O_RDONLY | O_DIRECTORY);
	char link[64] = "";
	struct statx x;
	int fd = openat(dir, arg, O_RDONLY | O_DIRECTORY);

	if (fd < 0 || readlinkat(fd, "3", link, sizeof(link) - 1) < 0 ||
	    statx(fd, "3", 0, STATX_BASIC_STATS, &x) < 0 || faccessat(fd, "3", R_OK, 0) < 0)
		print(-1);
	else
		printf("%s %llu\n", link, (unsigned long long)x.stx_ino);
}

/* Twice the first word of one open file, with a short sleep between. */
static void again(const char *arg)
{
	int fd = open(arg, O_RDONLY);
	long before, after;
	char text[64] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return print(-1);
	before = atol(text);
	nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	time(NULL); /* as free does: the first look after the sleep is at something else */
	if (lseek(fd, 0, SEEK_SET) != 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return print(-1);
	after = atol(text);
	printf("%ld %ld\n", before, after);
}

/* Inode number of a file after a maps file was opened: "MAPS PATH". */
static void named(const char *arg)
{
	struct stat st;

	if (open(arg, O_RDONLY) < 0 || stat(second, &st) < 0)
		print(-1);
	else
		print((long)st.st_ino);
}

static void *read_many(void *arg)
{
	char text[256];
	long failed = 0;

	for (int i = 0; i < 200; i++) {
		int fd = open(i % 2 ? "/proc/300/stat" : "/proc/self/stat", O_RDONLY);

		failed += fd < 0 || read(fd, text, sizeof(text)) < 10;
		close(fd);
	}
	return (void *)(failed + 0 * (long)arg);
}

static void threads(const char *arg)
{
	pthread_t ids[8];
	void *failed;
	long sum = 0;

	(void)arg;
	for (int i = 0; i < 8; i++)
		pthread_create(&ids[i], NULL, read_many, NULL);
	for (int i = 0; i < 8; i++) {
		pthread_join(ids[i], &failed);
		sum += (long)failed;
	}
	print(sum);
}

/* A path in unmapped memory, and one that is too long. */
static void bad_paths(const char *arg)
{
	static char path[8192];

	(void)arg;
	print(open((const char *)16, O_RDONLY));
	memset(path, 'x', sizeof(path) - 1);
	print(open(path, O_RDONLY));
	print(openat(77, "proc", O_RDONLY));
	print(stat("", (struct stat[]){{0}}));
}

static const struct {
	const char *name;
	void (*run)(const char *arg);
} probes[] = {
	{"clocks", clocks},     {"memory", memory},       {"policy", policy},
	{"priority", priority}, {"session", session},     {"limits", limits},
	{"pidfd", pidfd},       {"netlink", netlink},     {"uring", uring},
	{"disk", disk},         {"openat2", open2},       {"relative", relative},
	{"threads", threads},   {"bad-paths", bad_paths}, {"attributes", attributes},
	{"nice", nice_of},	{"ioprio", io_priority},  {"log", log_text},
	{"host", host_name},
	{"again", again},       {"named", named},         {"processes", processes},
	{"interval", interval}, {"socket", socket_device},
	{"handle", handle_of},  {"by-handle", by_handle},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(probes) / sizeof(probes[0]); i++)
		if (strcmp(argv[1], probes[i].name) == 0) {
			second = argc > 3 ? argv[3] : "";
			probes[i].run(argc > 2 ? argv[2] : "");
			return 0;
		}
	return 2;
}
