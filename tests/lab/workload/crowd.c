// SPDX-License-Identifier: GPL-2.0-or-later
/* Many of the same: processes, or sockets. */
#include "actor.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static long process_count(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	long count = 0;

	while (dir && (entry = readdir(dir)))
		count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
	if (dir)
		closedir(dir);
	return count;
}

/* Fork one that does @run(@count), and reports "." when all is in place, else what is not. */
static int crowd_run(void (*run)(long count), long count)
{
	char words[256] = "";
	int fds[2];
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC)) {
		perror("pipe");
		return 1;
	}
	if (fork() == 0) {
		detach();
		status_fd = fds[1];
		run(count);
		dprintf(status_fd, ".");
		hold();
	}
	close(fds[1]);
	n = read(fds[0], words, sizeof(words) - 1);
	if (n == 1 && words[0] == '.')
		return 0;
	fprintf(stderr, "%s\n", n > 0 ? words : "no answer");
	return 1;
}

/* --- processes ---------------------------------------------------------------------------- */

static void fill(long sleepers)
{
	char limit[32];

	prctl(PR_SET_NAME, "lab-fill");
	snprintf(limit, sizeof(limit), "%ld", sleepers * 2 + 4096);
	write_file("/proc/sys/kernel/threads-max", limit);
	for (long i = 0; i < sleepers; i++)
		if (CHECK(fork()) == 0)
			hold();
}

int fill_run(long count)
{
	long sleepers = count - process_count(); /* this process ends, the filler stays */

	if (sleepers < 0) {
		fprintf(stderr, "there are more than %ld processes already\n", count);
		return 1;
	}
	return crowd_run(fill, sleepers);
}

/* --- sockets ------------------------------------------------------------------------------ */

#define HOLDER_GROUPS 100 /* of a process: 1000 sockets, of the 1024 files that it may have */
#define GROUP_SOCKETS 10
#define PORT_FIRST    10000

/* An address of holder @holder's own in 127.0.0.0/8. */
static struct sockaddr_in address_of(long holder, long port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	at.sin_addr.s_addr = htonl((uint32_t)(0x7f010001 + (holder << 8)));
	return at;
}

static int bound(int type, const struct sockaddr_in *at)
{
	int fd = (int)CHECK(socket(AF_INET, type, 0));

	CHECK(bind(fd, (const struct sockaddr *)at, sizeof(*at)));
	return fd;
}

/* Two listen, two are connected, two are UDP, four are two Unix pairs. */
static void group_open(long holder, long group)
{
	struct sockaddr_in at;
	int listener, pair[2];

	for (long i = 0; i < 2; i++) {
		at = address_of(holder, PORT_FIRST + 2 * group + i);
		listener = bound(SOCK_STREAM, &at);
		CHECK(listen(listener, 4));
		bound(SOCK_DGRAM, &at);
		CHECK(socketpair(AF_UNIX, i ? SOCK_DGRAM : SOCK_STREAM, 0, pair));
	}
	int client = (int)CHECK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK(connect(client, (const struct sockaddr *)&at, sizeof(at)));
	CHECK(accept(listener, NULL, NULL));
}

NORETURN static void socket_holder(long holder, long groups)
{
	for (long i = 0; i < groups; i++)
		group_open(holder, i);
	hold();
}

/* Start a holder, and wait until it has its sockets; what it says instead is passed on. */
static void holder_start(long holder, long groups)
{
	char words[256];
	int fds[2];
	ssize_t n;

	CHECK(pipe2(fds, O_CLOEXEC));
	if (CHECK(fork()) == 0) {
		close(status_fd);
		close(fds[0]);
		status_fd = fds[1];
		socket_holder(holder, groups);
	}
	close(fds[1]);
	n = CHECK(read(fds[0], words, sizeof(words)));
	close(fds[0]);
	if (n == 0)
		return;
	dprintf(status_fd, "%.*s", (int)n, words);
	_exit(1);
}

static void sockets_open(long count)
{
	long groups = (count + GROUP_SOCKETS - 1) / GROUP_SOCKETS;

	prctl(PR_SET_NAME, "lab-sockets");
	for (long holder = 0; groups > 0; holder++, groups -= HOLDER_GROUPS)
		holder_start(holder, groups < HOLDER_GROUPS ? groups : HOLDER_GROUPS);
}

int sockets_run(long count)
{
	return crowd_run(sockets_open, count);
}
