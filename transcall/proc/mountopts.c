/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mount options by file system. Input: attacker-controlled. */
#include "transcall/proc/mountopts_kinds.h"

#include <inttypes.h>
#include <linux/magic.h>

#include "transcall/proc/reader.h"

#define VALUE_ESCAPE       ", \t\n\\"
#define NAME_ESCAPE        VALUE_ESCAPE "="
#define PAGE_KB            4
#define TMPFS_MODE_DEFAULT 01777u
#define RAMFS_MODE_DEFAULT 0755u
#define PTYS_MAX           (1u << 20) /* NR_UNIX98_PTY_MAX */

void mountopts_print(const char *name, const char *value, FILE *out)
{
	fputc(',', out);
	reader_mangle(out, name, NAME_ESCAPE);
	if (!value)
		return;
	fputc('=', out);
	reader_mangle(out, value, VALUE_ESCAPE);
}

const struct err *mountopts_id(const struct kernel *k, gva_t info, enum field_id id,
			       const char *name, FILE *out)
{
	uint64_t v;

	TRY(kfield_uint(k, info, id, &v));
	if (v)
		fprintf(out, ",%s=%" PRIu64, name, v);
	return NULL;
}

static const struct err *tmpfs_size(const struct kernel *k, gva_t info, FILE *out)
{
	uint64_t blocks, inodes, mode, pages;

	TRY(kfield_uint(k, info, F_shmem_sb_info_max_blocks, &blocks));
	TRY(kfield_uint(k, info, F_shmem_sb_info_max_inodes, &inodes));
	TRY(kfield_uint(k, info, F_shmem_sb_info_mode, &mode));
	TRY(kread_u64(k, kernel_symbol(k, S__totalram_pages), &pages));
	if (blocks != pages / 2) /* shmem_default_max_blocks() */
		fprintf(out, ",size=%" PRIu64 "k", blocks * PAGE_KB);
	if (inodes != pages / 2)
		fprintf(out, ",nr_inodes=%" PRIu64, inodes);
	if (mode != TMPFS_MODE_DEFAULT)
		fprintf(out, ",mode=%03o", (unsigned)mode & 0xffff);
	return NULL;
}

static const char *huge_name(int64_t huge)
{
	static const char *const names[] = {"deny", NULL, "always", "within_size", "advise"};

	if (huge == -2)
		return "force";
	return huge >= -1 && huge <= 3 ? names[huge + 1] : NULL;
}

static const struct err *tmpfs_policy(const struct kernel *k, gva_t info, FILE *out)
{
	uint64_t full_inums, noswap = 0;
	const char *name;
	int64_t huge;
	gva_t mpol;

	TRY(kfield_uint(k, info, F_shmem_sb_info_full_inums, &full_inums));
	TRY(kfield_int(k, info, F_shmem_sb_info_huge, &huge));
	TRY(kfield_ptr(k, info, F_shmem_sb_info_mpol, &mpol));
	/* inode32 is shown with CONFIG_TMPFS_INODE64, which memory does not tell: Debian's
	 * since 5.12 */
	if (full_inums || reader_kernel_has_idmaps(k))
		fprintf(out, ",inode%d", full_inums ? 64 : 32);
	name = (int8_t)huge ? huge_name((int8_t)huge) : NULL;
	if (name)
		fprintf(out, ",huge=%s", name);
	if (!gva_is_null(mpol))
		fputs(",mpol=<not-available>", out);
	if (profile_has(k->profile, F_shmem_sb_info_noswap))
		TRY(kfield_uint(k, info, F_shmem_sb_info_noswap, &noswap));
	if (noswap)
		fputs(",noswap", out);
	return NULL;
}

static const struct err *tmpfs_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	TRY(tmpfs_size(k, m->info, out));
	TRY(mountopts_id(k, m->info, F_shmem_sb_info_uid, "uid", out));
	TRY(mountopts_id(k, m->info, F_shmem_sb_info_gid, "gid", out));
	return tmpfs_policy(k, m->info, out);
}

