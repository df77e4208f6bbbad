/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows - tree.def as a table, and the functions that its rows name.
 *
 * What a row's function may do: read the kernel of @view, never more. It is run again after RACE
 * (tree.c takes the new snapshot first and finds the node anew), so it keeps nothing.
 */
#ifndef TC_PROC_ROWS_H
#define TC_PROC_ROWS_H

#include "transcall/proc/tree.h"

/* Content of a file, appended to @out. */
typedef const struct err *proc_render_fn(struct proc_view *view, const struct proc_node *node,
					 FILE *out);
/* Children that are not rows, in the guest's order; stop when @emit returns false. */
typedef const struct err *proc_list_fn(struct proc_view *view, const struct proc_node *dir,
				       proc_emit emit, void *context);
/**
 * Find the child @ret->name of @dir.
 * @ret: in: @dir's task, tgid, tid, object; the name; the row. out: what differs for the child
 * Return: NULL; ABSENT: no such child; FAULT, RACE, fatal.
 */
typedef const struct err *proc_find_fn(struct proc_view *view, const struct proc_node *dir,
				       struct proc_node *ret);
/* Text of a link, NUL-terminated, cut to @size_bytes - 1. */
typedef const struct err *proc_readlink_fn(struct proc_view *view, const struct proc_node *node,
					   char *ret, size_t size_bytes);
/* stat_target: stat() through a magic link. attr: @ret is prefilled with the defaults. */
typedef const struct err *proc_stat_fn(struct proc_view *view, const struct proc_node *node,
				       struct stat *ret);
/* Does this guest's kernel have the row? */
typedef bool proc_present_fn(const struct proc_view *view);

/* Does this directory have its rows, or is it empty? */
typedef const struct err *proc_children_fn(struct proc_view *view, const struct proc_node *dir,
					   bool *ret);

/* The directory's struct proc_dir_entry, by whose children what is below it exists; null: by rows.
 */
typedef const struct err *proc_top_fn(struct proc_view *view, const struct proc_node *dir,
				      gva_t *ret);

struct proc_entry {
	const char *path; /* the pattern */
	enum node_kind kind;
	mode_t mode;                    /* type and permissions */
	proc_children_fn *has_children; /* NULL: always */
	proc_top_fn *top;               /* NULL: as the directory that it is in has it */
	proc_list_fn *list;
	proc_find_fn *find;
	proc_render_fn *render;
	proc_readlink_fn *readlink;
	proc_stat_fn *stat_target;
	proc_stat_fn *attr;
	proc_present_fn *present; /* NULL: always */
	const char *unavailable;  /* why the content cannot be rebuilt; else NULL */
	bool branch;              /* it stands for all that is below it, too */
	bool lines; /* the content is a list: what can be read of it is worth showing */
};

/* The row of "/". */
const struct proc_entry *proc_rows_root(void);

/* Child row number @index of the directory row @dir, in order; NULL when there are no more. */
const struct proc_entry *proc_rows_child(const struct proc_entry *dir, unsigned index);

/* The child row of that very name, and the one that stands for what find() accepts; NULL: none. */
const struct proc_entry *proc_rows_named(const struct proc_entry *dir, const char *name);
const struct proc_entry *proc_rows_pattern(const struct proc_entry *dir);

/* Last component of the row's pattern; does it stand for what find() accepts? */
const char *proc_row_name(const struct proc_entry *row);
bool proc_row_is_pattern(const struct proc_entry *row);
/* Does the row belong to a process or thread? */
bool proc_row_of_task(const struct proc_entry *row);

/**
 * proc_rows_check() - is tree.def well-formed?
 * Return: NULL, or the path of a row that has no directory row before it, or is there twice.
 */
const char *proc_rows_check(void);

#endif
