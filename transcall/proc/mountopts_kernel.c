/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount options of file systems in which the kernel shows itself: show_options of fs/debugfs,
 * fs/tracefs, fs/hugetlbfs, fs/pstore, fs/autofs (each inode.c) and kernel/bpf/inode.c.
 * Input: attacker-controlled.
 */
#include "transcall/proc/mountopts_kinds.h"

#include <inttypes.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/pid.h"

#define DEBUGFS_MODE   0700u /* DEBUGFS_DEFAULT_MODE, TRACEFS_DEFAULT_MODE */
#define HUGETLBFS_MODE 0755u
#define BPF_MODE       0777u  /* without S_ISVTX */
#define PSTORE_BYTES   10240u /* CONFIG_PSTORE_DEFAULT_KMSG_BYTES */
#define AUTOFS_STRICT  0x0002u
#define AUTOFS_IGNORE  0x0004u
#define PAGE_KB        UINT64_C(4)
#define ORDER_MAX      40u

static const struct err *unknown(FILE *out)
{
	fputs(MOUNTOPTS_UNKNOWN, out);
	return NULL;
}

static const struct err *mode_option(const struct kernel *k, gva_t info, enum field_id id,
				     uint64_t usual, FILE *out)
{
	uint64_t mode;

	TRY(kfield_uint(k, info, id, &mode));
	if (mode != usual)
		fprintf(out, ",mode=%" PRIo64, mode);
	return NULL;
}

const struct err *debugfs_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	if (!profile_has(k->profile, F_debugfs_fs_info_mode))
		return unknown(out);
	TRY(mountopts_id(k, m->info, F_debugfs_fs_info_uid, "uid", out));
	TRY(mountopts_id(k, m->info, F_debugfs_fs_info_gid, "gid", out));
	return mode_option(k, m->info, F_debugfs_fs_info_mode, DEBUGFS_MODE, out);
}

const struct err *tracefs_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	if (!profile_has(k->profile, F_tracefs_fs_info_mode))
		return unknown(out);
	TRY(mountopts_id(k, m->info, F_tracefs_fs_info_uid, "uid", out));
	TRY(mountopts_id(k, m->info, F_tracefs_fs_info_gid, "gid", out));
	return mode_option(k, m->info, F_tracefs_fs_info_mode, DEBUGFS_MODE, out);
}

/* --- hugetlbfs ------------------------------------------------------------------------------- */

/* A limit in pages of @page_kb; -1: none. */
static const struct err *limit_option(const struct kernel *k, gva_t pool, enum field_id id,
				      uint64_t page_kb, const char *name, FILE *out)
{
	int64_t pages;

	TRY(kfield_int(k, pool, id, &pages));
	if (pages != -1)
		fprintf(out, ",%s=%" PRIu64, name, (uint64_t)pages * page_kb * 1024);
	return NULL;
}

static const struct err *pool_options(const struct kernel *k, gva_t info, FILE *out)
{
	uint64_t order, page_kb;
	gva_t hstate, pool;

	TRY(kfield_ptr(k, info, F_hugetlbfs_sb_info_hstate, &hstate));
	TRY(kfield_uint(k, hstate, F_hstate_order, &order));
	if (order > ORDER_MAX)
		return ERR_AT(ERR_RACE, hstate.v, "a huge page of order %" PRIu64, order);
	page_kb = PAGE_KB << order;
	fprintf(out, ",pagesize=%" PRIu64 "%c", page_kb < 1024 ? page_kb : page_kb / 1024,
		page_kb < 1024 ? 'K' : 'M');
	TRY(kfield_ptr(k, info, F_hugetlbfs_sb_info_spool, &pool));
	if (gva_is_null(pool))
		return NULL;
	TRY(limit_option(k, pool, F_hugepage_subpool_max, page_kb, "size", out));
	return limit_option(k, pool, F_hugepage_subpool_min, page_kb, "min_size", out);
}

const struct err *hugetlbfs_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	int64_t inodes;

	if (!profile_has(k->profile, F_hugetlbfs_sb_info_spool))
		return unknown(out);
	TRY(mountopts_id(k, m->info, F_hugetlbfs_sb_info_uid, "uid", out));
	TRY(mountopts_id(k, m->info, F_hugetlbfs_sb_info_gid, "gid", out));
	TRY(mode_option(k, m->info, F_hugetlbfs_sb_info_mode, HUGETLBFS_MODE, out));
	TRY(kfield_int(k, m->info, F_hugetlbfs_sb_info_max_inodes, &inodes));
	if (inodes != -1)
		fprintf(out, ",nr_inodes=%" PRId64, inodes);
	return pool_options(k, m->info, out);
}

