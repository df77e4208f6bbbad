/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/diskstats and partitions (block/genhd.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/disk.h"
#include "transcall/proc/view.h"

#define NAME_BYTES    (DISK_NAME_BYTES + 16)
#define NSEC_PER_MSEC 1000000

enum { READ, WRITE, DISCARD, FLUSH };

typedef const struct err *part_fn(struct proc_view *view, const struct disk *disk,
				  const struct disk_part *part, FILE *out);

static const struct err *parts_each(struct proc_view *view, const struct disk *disk, part_fn *print,
				    FILE *out)
{
	struct disk_part part;

	for (uint64_t index = 0;; index++) {
		TRY(disk_part_next(view->kernel, disk, &index, &part));
		if (gva_is_null(part.at))
			return NULL;
		TRY(print(view, disk, &part, out));
	}
}

/* @listed: only disks that /proc/partitions has */
static const struct err *disks_each(struct proc_view *view, bool listed, part_fn *print, FILE *out)
{
	struct list_iter it;
	struct disk disk;

	TRY(disk_iter_init(&it, view->kernel));
	for (;;) {
		long start = ftell(out);
		const struct err *e = disk_iter_next(&it, view->kernel, &disk);

		if (!e && gva_is_null(disk.at))
			return NULL;
		if (!e && (disk.is_listed || !listed))
			e = parts_each(view, &disk, print, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

/* --- diskstats -------------------------------------------------------------------------------- */

static uint32_t msecs(uint64_t nsecs)
{
	return (uint32_t)(nsecs / NSEC_PER_MSEC);
}

static void group_print(const struct disk_stats *s, int group, FILE *out)
{
	fprintf(out, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu32, s->ios[group],
		s->merges[group], s->sectors[group], msecs(s->nsecs[group]));
}

static const struct err *stats_print(struct proc_view *view, const struct disk *disk,
				     const struct disk_part *part, FILE *out)
{
	struct disk_stats s;
	char name[NAME_BYTES];

	TRY(disk_stats_read(view->kernel, disk, part, &s));
	disk_part_name(disk, part, name, sizeof(name));
	fprintf(out, "%4" PRIu32 " %7" PRIu32 " %s", part->major, part->minor, name);
	group_print(&s, READ, out);
	group_print(&s, WRITE, out);
	fprintf(out, " %" PRIu32 " %" PRIu32 " %" PRIu32, s.in_flight,
		(uint32_t)(s.busy_jiffies * 1000 / view->kernel->hz),
		msecs(s.nsecs[READ] + s.nsecs[WRITE] + s.nsecs[DISCARD] + s.nsecs[FLUSH]));
	group_print(&s, DISCARD, out);
	fprintf(out, " %" PRIu64 " %" PRIu32 "\n", s.ios[FLUSH], msecs(s.nsecs[FLUSH]));
	return NULL;
}

const struct err *root_diskstats(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return disks_each(view, false, stats_print, out);
}

/* --- partitions ------------------------------------------------------------------------------- */

static const struct err *part_print(struct proc_view *view, const struct disk *disk,
				    const struct disk_part *part, FILE *out)
{
	char name[NAME_BYTES];

	(void)view;
	disk_part_name(disk, part, name, sizeof(name));
	if (part->sectors)
		fprintf(out, "%4" PRIu32 "  %7" PRIu32 " %10" PRIu64 " %s\n", part->major,
			part->minor, part->sectors >> 1, name);
	return NULL;
}

/* The header comes before the first disk. */
const struct err *root_partitions(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct list_iter it;
	struct disk first;

	(void)node;
	TRY(disk_iter_init(&it, view->kernel));
	TRY(disk_iter_next(&it, view->kernel, &first));
	if (!gva_is_null(first.at))
		fputs("major minor  #blocks  name\n\n", out);
	return disks_each(view, true, part_print, out);
}
