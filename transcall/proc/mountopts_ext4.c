/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount options of ext4 (_ext4_show_options(), fs/ext4/super.c), the same from 6.1 on where nothing
 * else is said. Numbers are of fs/ext4/ext4.h. Input: attacker-controlled.
 */
#include "transcall/proc/mountopts_kinds.h"

#include <inttypes.h>

#define NAME_BYTES      256
#define COMMIT_SECONDS  5 /* JBD2_DEFAULT_MAX_COMMIT_AGE */
#define BATCH_USECS     15000
#define READAHEAD       32
#define LI_WAIT         10
#define LINEAR_GROUPS   16 /* MB_DEFAULT_LINEAR_SCAN_THRESHOLD */
#define OPT_DATA        0xc00u
#define OPT_DAX_ALWAYS  0x200u
#define OPT_DATA_ABORT  0x10000000u
#define OPT_INIT_ITABLE 0x80000000u
#define OPT2_DAX_NEVER  0x20u
#define OPT2_DAX_INODE  0x40u
#define OPT2_SCAN       0x80u
#define FLAG_SHUTDOWN   (1u << 1)
#define FLAG_EMERGENCY  (1u << 3)
#define SB_INLINECRYPT  (1u << 17)

/* What of struct ext4_sb_info options are made of. */
struct ext4 {
	gva_t at, sb, disk; /* disk: struct ext4_super_block */
	uint64_t opt, opt2, def, def2;
};

static const struct {
	const char *name;
	uint32_t bits;
	bool set, second;
} options[] = {
#define SET(name_, bits_)   {name_, bits_, true, false},
#define CLEAR(name_, bits_) {name_, bits_, false, false},
#define SET_2(name_, bits_) {name_, bits_, true, true},
#include "transcall/proc/mountopts_ext4.def"
};

static void table_print(const struct ext4 *fs, FILE *out)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		uint64_t bits = options[i].bits, now = options[i].second ? fs->opt2 : fs->opt;
		uint64_t def = options[i].second ? fs->def2 : fs->def;

		if (((now ^ def) & bits) && (now & bits) == (options[i].set ? bits : 0))
			mountopts_print(options[i].name, NULL, out);
	}
}

/* ",name=NUMBER" where the member is not @usual. */
static const struct err *number_print(const struct kernel *k, const struct ext4 *fs,
				      enum field_id id, uint64_t usual, const char *name, FILE *out)
{
	uint64_t v;

	TRY(kfield_uint(k, fs->at, id, &v));
	if (v != usual)
		fprintf(out, ",%s=%" PRIu64, name, v);
	return NULL;
}

/* Who may use reserved blocks: root, if neither the mount nor the disk says else. */
static const struct err *reserved_print(const struct kernel *k, const struct ext4 *fs,
					enum field_id id, enum field_id disk_low,
					enum field_id disk_high, const char *name, FILE *out)
{
	uint64_t owner, low, high = 0;

	TRY(kfield_uint(k, fs->at, id, &owner));
	TRY(kfield_uint(k, fs->disk, disk_low, &low));
	if (profile_has(k->profile, disk_high))
		TRY(kfield_uint(k, fs->disk, disk_high, &high));
	if (owner || low || high)
		fprintf(out, ",%s=%" PRIu64, name, owner);
	return NULL;
}

static const struct err *errors_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	static const struct {
		uint32_t bit;
		uint64_t on_disk;
		const char *name;
	} kinds[] = {{0x20, 2, "remount-ro"}, {0x10, 1, "continue"}, {0x40, 3, "panic"}};
	uint64_t on_disk;

	TRY(kfield_uint(k, fs->disk, F_ext4_super_block_errors, &on_disk));
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (fs->opt & kinds[i].bit && on_disk != kinds[i].on_disk)
			mountopts_print("errors", kinds[i].name, out);
	return NULL;
}

static const struct err *times_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	uint64_t commit;

	TRY(kfield_uint(k, fs->at, F_ext4_sb_info_commit_interval, &commit));
	if (commit != COMMIT_SECONDS * k->hz)
		fprintf(out, ",commit=%" PRIu64, commit / k->hz);
	TRY(number_print(k, fs, F_ext4_sb_info_min_batch_time, 0, "min_batch_time", out));
	TRY(number_print(k, fs, F_ext4_sb_info_max_batch_time, BATCH_USECS, "max_batch_time", out));
	return number_print(k, fs, F_ext4_sb_info_stripe, 0, "stripe", out);
}

static const struct err *data_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	static const char *const modes[] = {NULL, "journal", "ordered", "writeback"};
	const char *mode = modes[(fs->opt & OPT_DATA) >> 10];

	if ((fs->opt ^ fs->def) & OPT_DATA && mode)
		mountopts_print("data", mode, out);
	TRY(number_print(k, fs, F_ext4_sb_info_readahead, READAHEAD, "inode_readahead_blks", out));
	if (fs->opt & OPT_INIT_ITABLE)
		TRY(number_print(k, fs, F_ext4_sb_info_li_wait_mult, LI_WAIT, "init_itable", out));
	TRY(number_print(k, fs, F_ext4_sb_info_max_dir_size_kb, 0, "max_dir_size_kb", out));
	if (fs->opt & OPT_DATA_ABORT)
		mountopts_print("data_err", "abort", out);
	return NULL;
}

