/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of routing. Input: attacker-controlled. */
#include "transcall/kobj/rtstat.h"

#include <string.h>

#include "transcall/kobj/percpu_counter.h"

static const struct err *numbers_read(const struct kernel *k, gva_t at, const enum field_id *ids,
				      unsigned count, uint32_t *ret)
{
	for (unsigned i = 0; i < count; i++) {
		uint64_t v;

		TRY(kfield_uint(k, at, ids[i], &v));
		ret[i] = (uint32_t)v;
	}
	return NULL;
}

const struct err *rtstat_read(const struct kernel *k, unsigned cpu, struct rtstat *ret)
{
	static const enum field_id in[RTSTAT_IN] = {
		F_rt_cache_stat_in_slow_tot,    F_rt_cache_stat_in_slow_mc,
		F_rt_cache_stat_in_no_route,    F_rt_cache_stat_in_brd,
		F_rt_cache_stat_in_martian_dst, F_rt_cache_stat_in_martian_src};
	static const enum field_id out[RTSTAT_OUT] = {F_rt_cache_stat_out_slow_tot,
						      F_rt_cache_stat_out_slow_mc};
	gva_t at = kernel_percpu(k, S_rt_cache_stat, cpu);
	gva_t ops = kernel_symbol(k, S_ipv4_dst_ops);

	TRY(percpu_counter_sum(k, kfield_at(k, ops, F_dst_ops_entries), &ret->entries));
	TRY(numbers_read(k, at, in, RTSTAT_IN, ret->in));
	return numbers_read(k, at, out, RTSTAT_OUT, ret->out);
}

const struct err *rtstat6_read(const struct kernel *k, gva_t net,
			       uint32_t ret[static RTSTAT6_COLUMNS])
{
	static const enum field_id ids[] = {F_rt6_statistics_nodes, F_rt6_statistics_route_nodes,
					    F_rt6_statistics_alloc, F_rt6_statistics_entries,
					    F_rt6_statistics_cache};
	uint64_t destinations;
	gva_t at;

	TRY(kfield_ptr(k, net, F_net_rt6_stats, &at));
	TRY(numbers_read(k, at, ids, 5, ret));
	at = kfield_at(k, net, F_net_ip6_dst_ops);
	TRY(percpu_counter_sum(k, kfield_at(k, at, F_dst_ops_entries), &destinations));
	ret[5] = (uint32_t)destinations;
	TRY(kfield_ptr(k, net, F_net_rt6_stats, &at));
	return numbers_read(k, at, (enum field_id[]){F_rt6_statistics_discarded}, 1, &ret[6]);
}

const struct err *rtstat_accounts(const struct kernel *k, uint32_t ret[static RTSTAT_ACCOUNT_WORDS])
{
	uint32_t part[RTSTAT_ACCOUNT_WORDS];
	gva_t at;

	memset(ret, 0, sizeof(part));
	TRY(kread_ptr(k, kernel_symbol(k, S_ip_rt_acct), &at));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		TRY(kread(k, gva_add(at, k->percpu_base[cpu]), part, sizeof(part)));
		for (unsigned i = 0; i < RTSTAT_ACCOUNT_WORDS; i++)
			ret[i] += part[i];
	}
	return NULL;
}
