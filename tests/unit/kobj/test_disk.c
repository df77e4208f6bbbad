/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/disk.h"

#include <string.h>

static struct fake_guest g;
static gva_t disk_at, whole, part, devices, node;

static gva_t new_part(uint32_t number, uint64_t sectors)
{
	gva_t at = fake_object(&g);

	fake_set(&g, at, F_part_number, number);
	fake_set(&g, at, F_part_dev, (UINT64_C(259) << 20) + number);
	fake_set(&g, at, F_part_sectors, sectors);
	fake_set(&g, at, F_block_device_disk, disk_at.v);
	return at;
}

/* The device of @of in the class of block devices. */
static void add_device(gva_t of)
{
	gva_t private = fake_object(&g);

	fake_set(&g, private, F_device_private_device, kfield_at(&g.k, of, F_part_device).v);
	fake_list_add(&g, devices, kfield_at(&g.k, private, F_device_private_class_node));
	node = private;
}

static void members(void)
{
	FAKE_MEMBERS(&g, {F_class_p, 8}, {F_subsys_private_devices, 16},
		     {F_device_private_class_node, 16}, {F_device_private_class_list, 8},
		     {F_device_private_device, 8});
	fake_field(&g, F_device_type, 8, 8);
	FAKE_MEMBERS(&g, {F_gendisk_disk_name, 32}, {F_gendisk_flags, 4}, {F_gendisk_minors, 4},
		     {F_gendisk_queue, 8}, {F_gendisk_part0, 8}, {F_gendisk_part_head, 8});
	FAKE_MEMBERS(&g, {F_part_number, 4}, {F_part_dev, 4}, {F_part_sectors, 8},
		     {F_part_stats, 8}, {F_part_stamp, 8}, {F_block_device_disk, 8},
		     {F_part_device, 64}, {F_block_device_flags, 4}, {F_part_readonly, 4},
		     {F_gendisk_state, 8});
	FAKE_MEMBERS(&g, {F_disk_stats_nsecs, 32}, {F_disk_stats_sectors, 32},
		     {F_disk_stats_ios, 32}, {F_disk_stats_merges, 32}, {F_disk_stats_io_ticks, 8},
		     {F_disk_stats_in_flight, 16});
	fake_field(&g, F_xa_node_shift, 0, 1);
	fake_field(&g, F_xa_node_slots, 24, 512);
	fake_enumerator(&g, E_GENHD_FL_HIDDEN, 2);
}

/* nvme0n1 with one partition and an empty one, in a kernel as of 6.10. */
static void set_up(void)
{
	gva_t table, subsys, type;

	fake_guest_init(&g);
	members();
	g.k.cpu_count = 2;
	g.k.percpu_base[1] = 1024;
	subsys = fake_object(&g);
	devices = kfield_at(&g.k, subsys, F_subsys_private_devices);
	fake_list(&g, devices);
	fake_set(&g, fake_symbol(&g, S_block_class, 256), F_class_p, subsys.v);
	type = fake_symbol(&g, S_disk_type, 8);
	disk_at = fake_object(&g);
	fake_write(&g, kfield_at(&g.k, disk_at, F_gendisk_disk_name), "nvme0n1", 8);
	whole = new_part(0, 131072);
	part = new_part(1, 2048);
	fake_set(&g, disk_at, F_gendisk_part0, whole.v);
	fake_set(&g, kfield_at(&g.k, whole, F_part_device), F_device_type, type.v);
	table = fake_alloc(&g, 544, 64);
	fake_u64(&g, gva_add(table, 24), whole.v);
	fake_u64(&g, gva_add(table, 24 + 8), new_part(2, 0).v);
	fake_u64(&g, gva_add(table, 24 + 8 * 5), part.v);
	fake_set(&g, disk_at, F_gendisk_part_head, table.v | 2);
	add_device(part); /* of another type */
	add_device(whole);
}

static const struct err *first(struct disk *ret)
{
	struct list_iter it;

	TRY(disk_iter_init(&it, &g.k));
	return disk_iter_next(&it, &g.k, ret);
}

TEST(disk, only_whole_disks_are_listed)
{
	struct list_iter it;
	struct disk d;

	set_up();
	CHECK_OK(disk_iter_init(&it, &g.k));
	CHECK_OK(disk_iter_next(&it, &g.k, &d));
	CU_ASSERT_STRING_EQUAL(d.name, "nvme0n1");
	CU_ASSERT_EQUAL(d.at.v, disk_at.v);
	CU_ASSERT(d.is_listed);
	CHECK_OK(disk_iter_next(&it, &g.k, &d));
	CU_ASSERT(gva_is_null(d.at));
	fake_set(&g, disk_at, F_gendisk_flags, 2);
	CHECK_OK(first(&d));
	CU_ASSERT(!d.is_listed);
	fake_set(&g, node, F_device_private_class_list, 1); /* being removed */
	CHECK_OK(first(&d));
	CU_ASSERT(gva_is_null(d.at));
}