static const struct err *proc_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	static const char *const hidepid[] = {NULL, "noaccess", "invisible", NULL, "ptraceable"};
	uint64_t hide, pidonly;

	TRY(mountopts_id(k, m->info, F_proc_fs_info_pid_gid, "gid", out));
	TRY(kfield_uint(k, m->info, F_proc_fs_info_hide_pid, &hide));
	TRY(kfield_uint(k, m->info, F_proc_fs_info_pidonly, &pidonly));
	if (hide)
		fprintf(out, ",hidepid=%s", hide < 5 && hidepid[hide] ? hidepid[hide] : "unknown");
	if (pidonly)
		fputs(",subset=pid", out);
	return NULL;
}

static const struct err *devpts_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	uint64_t setuid, setgid, uid, gid, mode, ptmxmode;
	int64_t max;

	TRY(kfield_uint(k, m->info, F_pts_fs_info_setuid, &setuid));
	TRY(kfield_uint(k, m->info, F_pts_fs_info_setgid, &setgid));
	TRY(kfield_uint(k, m->info, F_pts_fs_info_uid, &uid));
	TRY(kfield_uint(k, m->info, F_pts_fs_info_gid, &gid));
	TRY(kfield_uint(k, m->info, F_pts_fs_info_mode, &mode));
	TRY(kfield_uint(k, m->info, F_pts_fs_info_ptmxmode, &ptmxmode));
	TRY(kfield_int(k, m->info, F_pts_fs_info_max, &max));
	if (setuid)
		fprintf(out, ",uid=%" PRIu64, uid);
	if (setgid)
		fprintf(out, ",gid=%" PRIu64, gid);
	fprintf(out, ",mode=%03" PRIo64 ",ptmxmode=%03" PRIo64, mode, ptmxmode);
	if (max < (int64_t)PTYS_MAX)
		fprintf(out, ",max=%" PRId64, max);
	return NULL;
}

static const struct err *ramfs_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	uint64_t mode;

	TRY(kfield_uint(k, m->info, F_ramfs_fs_info_mode, &mode));
	if (mode != RAMFS_MODE_DEFAULT)
		fprintf(out, ",mode=%" PRIo64, mode);
	return NULL;
}

static const struct err *no_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	(void)k, (void)m, (void)out;
	return NULL;
}

static const struct {
	uint64_t magic;
	mountopts_fn *render;
} kinds[] = {
	{TMPFS_MAGIC, tmpfs_options},
	{PROC_SUPER_MAGIC, proc_options},
	{DEVPTS_SUPER_MAGIC, devpts_options},
	{RAMFS_MAGIC, ramfs_options},
	{CGROUP2_SUPER_MAGIC, cgroup2_options},
	{CGROUP_SUPER_MAGIC, cgroup1_options},
	{SYSFS_MAGIC, no_options},
	{EXT4_SUPER_MAGIC, ext4_options},
	{DEBUGFS_MAGIC, debugfs_options},
	{TRACEFS_MAGIC, tracefs_options},
	{HUGETLBFS_MAGIC, hugetlbfs_options},
	{BPF_FS_MAGIC, bpf_options},
	{AUTOFS_SUPER_MAGIC, autofs_options},
	{PSTOREFS_MAGIC, pstore_options},
};

const struct err *mountopts_common(const struct kernel *k, gva_t sb, FILE *out)
{
	static const struct {
		uint64_t flag; /* SB_* */
		const char *text;
	} options[] = {{1u << 4, ",sync"},
		       {1u << 7, ",dirsync"},
		       {1u << 6, ",mand"},
		       {1u << 25, ",lazytime"}};

	uint64_t flags;

	TRY(kfield_uint(k, sb, F_super_block_flags, &flags));
	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (flags & options[i].flag)
			fputs(options[i].text, out);
	return NULL;
}

const struct err *mountopts_own(const struct kernel *k, gva_t sb, FILE *out)
{
	struct mounted m = {.sb = sb};
	gva_t op, show;
	uint64_t magic;

	TRY(kfield_ptr(k, sb, F_super_block_op, &op));
	TRY(kfield_ptr(k, op, F_super_operations_show_options, &show));
	if (gva_is_null(show))
		return NULL;
	TRY(kfield_uint(k, sb, F_super_block_magic, &magic));
	TRY(kfield_ptr(k, sb, F_super_block_fs_info, &m.info));
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].magic == magic)
			return kinds[i].render(k, &m, out);
	fputs(MOUNTOPTS_UNKNOWN, out);
	return NULL;
}
