/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File systems made by hand. */
#include "tests/unit/kobj/fake_fs.h"

#include <string.h>

#define OBJECT_BYTES 512
#define MINOR_BITS   20

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_path_mnt, 0, 8},          {F_path_dentry, 8, 8},
	{F_dentry_hash_pprev, 8, 8}, {F_dentry_parent, 16, 8},
	{F_dentry_name_len, 28, 4},  {F_dentry_name_text, 32, 8},
	{F_dentry_inode, 40, 8},     {F_dentry_op, 48, 8},
	{F_dentry_sb, 56, 8},        {F_dentry_operations_d_dname, 24, 8},
	{F_vfsmount_root, 0, 8},     {F_vfsmount_sb, 8, 8},
	{F_vfsmount_flags, 16, 4},   {F_mount_mnt, 32, 24},
	{F_mount_parent, 16, 8},     {F_mount_mountpoint, 24, 8},
	{F_mount_devname, 64, 8},    {F_mount_id, 72, 4},
	{F_mount_group_id, 76, 4},   {F_mount_share, 80, 16},
	{F_mount_master, 96, 8},     {F_mount_ns, 104, 8},
	{F_mount_list, 112, 16},     {F_super_block_dev, 0, 4},
	{F_super_block_flags, 8, 8}, {F_super_block_magic, 16, 8},
	{F_super_block_fs_info, 24, 8}, {F_super_block_user_ns, 32, 8},
	{F_inode_mode, 0, 2},        {F_inode_uid, 4, 4},
	{F_inode_gid, 8, 4},         {F_inode_sb, 16, 8},
	{F_inode_ino, 24, 8},        {F_inode_nlink, 32, 4},
	{F_inode_rdev, 36, 4},       {F_inode_size, 40, 8},
	{F_inode_atime_sec, 48, 8},  {F_inode_atime_nsec, 56, 4},
	{F_inode_mtime_sec, 64, 8},  {F_inode_mtime_nsec, 72, 4},
	{F_inode_ctime_sec, 80, 8},  {F_inode_ctime_nsec, 88, 4},
	{F_inode_blkbits, 92, 1},    {F_inode_blocks, 96, 8},
	{F_inode_op, 104, 8},        {F_inode_private, 112, 8},
	{F_inode_flctx, 120, 8},     {F_inode_operations_getattr, 0, 8},
};

void fake_fs_init(struct fake_guest *g)
{
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(g, members[i].id, members[i].offset, members[i].size);
	g->p.sizes[SIZE_inode] = 128;
}

gva_t fake_inode(struct fake_guest *g, gva_t sb, uint64_t ino, unsigned mode)
{
	gva_t inode = fake_alloc(g, OBJECT_BYTES, 8);

	fake_set(g, inode, F_inode_sb, sb.v);
	fake_set(g, inode, F_inode_ino, ino);
	fake_set(g, inode, F_inode_mode, mode);
	fake_set(g, inode, F_inode_op, fake_alloc(g, 64, 8).v);
	return inode;
}

gva_t fake_dentry(struct fake_guest *g, gva_t parent, gva_t sb, const char *name, gva_t inode)
{
	gva_t dentry = fake_alloc(g, OBJECT_BYTES, 8);

	fake_set(g, dentry, F_dentry_parent, gva_is_null(parent) ? dentry.v : parent.v);
	fake_set(g, dentry, F_dentry_name_len, strlen(name));
	fake_set(g, dentry, F_dentry_name_text, fake_str(g, name).v);
	fake_set(g, dentry, F_dentry_sb, sb.v);
	fake_set(g, dentry, F_dentry_inode, inode.v);
	fake_set(g, dentry, F_dentry_hash_pprev, dentry.v);
	return dentry;
}

void fake_unlink(struct fake_guest *g, gva_t dentry)
{
	fake_set(g, dentry, F_dentry_hash_pprev, 0);
}

void fake_dname(struct fake_guest *g, gva_t dentry)
{
	gva_t op = fake_alloc(g, 64, 8);

	fake_set(g, op, F_dentry_operations_d_dname, 1);
	fake_set(g, dentry, F_dentry_op, op.v);
}

gva_t fake_sb(struct fake_guest *g, uint64_t magic, unsigned major, unsigned minor)
{
	gva_t sb = fake_alloc(g, OBJECT_BYTES, 8);

	fake_set(g, sb, F_super_block_magic, magic);
	fake_set(g, sb, F_super_block_dev, major << MINOR_BITS | minor);
	fake_set(g, sb, F_super_block_fs_info,
		 fake_dentry(g, gva(0), sb, "/", fake_inode(g, sb, 1, 0040755)).v);
	return sb;
}

gva_t fake_sb_root(struct fake_guest *g, gva_t sb)
{
	gva_t root;

	memcpy(&root.v,
	       g->bytes + (sb.v + g->p.fields[F_super_block_fs_info].offset_bytes - FAKE_BASE), 8);
	return root;
}

gva_t fake_mount_of(struct fake_guest *g, gva_t vfsmount)
{
	return gva_sub(vfsmount, g->p.fields[F_mount_mnt].offset_bytes);
}

gva_t fake_mount(struct fake_guest *g, gva_t sb, gva_t parent, gva_t point, unsigned id)
{
	gva_t mount = fake_alloc(g, OBJECT_BYTES, 8);
	gva_t mnt = gva_add(mount, g->p.fields[F_mount_mnt].offset_bytes);

	fake_set(g, mnt, F_vfsmount_root, fake_sb_root(g, sb).v);
	fake_set(g, mnt, F_vfsmount_sb, sb.v);
	fake_set(g, mount, F_mount_parent,
		 gva_is_null(parent) ? mount.v : fake_mount_of(g, parent).v);
	fake_set(g, mount, F_mount_mountpoint, point.v);
	fake_set(g, mount, F_mount_id, id);
	fake_list(g, gva_add(mount, g->p.fields[F_mount_share].offset_bytes));
	return mnt;
}