TEST(disk, partitions_have_numbers_and_names_but_no_empty_ones)
{
	char name[64];
	struct disk_part p;
	uint64_t index = 0;
	struct disk d;

	set_up();
	CHECK_OK(first(&d));
	CHECK_OK(disk_part_next(&g.k, &d, &index, &p));
	disk_part_name(&d, &p, name, sizeof(name));
	CU_ASSERT_STRING_EQUAL(name, "nvme0n1");
	index++;
	CHECK_OK(disk_part_next(&g.k, &d, &index, &p));
	disk_part_name(&d, &p, name, sizeof(name));
	CU_ASSERT_STRING_EQUAL(name, "nvme0n1p1");
	CU_ASSERT_EQUAL(p.major, 259);
	CU_ASSERT_EQUAL(p.minor, 1);
	CU_ASSERT_EQUAL(p.sectors, 2048);
	index++;
	CHECK_OK(disk_part_next(&g.k, &d, &index, &p));
	CU_ASSERT(gva_is_null(p.at));
	memcpy(d.name, "sda", 4);
	p.number = 3;
	disk_part_name(&d, &p, name, sizeof(name));
	CU_ASSERT_STRING_EQUAL(name, "sda3");
}

TEST(disk, counters_of_all_cpus_are_added_up)
{
	gva_t stats;
	struct disk_stats s;
	struct disk d;

	set_up();
	stats = fake_alloc(&g, 2048, 64);
	fake_set(&g, whole, F_part_stats, stats.v);
	fake_variable(&g, S_jiffies_64, 1000);
	fake_set(&g, whole, F_part_stamp, 990);
	for (unsigned cpu = 0; cpu < 2; cpu++, stats = gva_add(stats, 1024)) {
		fake_u64(&g, gva_add(kfield_at(&g.k, stats, F_disk_stats_ios), 8), 20 + cpu);
		fake_set(&g, stats, F_disk_stats_io_ticks, 100);
		fake_u64(&g, kfield_at(&g.k, stats, F_disk_stats_in_flight),
			 cpu ? UINT64_MAX : 3); /* begun on one, ended on the other */
	}
	CHECK_OK(first(&d));
	struct disk_part p = {.at = whole};
	CHECK_OK(disk_stats_read(&g.k, &d, &p, &s));
	CU_ASSERT_EQUAL(s.ios[1], 41);
	CU_ASSERT_EQUAL(s.in_flight, 2);
	CU_ASSERT_EQUAL(s.busy_jiffies, 210);
}

TEST(disk, classes_to_nowhere_are_faults_and_those_that_loop_races)
{
	struct disk d;
	gva_t link;

	set_up();
	fake_set(&g, node, F_device_private_device, 0x1000);
	fake_list(&g, devices);
	fake_list_add(&g, devices, kfield_at(&g.k, node, F_device_private_class_node));
	CHECK_ERR(first(&d), ERR_FAULT);
	set_up();
	fake_set(&g, kfield_at(&g.k, whole, F_part_device), F_device_type, 0);
	link = kfield_at(&g.k, node, F_device_private_class_node);
	fake_u64(&g, link, link.v);
	CHECK_ERR(first(&d), ERR_RACE);
}

/* A mark of the partition's own, of the whole disk, and of the driver's. */
TEST(disk, is_read_only_by_any_mark)
{
	bool readonly;

	set_up();
	fake_set(&g, part, F_part_readonly, 0x1); /* the number is in the same member */
	CHECK_OK(disk_is_readonly(&g.k, part, &readonly));
	CU_ASSERT(!readonly);
	fake_set(&g, part, F_part_readonly, 0x101);
	CHECK_OK(disk_is_readonly(&g.k, part, &readonly));
	CU_ASSERT(readonly);
	CHECK_OK(disk_is_readonly(&g.k, whole, &readonly));
	CU_ASSERT(!readonly);
	fake_set(&g, part, F_part_readonly, 0);
	fake_set(&g, whole, F_part_readonly, 0x100);
	CHECK_OK(disk_is_readonly(&g.k, part, &readonly));
	CU_ASSERT(readonly);
	fake_set(&g, whole, F_part_readonly, 0);
	fake_set(&g, disk_at, F_gendisk_state, 2);
	CHECK_OK(disk_is_readonly(&g.k, part, &readonly));
	CU_ASSERT(readonly);
}

TEST(disk, traits_are_flags_of_the_disk)
{
	bool removable, hidden;

	set_up();
	CHECK_OK(disk_traits(&g.k, part, &removable, &hidden));
	CU_ASSERT(!removable && !hidden);
	fake_set(&g, disk_at, F_gendisk_flags, 1);
	CHECK_OK(disk_traits(&g.k, part, &removable, &hidden));
	CU_ASSERT(removable && !hidden);
	fake_set(&g, disk_at, F_gendisk_flags, 2);
	CHECK_OK(disk_traits(&g.k, part, &removable, &hidden));
	CU_ASSERT(!removable && hidden);
}
