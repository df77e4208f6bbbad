/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtstat - counts of routing: IPv4's of each CPU, IPv6's of each namespace, bytes by realm. */
#ifndef TC_KOBJ_RTSTAT_H
#define TC_KOBJ_RTSTAT_H

#include "transcall/kobj/kernel.h"

#define RTSTAT_IN  6 /* in_slow_tot, in_slow_mc, in_no_route, in_brd, in_martian_dst, _src */
#define RTSTAT_OUT 2 /* out_slow_tot, out_slow_mc */
struct rtstat {
	uint64_t entries; /* of all CPUs */
	uint32_t in[RTSTAT_IN], out[RTSTAT_OUT];
};
MUST_CHECK const struct err *rtstat_read(const struct kernel *k, unsigned cpu, struct rtstat *ret);

/* In the order of /proc/net/rt6_stats. */
#define RTSTAT6_COLUMNS 7
MUST_CHECK const struct err *rtstat6_read(const struct kernel *k, gva_t net,
					  uint32_t ret[static RTSTAT6_COLUMNS]);

/* struct ip_rt_acct of each realm: bytes and packets out, in; sums over all CPUs. */
#define RTSTAT_ACCOUNT_WORDS (256 * 4)
MUST_CHECK const struct err *rtstat_accounts(const struct kernel *k,
					     uint32_t ret[static RTSTAT_ACCOUNT_WORDS]);

#endif
