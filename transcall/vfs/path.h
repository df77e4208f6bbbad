/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path - paths as text: joining, tidying, prefixes. No file system is asked. */
#ifndef TC_VFS_PATH_H
#define TC_VFS_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * path_join() - @base and @path as one absolute path without "//", "." and trailing "/"
 * @base: absolute, or NULL when @path is
 * @ret:  PATH_MAX bytes; ".." stays in it (see path_has_parent())
 *
 * Return: false when it does not fit.
 */
bool path_join(const char *base, const char *path, char *ret);

/* Whether a joined path still has a ".." component. */
bool path_has_parent(const char *path);

/* Drop the last component; "/" stays "/". */
void path_pop(char *path);

/* Append "/" and @name (@len bytes); false when it does not fit into PATH_MAX. */
bool path_push(char *path, const char *name, size_t len);

/* Last component. */
const char *path_name(const char *path);

/* @path is @prefix or lies below it; then *ret is what follows ("" or "/..."). */
bool path_under(const char *path, const char *prefix, const char **ret);

/* A decimal number without leading zero at the start of @text; 0 and *ret == text when none. */
uint32_t path_number(const char *text, const char **ret);

#endif
