/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The made-up guest's tree: proc/tree.h over two tables. */
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "tests/trap/fake.h"
#include "transcall/proc/tree.h"

unsigned fake_snapshots;

struct proc_entry {
	const char *path; /* under /proc/PID: after it */
	enum node_kind kind;
	const char *text; /* "%p" stands for the pid, "%n" the name, "%g" the parent, "%s" the snapshot */
};

static const struct proc_entry system_rows[] = {
	{"/", NODE_DIR, NULL},
	{"/dev", NODE_DIR, NULL},
	{"/dev/kmsg", NODE_FILE, "log"},
	{"/dev/pts", NODE_DIR, NULL},
	{"/dev/pts/77", NODE_FILE, NULL},
	{"/etc", NODE_DIR, NULL},
	{"/etc/passwd", NODE_FILE,
	 "root:x:0:0::/:/bin/sh\nmessage:x:105:105::/:/bin/sh\nada:x:1000:1000::/:/bin/sh\n"},
	{"/etc/group", NODE_FILE, "root:x:0:\n"},
	{"/sys", NODE_DIR, NULL},
	{"/sys/kernel", NODE_DIR, NULL},
	{"/sys/kernel/mark", NODE_FILE, "guest sys\n"},
	{"/proc", NODE_DIR, NULL},
	{"/proc/fs", NODE_DIR, NULL},
	{"/proc/fs/deep", NODE_DIR, NULL},
	{"/proc/fs/deep/file", NODE_FILE, "deep\n"},
	{"/proc/mounts", NODE_SYMLINK, "self/mounts"},
	{"/proc/net", NODE_SYMLINK, "self/net"},
	{"/proc/stat", NODE_FILE,
	 "cpu  10 0 20 3000 0 0 0 0 0 0\ncpu0 10 0 20 3000 0 0 0 0 0 0\nintr 1 0\nctxt 2\nbtime "
	 "1927598706\nprocesses 9\nprocs_running 1\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 "
	 "0\n"},
	{"/proc/meminfo", NODE_FILE,
	 "MemTotal:         777777 kB\nMemFree:          555555 kB\nMemAvailable:     600000 "
	 "kB\nBuffers:               1 kB\nCached:                2 kB\nSlab:                  3 "
	 "kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n"},
	{"/proc/cpuinfo", NODE_FILE, "processor\t: 0\n\n"},
	{"/proc/uptime", NODE_FILE, "259200.00 250000.00\n"},
	{"/proc/loadavg", NODE_FILE, "0.11 0.22 0.33 1/9 9999\n"},
	{"/proc/version", NODE_FILE, "Linux version 9.8.7-fake (nobody@nowhere) #1\n"},
	{"/proc/secret", NODE_FILE, "fatal"},
	{"/proc/broken", NODE_FILE, "fault"},
	{"/proc/snapshots", NODE_FILE, "snapshots"},
	{"/proc/sys", NODE_DIR, NULL},
	{"/proc/sys/kernel", NODE_DIR, NULL},
	{"/proc/sys/kernel/pid_max", NODE_FILE, "32768\n"},
	{"/proc/sys/kernel/osrelease", NODE_FILE, "9.8.7-fake\n"},
};

