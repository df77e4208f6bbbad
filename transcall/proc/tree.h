/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree - what the guest has at a path: /proc, and the few files of /sys, /dev and /etc that tools
 * need, rebuilt from kernel data. One table, tree.def, says what exists; each row names a renderer.
 *
 * How a tool gets the content is the business of vfs/ and trap/. Paths are absolute, canonical
 * (no ".", "..", "//", trailing "/"), and free of symbolic links except where said.
 */
#ifndef TC_PROC_TREE_H
#define TC_PROC_TREE_H

#include <stdio.h>
#include <sys/stat.h>

#include "transcall/kobj/kernel.h"
#include "transcall/kobj/settings.h"

/* Who looks, and at what. The tool appears as a root child of @reader. */
struct proc_view {
	struct kernel *kernel;
	gva_t reader; /* task_struct whose namespaces, root and mounts the tool sees (the guest's
			 pid 1) */
	gva_t pid_ns, user_ns; /* of @reader: in whose numbers pids and uids are shown */
	/* Called after RACE (a new snapshot replaced the frames): flush, take new registers. */
	MUST_CHECK const struct err *(*refresh)(struct proc_view *view);
	/* Were the frames replaced since the last refresh? NULL: after each RACE. */
	bool (*is_stale)(const struct proc_view *view);
	void *refresh_context;
	uint64_t epoch; /* changes with every snapshot: what was read before is of another moment */
	struct work work; /* what answers may cost; the kernel reads at its expense */
	/* Counted for the one line on stderr at the end of the run. */
	unsigned long unreadable; /* objects that could not be read (FAULT) */
	unsigned long absent;     /* user pages shown as <not in memory> */
	unsigned long races;
};

/* Does another try see something else? Only over a new snapshot. */
static inline bool proc_view_retries(const struct proc_view *view, const struct err *e)
{
	if (!e || err_is_fatal(e) || !view->refresh)
		return false;
	return view->is_stale ? view->is_stale(view) : e->kind == ERR_RACE;
}

enum node_kind {
	NODE_DIR = 1,
	NODE_FILE,
	NODE_SYMLINK, /* text only; follow by its text */
	NODE_MAGIC, /* /proc/PID/{fd/N,exe,cwd,root,ns/X}: text for readlink, an object for stat */
};

/**
 * proc_view_init() - a view of @kernel's processes as a child of @pid (of the initial pid
 * namespace)
 *
 * Return: NULL; ABSENT: no such process; FAULT; or a fatal kind.
 */
MUST_CHECK const struct err *proc_view_init(struct proc_view *view, struct kernel *kernel,
					    uint32_t pid);

struct proc_entry; /* a row of tree.def */

#define PROC_PATH_BYTES 256 /* of the longest path in the tree */

/* A place in the tree; plain value. */
struct proc_node {
	const struct proc_entry *entry;
	enum node_kind kind;
	gva_t task;       /* the process' or thread's task_struct; null above /proc/PID */
	gva_t object;     /* what the row needs further: a struct file, a vma ...; else null */
	gva_t registered; /* its struct proc_dir_entry, where it has one; else null */
	uint32_t tgid,
		tid; /* numbers as @reader sees them; tid 0: the process, not a row of task/TID */
	uint32_t number; /* fd number and the like */
	uint32_t mode;   /* permissions, where they differ from the row's; else 0 */
	char name[PROC_PATH_BYTES]; /* last component; of a BRANCH, all that PATH stands for */
	char path[PROC_PATH_BYTES];
};

/* A child of a directory. Return false to stop the listing. */
typedef bool (*proc_emit)(void *context, const char *name, enum node_kind kind);

/**
 * proc_lookup() - find @path
 * Return: NULL; ABSENT: the guest has nothing there; FAULT; or a fatal kind.
 */
MUST_CHECK const struct err *proc_lookup(struct proc_view *view, const char *path,
					 struct proc_node *ret);

/**
 * proc_node_of_task() - /proc/@number/@name of a task that no path leads to
 * @name: below /proc/PID; "": the directory itself
 *
 * For tasks that the IDR does not have. After RACE such a node is not found anew: ABSENT.
 */
MUST_CHECK const struct err *proc_node_of_task(struct proc_view *view, gva_t task, uint32_t number,
					       const char *name, struct proc_node *ret);

/*
 * Children of a directory in the order the guest's kernel lists them, without "." and "..". A name
 * that no directory can hold is left out and counted.
 */
MUST_CHECK const struct err *proc_list(struct proc_view *view, const struct proc_node *dir,
				       proc_emit emit, void *context);

/* lstat() of the node itself: type, mode, owner, size, times, inode number as the guest's. */
MUST_CHECK const struct err *proc_attr(struct proc_view *view, const struct proc_node *node,
				       struct stat *ret);

/*
 * Content of a NODE_FILE, appended to @out, which is to be memory (open_memstream()): what was
 * written over a snapshot that is replaced is taken back. On error what was written is to be
 * discarded. What could not be read of a file that is a list of lines, and of a directory, is left
 * out and counted.
 */
MUST_CHECK const struct err *proc_render(struct proc_view *view, const struct proc_node *node,
					 FILE *out);

/* Text of a NODE_SYMLINK or NODE_MAGIC, NUL-terminated, cut to @size_bytes - 1. */
MUST_CHECK const struct err *proc_readlink(struct proc_view *view, const struct proc_node *node,
					   char *ret, size_t size_bytes);

/* stat() through a NODE_MAGIC: the guest object's own inode. */
MUST_CHECK const struct err *proc_stat_target(struct proc_view *view, const struct proc_node *node,
					      struct stat *ret);

/**
 * proc_socket_protocol() - the protocol's name of the socket behind a NODE_MAGIC ("TCP", "UDPv6"),
 * which is what getxattr(2) of system.sockprotoname says; ABSENT: it is no socket
 */
MUST_CHECK const struct err *proc_socket_protocol(struct proc_view *view,
						  const struct proc_node *node, char *ret,
						  size_t size_bytes);

/* What was set for the process or thread of a node: limits, scheduling, I/O priority. */
MUST_CHECK const struct err *proc_settings(struct proc_view *view, const struct proc_node *node,
					   struct settings *ret);

#endif
