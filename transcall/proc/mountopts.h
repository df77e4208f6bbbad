/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountopts - mount options as their file system prints them (super_operations.show_options). */
#ifndef TC_PROC_MOUNTOPTS_H
#define TC_PROC_MOUNTOPTS_H

#include "transcall/proc/tree.h"

/* Shown where a file system has options of its own that cannot be rebuilt. */
#define MOUNTOPTS_UNKNOWN ",<not-available>"

/* Options that all file systems have (show_sb_opts()): ",sync" and the like. */
MUST_CHECK const struct err *mountopts_common(const struct kernel *k, gva_t sb, FILE *out);

/* Options of the file system's own: ",size=64k,mode=755" and the like. */
MUST_CHECK const struct err *mountopts_own(const struct kernel *k, gva_t sb, FILE *out);

#endif