static const struct proc_entry process_rows[] = {
	{"", NODE_DIR, NULL},
	{"/task", NODE_DIR, NULL},
	{"/task/%p", NODE_DIR, NULL},
	{"/task/%p/stat", NODE_FILE,
	 "%p (%n) S %g 1 1 0 -1 4194560 1 0 0 0 3 4 0 0 20 0 1 0 500 1000000 10 "
	 "18446744073709551615\n"},
	{"/fd", NODE_DIR, NULL},
	{"/fd/0", NODE_MAGIC, "/dev/null"},
	{"/fd/3", NODE_MAGIC, "socket:[777]"},
	{"/fd/12", NODE_MAGIC, "/var/log/guest log"},
	{"/net", NODE_DIR, NULL},
	{"/net/tcp", NODE_FILE, "guest tcp table of %p\n"},
	{"/environ", NODE_FILE, "HOME=/\n"},
	{"/status", NODE_FILE,
	 "Name:\t%n\nUmask:\t0022\nState:\tS "
	 "(sleeping)\nTgid:\t%p\nPid:\t%p\nPPid:\t%g\nUid:\t%u\t%u\t%u\t%u\nGid:"
	 "\t0\t0\t0\t0\nThreads:\t1\nCpus_allowed:\t7\n"},
	{"/cmdline", NODE_FILE, "%c"},
	{"/stat", NODE_FILE,
	 "%p (%n) S %g 1 1 0 -1 4194560 1 0 0 0 3 4 0 0 25 5 1 0 500 1000000 10 "
	 "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 7 2 0 0 0\n"},
	{"/statm", NODE_FILE, "%s 1 1 1 0 1 0\n"},
	{"/cwd", NODE_MAGIC, "/"},
	{"/root", NODE_MAGIC, "/"},
	{"/exe", NODE_MAGIC, "/usr/bin/true"},
	{"/mounts", NODE_FILE, "guestfs / guestfs rw 0 0\n"},
	{"/mountinfo", NODE_FILE, "1 1 0:1 / / rw - guestfs guestfs rw\n"},
	{"/maps", NODE_FILE,
	 "1000-2000 r-xp 00000000 00:02 5151                       /usr/bin/env\n"},
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* @text with its % marks replaced. */
static void expand(const char *text, const struct fake_process *p, FILE *out)
{
	for (; *text; text++) {
		if (*text != '%' || !p) {
			putc(*text, out);
			continue;
		}
		switch (*++text) {
		case 'p':
			fprintf(out, "%u", p->pid);
			break;
		case 'g':
			fprintf(out, "%u", p->ppid);
			break;
		case 's':
			fprintf(out, "%u", fake_snapshots);
			break;
		case 'u':
			fprintf(out, "%u", p->uid);
			break;
		case 'n':
			fputs(p->name, out);
			break;
		case 'c':
			for (const char *c = p->cmdline; *c; c++)
				putc(*c == '|' ? 0 : *c, out);
			if (*p->cmdline)
				putc(0, out);
		}
	}
}

static void row_path(const struct proc_entry *row, uint32_t pid, char *ret, size_t size)
{
	FILE *out = fmemopen(ret, size, "w");
	const struct fake_process *p = pid ? fake_process(pid) : NULL;

	if (p)
		fprintf(out, "/proc/%u", pid);
	expand(row->path, p, out);
	putc(0, out);
	fclose(out);
}

static uint32_t pid_of(const char *path)
{
	return strncmp(path, "/proc/", 6) == 0 ? (uint32_t)strtoul(path + 6, NULL, 10) : 0;
}

const struct err *proc_lookup(struct proc_view *view, const char *path, struct proc_node *ret)
{
	uint32_t pid = pid_of(path);
	const struct proc_entry *rows = pid ? process_rows : system_rows;
	size_t count = pid ? COUNT(process_rows) : COUNT(system_rows);
	char name[256];

	(void)view;
	if (pid && (!fake_process(pid) || pid == FAKE_HIDDEN))
		return ERR(ERR_ABSENT, "no process %u", pid);
	for (size_t i = 0; i < count; i++) {
		row_path(&rows[i], pid, name, sizeof(name));
		if (strcmp(name, path) != 0)
			continue;
		*ret = (struct proc_node){.entry = &rows[i], .kind = rows[i].kind, .tgid = pid};
		snprintf(ret->name, sizeof(ret->name), "%s", strrchr(path, '/') + 1);
		return NULL;
	}
	return ERR(ERR_ABSENT, "no %s", path);
}

/* Children of @dir among @rows, in the tables' order. */
static void list_rows(const struct proc_node *dir, const struct proc_entry *rows, size_t count,
		      proc_emit emit, void *context)
{
	char above[256], name[256];

	row_path(dir->entry, dir->tgid, above, sizeof(above));
	for (size_t i = 0; i < count; i++) {
		char *slash;

		row_path(&rows[i], dir->tgid, name, sizeof(name));
		slash = strrchr(name, '/');
		if (!slash[1])
			continue;
		*slash = 0;
		if (strcmp(*name ? name : "/", above) == 0)
			emit(context, slash + 1, rows[i].kind);
	}
}

const struct err *proc_list(struct proc_view *view, const struct proc_node *dir, proc_emit emit,
			    void *context)
{
	const struct fake_process *p;
	char pid[16];

	(void)view;
	if (dir->tgid) {
		list_rows(dir, process_rows, COUNT(process_rows), emit, context);
		return NULL;
	}
	list_rows(dir, system_rows, COUNT(system_rows), emit, context);
	for (size_t i = 0; strcmp(dir->entry->path, "/proc") == 0 && (p = fake_process_at(i));
	     i++) {
		snprintf(pid, sizeof(pid), "%u", p->pid);
		emit(context, pid, NODE_DIR);
	}
	return NULL;
}

const struct err *proc_attr(struct proc_view *view, const struct proc_node *node, struct stat *ret)
{
	static const mode_t modes[] = {[NODE_DIR] = S_IFDIR | 0555,
				       [NODE_FILE] = S_IFREG | 0444,
				       [NODE_SYMLINK] = S_IFLNK | 0777,
				       [NODE_MAGIC] = S_IFLNK | 0700};
	const struct fake_process *p = node->tgid ? fake_process(node->tgid) : NULL;

	(void)view;
	*ret = (struct stat){.st_mode = modes[node->kind],
			     .st_uid = p ? p->uid : 0,
			     .st_nlink = 1,
			     .st_blksize = 1024,
			     .st_mtim.tv_sec = 1927598706};
	if (strcmp(node->entry->path, "/dev/pts/77") == 0) {
		ret->st_mode = S_IFCHR | 0620;
		ret->st_rdev = makedev(136, 77);
	}
	return NULL;
}

/* More than a pipe or a socket's queue holds. */
static void log_print(FILE *out)
{
	for (unsigned i = 0; i < 3000; i++)
		fprintf(out, "6,%u,%u000000,-;\\x09record %u\n SUBSYSTEM=fake\n", i, i, i);
}

const struct err *proc_render(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const char *text = node->entry->text;

	if (!text || strcmp(text, "fault") == 0) {
		view->unreadable++;
		return ERR(ERR_FAULT, "not mapped");
	}
	if (strcmp(text, "fatal") == 0)
		return ERR(ERR_INTEGRITY, "frame 0x1234: tag does not verify");
	if (strcmp(text, "snapshots") == 0)
		fprintf(out, "%u\n", fake_snapshots);
	else if (strcmp(text, "log") == 0)
		log_print(out);
	else
		expand(text, node->tgid ? fake_process(node->tgid) : NULL, out);
	return NULL;
}

const struct err *proc_readlink(struct proc_view *view, const struct proc_node *node, char *ret,
				size_t size_bytes)
{
	(void)view;
	snprintf(ret, size_bytes, "%s", node->entry->text);
	return NULL;
}

const struct err *proc_stat_target(struct proc_view *view, const struct proc_node *node,
				   struct stat *ret)
{
	(void)view;
	*ret = (struct stat){.st_mode = S_IFSOCK | 0777,
			     .st_ino = 777,
			     .st_dev = makedev(0, 9),
			     .st_size = 4321,
			     .st_nlink = 1,
			     .st_uid = fake_process(node->tgid)->uid};
	return NULL;
}

const struct err *proc_socket_protocol(struct proc_view *view, const struct proc_node *node,
				       char *ret, size_t size_bytes)
{
	(void)view;
	if (strncmp(node->entry->text, "socket:", 7) != 0)
		return ERR(ERR_ABSENT, "no socket");
	snprintf(ret, size_bytes, "FAKE");
	return NULL;
}

const struct err *proc_node_of_task(struct proc_view *view, gva_t task, uint32_t number,
				    const char *name, struct proc_node *ret)
{
	(void)view;
	(void)task;
	for (size_t i = 0; i < COUNT(process_rows); i++) {
		const char *path = process_rows[i].path;

		if (strcmp(path + (*path == '/'), name) != 0)
			continue;
		*ret = (struct proc_node){
			.entry = &process_rows[i], .kind = process_rows[i].kind, .tgid = number};
		return NULL;
	}
	return ERR(ERR_ABSENT, "no %s", name);
}
