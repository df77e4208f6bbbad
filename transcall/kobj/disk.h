/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk - disks, their partitions and what was read and written (block/genhd.c).
 *
 * A partition, and as number 0 the whole disk, is a struct hd_struct in 5.10, later a struct
 * block_device: "part" in the profile.
 */
#ifndef TC_KOBJ_DISK_H
#define TC_KOBJ_DISK_H

#include "transcall/kobj/class.h"

#define DISK_NAME_BYTES  32
#define DISK_PARTS_MAX   4096
#define DISK_STAT_GROUPS 4 /* read, write, discard, flush (enum stat_group) */

struct disk {
	gva_t at; /* struct gendisk; null: the end */
	char name[DISK_NAME_BYTES];
	bool is_listed; /* in /proc/partitions */
};

struct disk_part {
	gva_t at; /* null: no more */
	uint32_t major, minor;
	uint32_t number; /* 0: the whole disk */
	uint64_t sectors;
};

struct disk_stats {
	uint64_t ios[DISK_STAT_GROUPS], merges[DISK_STAT_GROUPS], sectors[DISK_STAT_GROUPS],
		nsecs[DISK_STAT_GROUPS];
	uint64_t busy_jiffies;
	uint32_t in_flight;
};

MUST_CHECK const struct err *disk_iter_init(struct list_iter *it, const struct kernel *k);
MUST_CHECK const struct err *disk_iter_next(struct list_iter *it, const struct kernel *k,
					    struct disk *ret);

/**
 * disk_part_next() - the first partition at or after *@index, the whole disk being the first; empty
 * ones are left out, except the whole disk
 * @index: in, out: where it is
 */
MUST_CHECK const struct err *disk_part_next(const struct kernel *k, const struct disk *disk,
					    uint64_t *index, struct disk_part *ret);

/* One partition, or the whole disk, by its struct. */
MUST_CHECK const struct err *disk_part_read(const struct kernel *k, gva_t at,
					    struct disk_part *ret);

/* The gendisk that it is of. */
MUST_CHECK const struct err *disk_of_part(const struct kernel *k, gva_t at, gva_t *ret);

/* bdev_read_only(), and what the flags of the disk of a partition say. */
MUST_CHECK const struct err *disk_is_readonly(const struct kernel *k, gva_t part, bool *ret);
MUST_CHECK const struct err *disk_traits(const struct kernel *k, gva_t part, bool *ret_removable,
					 bool *ret_hidden);

/* bdev_name(): "vda1", "nvme0n1p1" */
void disk_part_name(const struct disk *disk, const struct disk_part *part, char *ret,
		    size_t size_bytes);

MUST_CHECK const struct err *disk_stats_read(const struct kernel *k, const struct disk *disk,
					     const struct disk_part *part, struct disk_stats *ret);

#endif
