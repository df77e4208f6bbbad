/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountopts_kinds - options of single file systems. */
#ifndef TC_PROC_MOUNTOPTS_KINDS_H
#define TC_PROC_MOUNTOPTS_KINDS_H

#include "transcall/proc/mountopts.h"

/* @info: super_block.s_fs_info */
typedef const struct err *mountopts_fn(const struct kernel *k, gva_t info, FILE *out);

mountopts_fn cgroup1_options, cgroup2_options, ext4_options;

/* seq_show_option(): ",name=value", escaped; @value may be null. */
void mountopts_print(const char *name, const char *value, FILE *out);

#endif
