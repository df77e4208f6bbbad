/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks and partitions. Input: attacker-controlled. */
#include "transcall/kobj/disk.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "transcall/kobj/xarray.h"

#define MINOR_BITS   20   /* include/linux/kdev_t.h */
#define BD_PARTNO    0xff /* enum of __bd_flags (include/linux/blk_types.h) */
#define BD_READ_ONLY 0x100u
#define GD_READ_ONLY (1u << 1) /* gendisk.state (include/linux/blkdev.h) */

/* Until 5.18 macros (include/linux/genhd.h), later an enum of other numbers. */
#define OLD_FL_REMOVABLE     0x0001u
#define OLD_FL_SUPPRESS_INFO 0x0020u
#define OLD_FL_EXT_DEVT      0x0040u
#define OLD_FL_HIDDEN        0x0400u
#define FL_REMOVABLE         0x0001u /* of both */

static bool has_hd_struct(const struct kernel *k)
{
	return profile_has(k->profile, F_hd_struct_partno);
}

/* --- disks ------------------------------------------------------------------------------------ */

/* The gendisk whose device this is. */
static const struct err *disk_of_device(const struct kernel *k, gva_t device, gva_t *ret)
{
	gva_t part = kfield_container(k, device, F_part_device);

	if (!has_hd_struct(k))
		return kfield_ptr(k, part, F_block_device_disk, ret);
	*ret = kfield_container(k, part, F_gendisk_part0);
	return NULL;
}

/* The struct of the whole disk. */
static const struct err *part0_of(const struct kernel *k, gva_t disk, gva_t *ret)
{
	*ret = kfield_at(k, disk, F_gendisk_part0);
	return has_hd_struct(k) ? NULL : kread_ptr(k, *ret, ret);
}

/* Does show_partition() show it? */
static const struct err *is_listed(const struct kernel *k, gva_t disk, bool *ret)
{
	const struct enumerator *hidden = &k->profile->enumerators[E_GENHD_FL_HIDDEN];
	uint64_t flags, minors, sectors;
	gva_t part0;

	TRY(part0_of(k, disk, &part0));
	TRY(kfield_uint(k, disk, F_gendisk_flags, &flags));
	TRY(kfield_uint(k, disk, F_gendisk_minors, &minors));
	TRY(kfield_uint(k, part0, F_part_sectors, &sectors));
	*ret = sectors != 0;
	if (hidden->present)
		*ret = *ret && !(flags & (uint64_t)hidden->value);
	else if (flags & OLD_FL_SUPPRESS_INFO)
		*ret = false;
	else if (!minors && !(flags & OLD_FL_EXT_DEVT) && flags & OLD_FL_REMOVABLE)
		*ret = false;
	return NULL;
}

const struct err *disk_iter_init(struct list_iter *it, const struct kernel *k)
{
	return class_devices_init(it, k, S_block_class);
}

const struct err *disk_iter_next(struct list_iter *it, const struct kernel *k, struct disk *ret)
{
	gva_t device, type;

	do {
		ret->at = gva(0);
		TRY(class_devices_next(it, k, &device));
		if (gva_is_null(device))
			return NULL;
		TRY(kfield_ptr(k, device, F_device_type, &type));
	} while (!gva_equal(type, kernel_symbol(k, S_disk_type)));
	TRY(disk_of_device(k, device, &ret->at));
	TRY(kfield_str(k, ret->at, F_gendisk_disk_name, ret->name, sizeof(ret->name)));
	return is_listed(k, ret->at, &ret->is_listed);
}

/* --- partitions ------------------------------------------------------------------------------- */

static const struct err *array_next(const struct kernel *k, gva_t disk, uint64_t *index, gva_t *ret)
{
	uint64_t count;
	gva_t table;

	*ret = gva(0);
	TRY(kfield_ptr(k, disk, F_gendisk_part_tbl, &table));
	TRY(kfield_uint(k, table, F_disk_part_tbl_len, &count));
	table = kfield_at(k, table, F_disk_part_tbl_part);
	for (; *index < count && *index < DISK_PARTS_MAX; ++*index) {
		TRY(kread_ptr(k, gva_add(table, 8 * *index), ret));
		if (!gva_is_null(*ret))
			return NULL;
	}
	return NULL;
}

