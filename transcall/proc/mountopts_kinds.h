/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountopts_kinds - options of single file systems. */
#ifndef TC_PROC_MOUNTOPTS_KINDS_H
#define TC_PROC_MOUNTOPTS_KINDS_H

#include "transcall/proc/mountopts.h"

/* A file system: struct super_block, and what its kind keeps in s_fs_info. */
struct mounted {
	gva_t sb, info;
};
typedef const struct err *mountopts_fn(const struct kernel *k, const struct mounted *m, FILE *out);

mountopts_fn cgroup1_options, cgroup2_options, ext4_options;
mountopts_fn debugfs_options, tracefs_options, hugetlbfs_options, bpf_options, autofs_options;
mountopts_fn pstore_options;

/* An option whose value is a kernel id in the initial user namespace; not shown when 0. */
MUST_CHECK const struct err *mountopts_id(const struct kernel *k, gva_t info, enum field_id id,
					  const char *name, FILE *out);

/* seq_show_option(): ",name=value", escaped; @value may be null. */
void mountopts_print(const char *name, const char *value, FILE *out);

#endif