/* --- bpf, autofs, pstore -----------------------------------------------------------------------
 */

static const struct err *root_stat(const struct kernel *k, gva_t sb, struct stat *ret)
{
	gva_t root, inode;

	TRY(kfield_ptr(k, sb, F_super_block_root, &root));
	TRY(inode_of_dentry(k, root, &inode));
	return inode_stat(k, inode, ret);
}

static void ids_print(const struct stat *root, FILE *out)
{
	if (root->st_uid)
		fprintf(out, ",uid=%u", root->st_uid);
	if (root->st_gid)
		fprintf(out, ",gid=%u", root->st_gid);
}

/* What is delegated is shown by names of the kernel's own types: that it is, is said. */
static const struct err *delegation(const struct kernel *k, gva_t info, FILE *out)
{
	static const enum field_id masks[] = {F_bpf_mount_opts_cmds, F_bpf_mount_opts_maps,
					      F_bpf_mount_opts_progs, F_bpf_mount_opts_attachs};
	uint64_t mask, all = 0;

	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		TRY(kfield_uint(k, info, masks[i], &mask));
		all |= mask;
	}
	return all ? unknown(out) : NULL;
}

const struct err *bpf_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	bool has_ids = profile_has(k->profile, F_bpf_mount_opts_cmds);
	struct stat root;

	TRY(root_stat(k, m->sb, &root));
	if (has_ids)
		ids_print(&root, out);
	if ((root.st_mode & 06777) != BPF_MODE)
		fprintf(out, ",mode=%o", root.st_mode & 06777);
	return has_ids ? delegation(k, m->info, out) : NULL;
}

static const struct err *pipe_print(const struct kernel *k, gva_t info, FILE *out)
{
	gva_t pipe, inode;
	uint64_t number;

	TRY(kfield_ptr(k, info, F_autofs_sb_info_pipe, &pipe));
	if (gva_is_null(pipe)) {
		fputs(",pipe_ino=-1", out);
		return NULL;
	}
	TRY(kfield_ptr(k, pipe, F_file_inode, &inode));
	TRY(inode_number(k, inode, &number));
	fprintf(out, ",pipe_ino=%" PRIu64, number);
	return NULL;
}

/* The group's number is that of the first pid namespace, also for who looks from another. */
static const struct err *daemon_print(const struct kernel *k, gva_t sb, gva_t info, FILE *out)
{
	struct pid_numbers group;
	struct stat root;
	int64_t fd;
	gva_t pid;

	TRY(root_stat(k, sb, &root));
	TRY(kfield_int(k, info, F_autofs_sb_info_pipefd, &fd));
	TRY(kfield_ptr(k, info, F_autofs_sb_info_pgrp, &pid));
	TRY(pid_read_numbers(k, pid, &group));
	fprintf(out, ",fd=%" PRId64, fd);
	ids_print(&root, out);
	fprintf(out, ",pgrp=%d", group.number[0]);
	return NULL;
}

static const char *autofs_type(uint64_t type)
{
	return type == 4 ? "offset" : type == 2 ? "direct" : "indirect"; /* AUTOFS_TYPE_* */
}

const struct err *autofs_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	uint64_t timeout, type, flags;
	int64_t min, max;

	if (!profile_has(k->profile, F_autofs_sb_info_type))
		return unknown(out);
	TRY(daemon_print(k, m->sb, m->info, out));
	TRY(kfield_uint(k, m->info, F_autofs_sb_info_timeout, &timeout));
	TRY(kfield_int(k, m->info, F_autofs_sb_info_min_proto, &min));
	TRY(kfield_int(k, m->info, F_autofs_sb_info_max_proto, &max));
	TRY(kfield_uint(k, m->info, F_autofs_sb_info_type, &type));
	TRY(kfield_uint(k, m->info, F_autofs_sb_info_flags, &flags));
	fprintf(out, ",timeout=%" PRIu64 ",minproto=%" PRId64 ",maxproto=%" PRId64 ",%s",
		timeout / k->hz, min, max, autofs_type(type));
	if (flags & AUTOFS_STRICT)
		fputs(",strictexpire", out);
	if (flags & AUTOFS_IGNORE)
		fputs(",ignore", out);
	return pipe_print(k, m->info, out);
}

const struct err *pstore_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	gva_t at = kernel_symbol(k, S_kmsg_bytes);
	uint32_t bytes;

	(void)m;
	if (gva_is_null(at))
		return unknown(out);
	TRY(kread_u32(k, at, &bytes));
	if (bytes != PSTORE_BYTES)
		fprintf(out, ",kmsg_bytes=%u", bytes);
	return NULL;
}