/* A table of pointers in 5.10, later an XArray. */
static const struct err *part_at(const struct kernel *k, gva_t disk, uint64_t *index, gva_t *ret)
{
	uint64_t head, entry;

	if (has_hd_struct(k))
		return array_next(k, disk, index, ret);
	TRY(kfield_uint(k, disk, F_gendisk_part_head, &head));
	TRY(xarray_next(k, head, index, &entry));
	*ret = gva(*index < DISK_PARTS_MAX ? entry : 0);
	return NULL;
}

const struct err *disk_part_read(const struct kernel *k, gva_t at, struct disk_part *ret)
{
	uint64_t device, number;

	ret->at = at;
	TRY(kfield_uint(k, at, F_part_dev, &device));
	TRY(kfield_uint(k, at, F_part_number, &number));
	ret->major = (uint32_t)device >> MINOR_BITS;
	ret->minor = (uint32_t)device & ((1u << MINOR_BITS) - 1);
	ret->number = number & BD_PARTNO;
	return kfield_uint(k, at, F_part_sectors, &ret->sectors);
}

const struct err *disk_part_next(const struct kernel *k, const struct disk *disk, uint64_t *index,
				 struct disk_part *ret)
{
	for (;; ++*index) {
		TRY(part_at(k, disk->at, index, &ret->at));
		if (gva_is_null(ret->at))
			return NULL;
		TRY(disk_part_read(k, ret->at, ret));
		if (!ret->number || ret->sectors)
			return NULL;
	}
}

void disk_part_name(const struct disk *disk, const struct disk_part *part, char *ret,
		    size_t size_bytes)
{
	size_t len = strlen(disk->name);
	bool digit = len && isdigit((unsigned char)disk->name[len - 1]);

	if (part->number)
		snprintf(ret, size_bytes, "%s%s%u", disk->name, digit ? "p" : "", part->number);
	else
		snprintf(ret, size_bytes, "%s", disk->name);
}

/* --- what is said of one ---------------------------------------------------------------------- */

const struct err *disk_of_part(const struct kernel *k, gva_t at, gva_t *ret)
{
	gva_t device = kfield_at(k, at, F_part_device), parent, type;

	TRY(kfield_ptr(k, device, F_device_type, &type));
	if (has_hd_struct(k) && !gva_equal(type, kernel_symbol(k, S_disk_type))) {
		TRY(kfield_ptr(k, device, F_device_parent, &parent));
		device = parent;
	}
	return disk_of_device(k, device, ret);
}

/* A flag of its own until 6.9, then one of several. */
static const struct err *is_marked_readonly(const struct kernel *k, gva_t part, bool *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, part, F_part_readonly, &v));
	*ret = profile_has(k->profile, F_block_device_flags) ? (v & BD_READ_ONLY) != 0 : v != 0;
	return NULL;
}

/* In 5.10 a partition's mark counts alone. */
const struct err *disk_is_readonly(const struct kernel *k, gva_t part, bool *ret)
{
	uint64_t state;
	gva_t disk, part0;

	TRY(is_marked_readonly(k, part, ret));
	if (*ret || has_hd_struct(k))
		return NULL;
	TRY(disk_of_part(k, part, &disk));
	TRY(part0_of(k, disk, &part0));
	TRY(is_marked_readonly(k, part0, ret));
	TRY(kfield_uint(k, disk, F_gendisk_state, &state));
	*ret |= (state & GD_READ_ONLY) != 0;
	return NULL;
}

const struct err *disk_traits(const struct kernel *k, gva_t part, bool *ret_removable,
			      bool *ret_hidden)
{
	const struct enumerator *hidden = &k->profile->enumerators[E_GENHD_FL_HIDDEN];
	uint64_t flags;
	gva_t disk;

	TRY(disk_of_part(k, part, &disk));
	TRY(kfield_uint(k, disk, F_gendisk_flags, &flags));
	*ret_removable = flags & FL_REMOVABLE;
	*ret_hidden = flags & (hidden->present ? (uint64_t)hidden->value : OLD_FL_HIDDEN);
	return NULL;
}
