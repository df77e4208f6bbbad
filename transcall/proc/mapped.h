/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mapped - the files that the text of /proc/PID/maps names. */
#ifndef TC_PROC_MAPPED_H
#define TC_PROC_MAPPED_H

#include <stdbool.h>
#include <stddef.h>

/* A path, unescaped and without " (deleted)". Return false to stop. */
typedef bool (*mapped_emit)(void *context, const char *path);

/* Each mapped file of @text (@len_bytes), once for each of its runs of lines. */
void mapped_each(const char *text, size_t len_bytes, mapped_emit emit, void *context);

#endif
