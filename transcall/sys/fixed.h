/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixed - files with a fixed text of ours (OURS in paths.def). There is one file of each, so that
 * what stat() and fstat() say of it agrees: by that the C library sees that it did not change.
 */
#ifndef TC_SYS_FIXED_H
#define TC_SYS_FIXED_H

#define FIXED_FILES_MAX 4 /* rows of that kind */

struct sys;

/* An own descriptor of the file with @text, to be kept open; -1 and errno. */
int fixed_file(struct sys *s, const char *path, const char *text);

void fixed_deinit(struct sys *s);

#endif
