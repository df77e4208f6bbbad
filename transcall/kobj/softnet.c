/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queues of received packets. Input: attacker-controlled. */
#include "transcall/kobj/softnet.h"

static const struct err *u32_read(const struct kernel *k, gva_t at, enum field_id id, uint32_t *ret)
{
	uint64_t v;

	TRY(kfield_uint(k, at, id, &v));
	*ret = (uint32_t)v;
	return NULL;
}

/* Since 6.18 in two parts (numa_drop_read()). */
static const struct err *dropped_read(const struct kernel *k, gva_t at, uint32_t *ret)
{
	uint32_t other;

	if (profile_has(k->profile, F_softnet_data_dropped))
		return u32_read(k, at, F_softnet_data_dropped, ret);
	at = kfield_at(k, at, F_softnet_data_drop_counters);
	TRY(u32_read(k, at, F_numa_drop_counters_drops0, ret));
	TRY(u32_read(k, at, F_numa_drop_counters_drops1, &other));
	*ret += other;
	return NULL;
}

static const struct err *limited_read(const struct kernel *k, gva_t at, uint32_t *ret)
{
	gva_t limit;

	*ret = 0;
	if (!profile_has(k->profile, F_softnet_data_flow_limit))
		return NULL;
	TRY(kfield_ptr(k, at, F_softnet_data_flow_limit, &limit));
	return gva_is_null(limit) ? NULL : u32_read(k, limit, F_sd_flow_limit_count, ret);
}

const struct err *softnet_read(const struct kernel *k, unsigned cpu, struct softnet *ret)
{
	gva_t at = kernel_percpu(k, S_softnet_data, cpu);

	TRY(u32_read(k, at, F_softnet_data_processed, &ret->processed));
	TRY(dropped_read(k, at, &ret->dropped));
	TRY(u32_read(k, at, F_softnet_data_time_squeeze, &ret->squeezed));
	TRY(u32_read(k, at, F_softnet_data_received_rps, &ret->steered));
	TRY(limited_read(k, at, &ret->limited));
	TRY(u32_read(k, at, F_softnet_data_input_queued, &ret->input_queued));
	return u32_read(k, at, F_softnet_data_process_queued, &ret->process_queued);
}