/* What only developers ask for is not rebuilt. */
static const struct err *crypt_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	uint64_t flags;
	gva_t policy = gva(0);

	if (profile_has(k->profile, F_ext4_sb_info_dummy_policy))
		TRY(kfield_ptr(k, fs->at, F_ext4_sb_info_dummy_policy, &policy));
	if (!gva_is_null(policy))
		fputs(MOUNTOPTS_UNKNOWN, out);
	TRY(kfield_uint(k, fs->sb, F_super_block_flags, &flags));
	if (flags & SB_INLINECRYPT)
		mountopts_print("inlinecrypt", NULL, out);
	return NULL;
}

static const struct err *layout_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	uint64_t groups;

	if (fs->opt & OPT_DAX_ALWAYS)
		mountopts_print("dax", "always", out);
	else if (fs->opt2 & (OPT2_DAX_NEVER | OPT2_DAX_INODE))
		mountopts_print("dax", fs->opt2 & OPT2_DAX_NEVER ? "never" : "inode", out);
	TRY(kfield_uint(k, fs->at, F_ext4_sb_info_groups_count, &groups));
	if ((groups >= LINEAR_GROUPS) != !!(fs->opt2 & OPT2_SCAN))
		mountopts_print("mb_optimize_scan", fs->opt2 & OPT2_SCAN ? "1" : "0", out);
	return NULL;
}

/* Shown since 6.15. */
static const struct err *state_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	uint64_t flags;

	if (!profile_has(k->profile, F_ext4_super_block_def_resuid_hi))
		return NULL;
	TRY(kfield_uint(k, fs->at, F_ext4_sb_info_flags, &flags));
	if (flags & FLAG_EMERGENCY)
		mountopts_print("emergency_ro", NULL, out);
	if (flags & FLAG_SHUTDOWN)
		mountopts_print("shutdown", NULL, out);
	return NULL;
}

static const struct err *quota_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	static const char *const formats[] = {NULL, "vfsold", "vfsv0", "", "vfsv1"}; /* QFMT_* */
	static const char *const names[] = {"usrjquota", "grpjquota"};
	uint64_t format;

	TRY(kfield_uint(k, fs->at, F_ext4_sb_info_jquota_fmt, &format));
	if (format)
		mountopts_print("jqfmt", format <= 4 ? formats[format] : "", out);
	for (unsigned i = 0; i < 2; i++) {
		char name[NAME_BYTES];
		gva_t at;

		TRY(kread_ptr(k, gva_add(kfield_at(k, fs->at, F_ext4_sb_info_qf_names), 8 * i),
			      &at));
		if (gva_is_null(at))
			continue;
		TRY(kread_str(k, at, name, sizeof(name)));
		mountopts_print(names[i], name, out);
	}
	return NULL;
}

static const struct err *ext4_init(struct ext4 *fs, const struct kernel *k, gva_t info)
{
	fs->at = info;
	TRY(kfield_ptr(k, info, F_ext4_sb_info_sb, &fs->sb));
	TRY(kfield_ptr(k, info, F_ext4_sb_info_es, &fs->disk));
	TRY(kfield_uint(k, info, F_ext4_sb_info_mount_opt, &fs->opt));
	TRY(kfield_uint(k, info, F_ext4_sb_info_mount_opt2, &fs->opt2));
	TRY(kfield_uint(k, info, F_ext4_sb_info_def_mount_opt, &fs->def));
	return kfield_uint(k, info, F_ext4_sb_info_def_mount_opt2, &fs->def2);
}

static const struct err *options_print(const struct kernel *k, const struct ext4 *fs, FILE *out)
{
	TRY(number_print(k, fs, F_ext4_sb_info_sb_block, 1, "sb", out));
	table_print(fs, out);
	TRY(reserved_print(k, fs, F_ext4_sb_info_resuid, F_ext4_super_block_def_resuid,
			   F_ext4_super_block_def_resuid_hi, "resuid", out));
	TRY(reserved_print(k, fs, F_ext4_sb_info_resgid, F_ext4_super_block_def_resgid,
			   F_ext4_super_block_def_resgid_hi, "resgid", out));
	TRY(errors_print(k, fs, out));
	TRY(times_print(k, fs, out));
	TRY(data_print(k, fs, out));
	TRY(crypt_print(k, fs, out));
	TRY(layout_print(k, fs, out));
	TRY(state_print(k, fs, out));
	return quota_print(k, fs, out);
}

/* Nothing is known over a profile without the types of the module, or where this is ext2 itself. */
const struct err *ext4_options(const struct kernel *k, const struct mounted *m, FILE *out)
{
	struct ext4 fs = {0};
	gva_t of;

	if (!profile_has(k->profile, F_ext4_sb_info_def_mount_opt2)) {
		fputs(MOUNTOPTS_UNKNOWN, out);
		return NULL;
	}
	TRY(ext4_init(&fs, k, m->info));
	const struct err *e = kfield_ptr(k, fs.sb, F_super_block_fs_info, &of);
	if (e && e->kind != ERR_FAULT)
		return e;
	if (!e && gva_equal(of, m->info))
		return options_print(k, &fs, out);
	fputs(MOUNTOPTS_UNKNOWN, out);
	return NULL;
}
