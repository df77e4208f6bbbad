/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/net/stat/: arp_cache, ndisc_cache (net/core/neighbour.c), rt_cache (net/ipv4/route.c).
 * Input: attacker-controlled.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/cpu.h"
#include "transcall/kobj/neigh.h"
#include "transcall/kobj/rtstat.h"
#include "transcall/proc/renderers.h"

#define COLUMNS_MAX 17

/* A file: its header, and how many blanks follow each column. */
struct format {
	const char *header;
	uint8_t count, blanks[COLUMNS_MAX];
};

/* How it is since 5.15, and how it was. struct net.ipv6.ioam6_data came with the change. */
static const struct format neighbours[] = {
	{.header = "entries  allocs   destroys hash_grows lookups  hits     res_failed "
		   "rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs "
		   "unresolved_discards table_fulls\n",
	 .count = 13,
	 .blanks = {1, 1, 1, 3, 1, 1, 3, 9, 9, 9, 7, 12, 0}},
	{.header = "entries  allocs destroys hash_grows  lookups hits  res_failed  "
		   "rcv_probes_mcast rcv_probes_ucast  periodic_gc_runs forced_gc_runs "
		   "unresolved_discards table_fulls\n",
	 .count = 13,
	 .blanks = {2, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 1, 0}},
};
static const struct format routes[] = {
	{.header = "entries  in_hit   in_slow_tot in_slow_mc in_no_route in_brd   "
		   "in_martian_dst in_martian_src out_hit  out_slow_tot out_slow_mc gc_total "
		   "gc_ignored gc_goal_miss gc_dst_overflow in_hlist_search out_hlist_search\n",
	 .count = 17,
	 .blanks = {1, 1, 4, 3, 4, 1, 7, 7, 1, 5, 4, 1, 3, 5, 8, 8, 0}},
	{.header = "entries  in_hit in_slow_tot in_slow_mc in_no_route in_brd in_martian_dst "
		   "in_martian_src  out_hit out_slow_tot out_slow_mc  gc_total gc_ignored "
		   "gc_goal_miss gc_dst_overflow in_hlist_search out_hlist_search\n",
	 .count = 17,
	 .blanks = {2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
};

static const struct format *format_of(const struct kernel *k, const struct format *formats)
{
	return &formats[profile_has(k->profile, F_net_ioam6_data) ? 0 : 1];
}

static void columns_print(const struct format *f, const uint64_t *values, FILE *out)
{
	for (unsigned i = 0; i < f->count; i++)
		fprintf(out, "%08" PRIx64 "%*s", values[i], f->blanks[i], "");
	fputc('\n', out);
}

/* A line for each possible CPU. */
typedef const struct err *columns_read_fn(const struct kernel *k, uint16_t family, unsigned cpu,
					  uint64_t ret[static COLUMNS_MAX]);

static const struct err *cpus_render(const struct kernel *k, const struct format *f,
				     uint16_t family, columns_read_fn *read, FILE *out)
{
	struct cpu_set possible;

	fputs(f->header, out);
	TRY(cpu_set_read(k, CPU_POSSIBLE, &possible));
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		uint64_t values[COLUMNS_MAX] = {0};

		if (!cpu_set_has(&possible, cpu))
			continue;
		TRY(read(k, family, cpu, values));
		columns_print(f, values, out);
	}
	return NULL;
}

static const struct err *neighbours_read(const struct kernel *k, uint16_t family, unsigned cpu,
					 uint64_t ret[static COLUMNS_MAX])
{
	struct neigh_stats s;

	TRY(neigh_read_stats(k, family, cpu, &s));
	ret[0] = s.entries;
	memcpy(&ret[1], s.v, sizeof(s.v));
	return NULL;
}

const struct err *net_stat_arp(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return cpus_render(view->kernel, format_of(view->kernel, neighbours), AF_INET,
			   neighbours_read, out);
}

const struct err *net_stat_ndisc(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return cpus_render(view->kernel, format_of(view->kernel, neighbours), AF_INET6,
			   neighbours_read, out);
}

/* Columns of the cache that IPv4 had until 3.6 are 0. */
static const struct err *routes_read(const struct kernel *k, uint16_t family, unsigned cpu,
				     uint64_t ret[static COLUMNS_MAX])
{
	struct rtstat s;

	(void)family;
	TRY(rtstat_read(k, cpu, &s));
	ret[0] = s.entries;
	for (unsigned i = 0; i < RTSTAT_IN; i++)
		ret[2 + i] = s.in[i];
	for (unsigned i = 0; i < RTSTAT_OUT; i++)
		ret[9 + i] = s.out[i];
	return NULL;
}

const struct err *net_stat_rt_cache(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	(void)node;
	return cpus_render(view->kernel, format_of(view->kernel, routes), AF_INET, routes_read,
			   out);
}
