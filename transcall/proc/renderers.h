/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * renderers - prototypes of every function that tree.def names; made from it. Include this where
 * one is defined.
 */
#ifndef TC_PROC_RENDERERS_H
#define TC_PROC_RENDERERS_H

#include "transcall/proc/rows.h"

#define DIR(path, mode)
#define DIR_OF(path, mode, list, find)                                                             \
	proc_list_fn list;                                                                         \
	proc_find_fn find;
#define DIR_ATTR(path, mode, list, find, attr)                                                     \
	proc_list_fn list;                                                                         \
	proc_find_fn find;                                                                         \
	proc_stat_fn attr;
#define TOP_IF(path, mode, has_children, top)                                                      \
	proc_children_fn has_children;                                                             \
	proc_top_fn top;
#define TOP_OF(path, mode, list, find, top)                                                        \
	proc_list_fn list;                                                                         \
	proc_find_fn find;                                                                         \
	proc_top_fn top;
#define FILE_(path, mode, render) proc_render_fn render;
#define LINES(path, mode, render) proc_render_fn render;
#define FILE_IF(path, mode, render, present)                                                       \
	proc_render_fn render;                                                                     \
	proc_present_fn present;
#define FILE_ATTR(path, mode, render, attr)                                                        \
	proc_render_fn render;                                                                     \
	proc_stat_fn attr;
#define SYMLINK(path, readlink) proc_readlink_fn readlink;
#define MAGIC(path, mode, readlink, stat_target)                                                   \
	proc_readlink_fn readlink;                                                                 \
	proc_stat_fn stat_target;
#define MAGIC_IF(path, mode, readlink, stat_target, present)                                       \
	proc_readlink_fn readlink;                                                                 \
	proc_stat_fn stat_target;                                                                  \
	proc_present_fn present;
#define DEVICE(path, mode, attr) proc_stat_fn attr;
#define BRANCH(path, list, find, render)                                                           \
	proc_list_fn list;                                                                         \
	proc_find_fn find;                                                                         \
	proc_render_fn render;
#define BRANCH_OF(path, list, find, render, readlink, attr)                                        \
	proc_list_fn list;                                                                         \
	proc_find_fn find;                                                                         \
	proc_render_fn render;                                                                     \
	proc_readlink_fn readlink;                                                                 \
	proc_stat_fn attr;
#define UNAVAILABLE(path, mode, reason)
#include "transcall/proc/tree.def"
#include "transcall/proc/tree_undef.h"

#endif
