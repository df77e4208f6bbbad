// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arguments - the command lines of all processes, one a line: "PID TEXT", NUL shown as a blank.
 * Statically linked, to be run in a guest and outside, so that it is the same program.
 *
 *   arguments          as /proc/PID/cmdline has them
 *   arguments --cold   the same as whoever cannot load pages must show it: what /proc/PID/pagemap
 * says is not present, is "<not in memory>". It is looked at before any of these files is read,
 * since reading one loads pages, of others too. On stderr: how many pages, of how many processes.
 *
 * Leaves out itself, the processes above it but for pid 1, and who has no arguments.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE          4096u
#define TEXT_MAX      (1u << 20)
#define PROCESSES_MAX 32768
#define ANCESTORS_MAX 16
#define PRESENT       (UINT64_C(1) << 63) /* Documentation/admin-guide/mm/pagemap.rst */
#define MARK          "<not in memory>"

struct process {
	char pid[24];
	uint64_t start;    /* of its arguments */
	uint64_t *entries; /* of pagemap, or NULL */
	size_t pages;
};

static char text[TEXT_MAX];
static struct process processes[PROCESSES_MAX];
static size_t process_count;
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

/* Entry @i is that of the page at (start / PAGE + i) * PAGE. */
static void find_pages(struct process *p)
{
	uint64_t end;
	size_t size, absent = 0;

	if (!argument_range(p->pid, &p->start, &end))
		return;
	p->pages = (size_t)((end - 1) / PAGE - p->start / PAGE + 1);
	size = p->pages * sizeof(p->entries[0]);
	p->entries = malloc(size);
	if (!p->entries)
		err(1, "malloc");
	if (read_file(p->pid, "pagemap", p->entries, size,
		      (off_t)(p->start / PAGE * sizeof(p->entries[0]))) != (ssize_t)size)
		p->pages = 0; /* it has ended */
	for (size_t i = 0; i < p->pages; i++)
		absent += !(p->entries[i] & PRESENT);
	absent_pages += absent;
	absent_processes += absent != 0;
}

static void put(char c)
{
	putchar(c == '\0' || c == '\n' ? ' ' : c);
}

static void show(const struct process *p)
{
	ssize_t len = read_file(p->pid, "cmdline", text, sizeof(text), 0);
	bool marked = false;

	if (len <= 0)
		return;
	printf("%s ", p->pid);
	for (size_t i = 0; i < (size_t)len; i++) {
		size_t page = (size_t)((p->start + i) / PAGE - p->start / PAGE);
		bool absent = page < p->pages && !(p->entries[page] & PRESENT);

		if (!absent)
			put(text[i]);
		else if (!marked)
			fputs(MARK, stdout);
		marked = absent;
	}
	putchar('\n');
}

static pid_t parent_of(pid_t child)
{
	char pid[24], stat[2048], *at;
	int parent = 0;
	ssize_t n;

	snprintf(pid, sizeof(pid), "%d", child);
	n = read_file(pid, "stat", stat, sizeof(stat) - 1, 0);
	if (n <= 0)
		return 0;
	stat[n] = '\0';
	at = strrchr(stat, ')');
	return at && sscanf(at, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* The processes between us and pid 1 are there because we are. */
static bool is_observer(long pid)
{
	pid_t above = getpid();

	for (unsigned i = 0; i < ANCESTORS_MAX && above > 1; i++) {
		if (above == pid)
			return true;
		above = i ? parent_of(above) : getppid();
	}
	return false;
}

static void list(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		err(1, "/proc");
	while (process_count < PROCESSES_MAX && (entry = readdir(proc))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 && !is_observer(pid))
			snprintf(processes[process_count++].pid, sizeof(processes[0].pid), "%ld",
				 pid);
	}
	closedir(proc);
}

int main(int argc, char **argv)
{
	bool cold = argc == 2 && strcmp(argv[1], "--cold") == 0;

	if (argc > 1 && !cold)
		errx(2, "usage: arguments [--cold]");
	list();
	for (size_t i = 0; cold && i < process_count; i++)
		find_pages(&processes[i]);
	for (size_t i = 0; i < process_count; i++)
		show(&processes[i]);
	if (cold)
		fprintf(stderr, "%lu pages of %lu processes\n", absent_pages, absent_processes);
	return 0;
}
