/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Multicast groups. Input: attacker-controlled. */
#include "transcall/kobj/multicast.h"

#include <string.h>

static const struct kind {
	enum field_id owner, first, next, address, users;
	enum field_id sources, source_next, source_address, source_counts;
} kinds[] = {
	[MULTICAST_IPV4] = {F_net_device_ip_ptr, F_in_device_mc_list, F_ip_mc_list_next,
			    F_ip_mc_list_multiaddr, F_ip_mc_list_users, F_ip_mc_list_sources,
			    F_ip_sf_list_next, F_ip_sf_list_inaddr, F_ip_sf_list_count},
	[MULTICAST_IPV6] = {F_net_device_ip6_ptr, F_inet6_dev_mc_list, F_ifmcaddr6_next,
			    F_ifmcaddr6_addr, F_ifmcaddr6_users, F_ifmcaddr6_sources,
			    F_ip6_sf_list_next, F_ip6_sf_list_addr, F_ip6_sf_list_count},
	[MULTICAST_ANYCAST6] = {.owner = F_net_device_ip6_ptr,
				.first = F_inet6_dev_ac_list,
				.next = F_ifacaddr6_next,
				.address = F_ifacaddr6_addr,
				.users = F_ifacaddr6_users},
};

const struct err *multicast_iter_init(struct multicast_iter *it, const struct kernel *k, gva_t net,
				      enum multicast_kind kind)
{
	*it = (struct multicast_iter){.kind = kind};
	chain_init(&it->groups, gva(0), kinds[kind].next);
	return netdev_iter_init(&it->devices, k, net);
}

/* To the next device; it->dev null: there is none. */
static const struct err *device_enter(struct multicast_iter *it, const struct kernel *k)
{
	const struct kind *kind = &kinds[it->kind];
	gva_t first;

	TRY(netdev_iter_next(&it->devices, k, &it->dev));
	if (gva_is_null(it->dev))
		return NULL;
	TRY(kfield_ptr(k, it->dev, kind->owner, &it->owner));
	if (gva_is_null(it->owner))
		return NULL;
	TRY(kfield_ptr(k, it->owner, kind->first, &first));
	chain_init(&it->groups, first, kind->next);
	it->is_first = true;
	return NULL;
}

/* The member's bytes, as many as it has: a word in network order, or a struct in6_addr. */
static const struct err *address_read(const struct kernel *k, gva_t at, enum field_id id,
				      uint8_t ret[static 16])
{
	uint32_t len = k->profile->fields[id].size_bytes;

	memset(ret, 0, 16);
	return kfield_bytes(k, at, id, ret, len < 16 ? len : 16);
}

const struct err *multicast_iter_next(struct multicast_iter *it, const struct kernel *k,
				      struct multicast_group *ret)
{
	int64_t users;

	for (;;) {
		TRY(chain_next(&it->groups, k, &ret->at));
		if (!gva_is_null(ret->at))
			break;
		TRY(device_enter(it, k));
		if (gva_is_null(it->dev))
			return NULL;
	}
	ret->dev = it->dev;
	ret->owner = it->owner;
	ret->is_first = it->is_first;
	it->is_first = false;
	TRY(kfield_int(k, ret->at, kinds[it->kind].users, &users));
	ret->users = (int32_t)users;
	return address_read(k, ret->at, kinds[it->kind].address, ret->address);
}

const struct err *multicast_sources_init(struct chain_iter *it, const struct kernel *k,
					 enum multicast_kind kind,
					 const struct multicast_group *group)
{
	gva_t first;

	TRY(kfield_ptr(k, group->at, kinds[kind].sources, &first));
	chain_init(it, first, kinds[kind].source_next);
	return NULL;
}

/* Counts by MCAST_EXCLUDE (0) and MCAST_INCLUDE (1), include/uapi/linux/in.h. */
const struct err *multicast_sources_next(struct chain_iter *it, const struct kernel *k,
					 enum multicast_kind kind, struct multicast_source *ret)
{
	TRY(chain_next(it, k, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	gva_t counts = kfield_at(k, ret->at, kinds[kind].source_counts);
	TRY(kread_u64(k, counts, &ret->excluded));
	TRY(kread_u64(k, gva_add(counts, 8), &ret->included));
	return address_read(k, ret->at, kinds[kind].source_address, ret->address);
}

const struct err *multicast_read_mld(const struct kernel *k, const struct multicast_group *group,
				     struct multicast_mld *ret)
{
	uint64_t flags;

	TRY(kfield_uint(k, group->at, F_ifmcaddr6_flags, &flags));
	ret->flags = (uint32_t)flags;
	return kfield_uint(k, group->at, F_ifmcaddr6_expires, &ret->expires);
}

const struct err *multicast_links_init(struct list_iter *it, const struct kernel *k, gva_t dev)
{
	return list_init(it, k, kfield_at(k, dev, F_net_device_mc));
}

const struct err *multicast_links_next(struct list_iter *it, const struct kernel *k,
				       struct multicast_link *ret)
{
	uint64_t references, is_global;

	TRY(list_next(it, k, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	ret->at = kfield_container(k, ret->at, F_netdev_hw_addr_list);
	TRY(kfield_uint(k, ret->at, F_netdev_hw_addr_refcount, &references));
	TRY(kfield_uint(k, ret->at, F_netdev_hw_addr_global_use, &is_global));
	ret->references = (int32_t)references;
	ret->is_global = is_global;
	return kfield_bytes(k, ret->at, F_netdev_hw_addr_addr, ret->address, sizeof(ret->address));
}
