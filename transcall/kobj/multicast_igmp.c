/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IGMP's own view of IPv4 groups (net/ipv4/igmp.c). Input: attacker-controlled. */
#include "transcall/kobj/multicast.h"

/* IPV4_DEVCONF(): settings are numbered from 1 on. */
static const struct err *forced_version(const struct kernel *k, gva_t conf, uint32_t *ret)
{
	uint64_t at = (uint64_t)k->profile->enumerators[E_IPV4_DEVCONF_FORCE_IGMP_VERSION].value;

	return kread_u32(k, gva_add(kfield_at(k, conf, F_ipv4_devconf_data), 4 * (at - 1)), ret);
}

/* Is a querier of that version still heard? */
static const struct err *is_seen(const struct kernel *k, gva_t owner, enum field_id until,
				 bool *ret)
{
	uint64_t expires, now;

	TRY(kfield_uint(k, owner, until, &expires));
	TRY(kread_u64(k, kernel_symbol(k, S_jiffies), &now));
	*ret = expires && (int64_t)(now - expires) < 0;
	return NULL;
}

/* IGMP_V1_SEEN(), IGMP_V2_SEEN() */
static const struct err *version_read(const struct kernel *k, gva_t net, gva_t owner, unsigned *ret)
{
	static const enum field_id until[] = {F_in_device_mr_v1_seen, F_in_device_mr_v2_seen};
	uint32_t all, own;
	bool seen;
	gva_t conf;

	TRY(kfield_ptr(k, net, F_net_ipv4_devconf_all, &conf));
	TRY(forced_version(k, conf, &all));
	TRY(forced_version(k, kfield_at(k, owner, F_in_device_cnf), &own));
	for (*ret = 1; *ret < 3; ++*ret) {
		TRY(is_seen(k, owner, until[*ret - 1], &seen));
		if (all == *ret || own == *ret || seen)
			break;
	}
	return NULL;
}

const struct err *multicast_read_igmp(const struct kernel *k, gva_t net,
				      const struct multicast_group *group,
				      struct multicast_igmp *ret)
{
	uint64_t count, is_timed, is_reporter;

	TRY(kfield_uint(k, group->owner, F_in_device_mc_count, &count));
	TRY(version_read(k, net, group->owner, &ret->version));
	TRY(kfield_uint(k, group->at, F_ip_mc_list_tm_running, &is_timed));
	TRY(kfield_uint(k, group->at, F_ip_mc_list_reporter, &is_reporter));
	TRY(kfield_uint(k, group->at, F_ip_mc_list_expires, &ret->expires));
	ret->groups = (uint32_t)count;
	ret->is_timed = is_timed;
	ret->is_reporter = is_reporter;
	return NULL;
}
