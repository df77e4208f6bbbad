/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks in /sys, as lsblk reads them (block/genhd.c, block/partitions/core.c). Input:
 * attacker-controlled. */
#include "transcall/proc/sysfs_values.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/disk.h"

static const struct err *show_number(const struct kernel *k, gva_t part,
				     const struct sysfs_value *value, FILE *out)
{
	struct disk_part p;

	(void)value;
	TRY(disk_part_read(k, part, &p));
	fprintf(out, "%u:%u\n", p.major, p.minor);
	return NULL;
}

static const struct err *show_partition(const struct kernel *k, gva_t part,
					const struct sysfs_value *value, FILE *out)
{
	struct disk_part p;

	(void)value;
	TRY(disk_part_read(k, part, &p));
	fprintf(out, "%u\n", p.number);
	return NULL;
}

static const struct err *show_sectors(const struct kernel *k, gva_t part,
				      const struct sysfs_value *value, FILE *out)
{
	uint64_t sectors;

	TRY(kfield_uint(k, part, value->member, &sectors));
	fprintf(out, "%" PRIu64 "\n", sectors);
	return NULL;
}

static const struct err *show_readonly(const struct kernel *k, gva_t part,
				       const struct sysfs_value *value, FILE *out)
{
	bool readonly;

	(void)value;
	TRY(disk_is_readonly(k, part, &readonly));
	fprintf(out, "%d\n", readonly);
	return NULL;
}

static const struct err *show_removable(const struct kernel *k, gva_t part,
					const struct sysfs_value *value, FILE *out)
{
	bool removable, hidden;

	(void)value;
	TRY(disk_traits(k, part, &removable, &hidden));
	fprintf(out, "%d\n", removable);
	return NULL;
}

static const struct err *show_hidden(const struct kernel *k, gva_t part,
				     const struct sysfs_value *value, FILE *out)
{
	bool removable, hidden;

	(void)value;
	TRY(disk_traits(k, part, &removable, &hidden));
	fprintf(out, "%d\n", hidden);
	return NULL;
}

static const struct err *show_limit(const struct kernel *k, gva_t part,
				    const struct sysfs_value *value, FILE *out)
{
	uint64_t limit;
	gva_t disk, queue;

	TRY(disk_of_part(k, part, &disk));
	TRY(kfield_ptr(k, disk, F_gendisk_queue, &queue));
	TRY(kfield_uint(k, queue, value->member, &limit));
	fprintf(out, "%" PRIu64 "\n", limit);
	return NULL;
}

static const struct sysfs_value values[] = {
	{"dev", show_number, 0, 0},
	{"hidden", show_hidden, 0, 0},
	{"partition", show_partition, 0, 0},
	{"removable", show_removable, 0, 0},
	{"ro", show_readonly, 0, 0},
	{"size", show_sectors, F_part_sectors, 0},
	{"start", show_sectors, F_part_start, 0},
	{"queue/hw_sector_size", show_limit, F_request_queue_logical_block_size, 0},
	{"queue/logical_block_size", show_limit, F_request_queue_logical_block_size, 0},
	{"queue/minimum_io_size", show_limit, F_request_queue_io_min, 0},
	{"queue/optimal_io_size", show_limit, F_request_queue_io_opt, 0},
	{"queue/physical_block_size", show_limit, F_request_queue_physical_block_size, 0},
};

const struct sysfs_value *sysfs_block_value(const char *name)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].name, name) == 0)
			return &values[i];
	return NULL;
}
