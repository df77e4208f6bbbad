// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arguments - the command lines of all processes, one a line: "PID TEXT", NUL shown as a blank.
 * Statically linked, to be run in a guest and outside, so that it is the same program.
 *
 *   arguments          as /proc/PID/cmdline has them
 *   arguments --cold   the same as whoever cannot load pages must show it: what /proc/PID/pagemap says
 *                      is not present, is "<not in memory>". It is looked at before the file is read, since
 *                      reading it loads it. On stderr: how many pages, of how many processes.
 *
 * Leaves out itself and, unless that is pid 1, its parent.
 */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE      4096u
#define TEXT_MAX  (1u << 20)
#define PAGES_MAX (TEXT_MAX / PAGE + 2)
#define PRESENT   (UINT64_C(1) << 63) /* Documentation/admin-guide/mm/pagemap.rst */
#define MARK      "<not in memory>"

static char text[TEXT_MAX];
static uint64_t entries[PAGES_MAX];
static unsigned long absent_pages, absent_processes;

static ssize_t read_file(const char *pid, const char *name, void *into, size_t size, off_t at)
{
	char path[300];
	ssize_t n, all = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while ((n = pread(fd, (char *)into + all, size - (size_t)all, at + all)) > 0)
		all += n;
	close(fd);
	return all;
}

/* Fields 48 and 49 of stat, proc(5). */
static bool argument_range(const char *pid, uint64_t *start, uint64_t *end)
{
	char stat[2048], *at;
	ssize_t n = read_file(pid, "stat", stat, sizeof(stat) - 1, 0);

	if (n <= 0)
		return false;
	stat[n] = '\0';
	at = strrchr(stat, ')');
	for (unsigned field = 2; at && field < 48; field++)
		at = strchr(at + 1, ' ');
	return at && sscanf(at, "%" SCNu64 " %" SCNu64, start, end) == 2 && *end > *start &&
	       *end - *start < TEXT_MAX;
}

/* The range's pages: page @i is that of address (start / PAGE + i) * PAGE. Returns how many. */
static size_t pages_of(const char *pid, uint64_t start, uint64_t end)
{
	size_t count = (size_t)((end - 1) / PAGE - start / PAGE + 1), absent = 0;
	ssize_t n = read_file(pid, "pagemap", entries, count * sizeof(entries[0]),
			      (off_t)(start / PAGE * sizeof(entries[0])));

	if (n != (ssize_t)(count * sizeof(entries[0])))
		return 0;
	for (size_t i = 0; i < count; i++)
		absent += !(entries[i] & PRESENT);
	absent_pages += absent;
	absent_processes += absent != 0;
	return count;
}

static void put(char c)
{
	putchar(c == '\0' || c == '\n' ? ' ' : c);
}

/* @pages is 0 when all is to be shown. */
static void put_text(uint64_t start, size_t len, size_t pages)
{
	bool marked = false;

	for (size_t i = 0; i < len; i++) {
		size_t page = (size_t)((start + i) / PAGE - start / PAGE);
		bool absent = page < pages && !(entries[page] & PRESENT);

		if (!absent)
			put(text[i]);
		else if (!marked)
			fputs(MARK, stdout);
		marked = absent;
	}
	putchar('\n');
}

static void show(const char *pid, bool cold)
{
	uint64_t start = 0, end = 0;
	size_t pages = 0;
	ssize_t len;

	if (cold && argument_range(pid, &start, &end))
		pages = pages_of(pid, start, end);
	len = read_file(pid, "cmdline", text, sizeof(text), 0);
	if (len < 0)
		return;
	printf("%s ", pid);
	put_text(start, (size_t)len, pages);
}

int main(int argc, char **argv)
{
	bool cold = argc == 2 && strcmp(argv[1], "--cold") == 0;
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc || argc > 2)
		errx(2, "usage: arguments [--cold]");
	while ((entry = readdir(proc))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (isdigit((unsigned char)entry->d_name[0]) && pid != getpid() &&
		    (pid != getppid() || pid == 1))
			show(entry->d_name, cold);
	}
	closedir(proc);
	if (cold)
		fprintf(stderr, "%lu pages of %lu processes\n", absent_pages, absent_processes);
	return 0;
}
