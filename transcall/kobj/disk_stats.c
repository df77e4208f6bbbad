/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was read from and written to disks. Input: attacker-controlled. */
#include "transcall/kobj/disk.h"

#include "transcall/kobj/xarray.h"

#define QUEUES_MAX 1024  /* hardware queues of a disk: more than CPUs */
#define TAGS_MAX   16384 /* BLK_MQ_MAX_DEPTH is 10240 */

/* --- counters --------------------------------------------------------------------------------- */

static const struct err *group_add(const struct kernel *k, gva_t stats, enum field_id id,
				   uint64_t sum[static DISK_STAT_GROUPS])
{
	gva_t at = kfield_at(k, stats, id);

	for (unsigned i = 0; i < DISK_STAT_GROUPS; i++) {
		uint64_t v;

		TRY(kread_u64(k, gva_add(at, 8 * (uint64_t)i), &v));
		sum[i] += v;
	}
	return NULL;
}

static const struct err *cpu_add(const struct kernel *k, gva_t stats, struct disk_stats *ret,
				 int64_t *in_flight)
{
	gva_t flying = kfield_at(k, stats, F_disk_stats_in_flight);
	uint64_t busy, reads, writes;

	TRY(group_add(k, stats, F_disk_stats_ios, ret->ios));
	TRY(group_add(k, stats, F_disk_stats_merges, ret->merges));
	TRY(group_add(k, stats, F_disk_stats_sectors, ret->sectors));
	TRY(group_add(k, stats, F_disk_stats_nsecs, ret->nsecs));
	TRY(kfield_uint(k, stats, F_disk_stats_io_ticks, &busy));
	TRY(kread_u64(k, flying, &reads));
	TRY(kread_u64(k, gva_add(flying, 8), &writes));
	ret->busy_jiffies += busy;
	*in_flight += (int64_t)(reads + writes);
	return NULL;
}

/* --- requests in flight, of drivers with hardware queues, until 6.9 --------------------------- */

/* blk_mq_check_inflight() */
static const struct err *request_count(const struct kernel *k, gva_t request,
				       const struct disk_part *part, uint32_t *count)
{
	uint64_t state;
	gva_t of;

	TRY(kfield_uint(k, request, F_request_state, &state));
	TRY(kfield_ptr(k, request, F_request_part, &of));
	if (gva_is_null(of) || state != (uint64_t)k->profile->enumerators[E_MQ_RQ_IN_FLIGHT].value)
		return NULL;
	*count += !part->number || gva_equal(of, part->at);
	return NULL;
}

static const struct err *queue_count(const struct kernel *k, gva_t queue,
				     const struct disk_part *part, uint32_t *count)
{
	gva_t tags, requests, request;
	uint64_t tag_count;

	TRY(kfield_ptr(k, queue, F_blk_mq_hw_ctx_tags, &tags));
	if (gva_is_null(tags))
		return NULL;
	TRY(kfield_uint(k, tags, F_blk_mq_tags_nr_tags, &tag_count));
	TRY(kfield_ptr(k, tags, F_blk_mq_tags_rqs, &requests));
	if (tag_count > TAGS_MAX)
		return ERR_AT(ERR_RACE, tags.v, "a disk takes %llu requests at once",
			      (unsigned long long)tag_count);
	for (uint64_t i = 0; i < tag_count; i++) {
		TRY(kread_ptr(k, gva_add(requests, 8 * i), &request));
		if (!gva_is_null(request))
			TRY(request_count(k, request, part, count));
	}
	return NULL;
}

/* A table of pointers, or (5.19 to 6.16) an XArray. */
static const struct err *queue_at(const struct kernel *k, gva_t queues, uint64_t index, gva_t *ret)
{
	uint64_t head, entry;

	if (!profile_has(k->profile, F_request_queue_hctx_table)) {
		TRY(kfield_ptr(k, queues, F_request_queue_hw_ctx, ret));
		return kread_ptr(k, gva_add(*ret, 8 * index), ret);
	}
	TRY(kfield_uint(k, queues, F_request_queue_hctx_table, &head));
	TRY(xarray_load(k, head, index, &entry));
	*ret = gva(entry);
	return NULL;
}

/* Queues of one disk seldom share their tags (BLK_MQ_F_TAG_HCTX_SHARED): then the first has all. */
static const struct err *queues_count(const struct kernel *k, gva_t queues,
				      const struct disk_part *part, uint32_t *ret)
{
	gva_t queue, tags, seen = gva(0);
	uint64_t count;

	*ret = 0;
	TRY(kfield_uint(k, queues, F_request_queue_nr_hw_queues, &count));
	for (uint64_t i = 0; i < count && i < QUEUES_MAX; i++) {
		TRY(queue_at(k, queues, i, &queue));
		if (gva_is_null(queue))
			continue;
		TRY(kfield_ptr(k, queue, F_blk_mq_hw_ctx_tags, &tags));
		if (gva_equal(tags, seen))
			continue;
		seen = tags;
		TRY(queue_count(k, queue, part, ret));
	}
	return NULL;
}

/* Has the disk's queue a driver whose requests are counted by looking at them? */
static const struct err *is_looked_at(const struct kernel *k, gva_t queues, bool *ret)
{
	gva_t operations;

	*ret = false;
	if (profile_has(k->profile, F_block_device_flags)) /* since 6.10 each CPU counts */
		return NULL;
	TRY(kfield_ptr(k, queues, F_request_queue_mq_ops, &operations));
	*ret = !gva_is_null(operations);
	return NULL;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* update_io_ticks(): what is in flight has kept the disk busy until now. In 5.10 it was not said.
 */
static const struct err *busy_now(const struct kernel *k, const struct disk_part *part,
				  struct disk_stats *ret)
{
	uint64_t stamp, now;

	if (!ret->in_flight || profile_has(k->profile, F_hd_struct_partno))
		return NULL;
	TRY(kfield_uint(k, part->at, F_part_stamp, &stamp));
	TRY(kread_u64(k, kernel_symbol(k, S_jiffies_64), &now));
	if ((int64_t)(now - stamp) > 0)
		ret->busy_jiffies += now - stamp;
	return NULL;
}

const struct err *disk_stats_read(const struct kernel *k, const struct disk *disk,
				  const struct disk_part *part, struct disk_stats *ret)
{
	int64_t in_flight = 0;
	gva_t stats, queues;
	bool looked_at;

	*ret = (struct disk_stats){.in_flight = 0};
	TRY(kfield_ptr(k, part->at, F_part_stats, &stats));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++)
		TRY(cpu_add(k, gva_add(stats, k->percpu_base[cpu]), ret, &in_flight));
	ret->in_flight = (uint32_t)(in_flight > 0 ? in_flight : 0);
	TRY(kfield_ptr(k, disk->at, F_gendisk_queue, &queues));
	TRY(is_looked_at(k, queues, &looked_at));
	if (looked_at)
		TRY(queues_count(k, queues, part, &ret->in_flight));
	return busy_now(k, part, ret);
}
