/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv6 addresses. Input: attacker-controlled. */
#include "transcall/kobj/inet6addr.h"

#define BUCKETS       256u /* IN6_ADDR_HSIZE */
#define POINTER_BYTES 8u

const struct err *inet6addr_iter_init(struct inet6addr_iter *it, const struct kernel *k, gva_t net)
{
	gva_t heads = kernel_symbol(k, S_inet6_addr_lst);

	it->net = net;
	if (profile_has(k->profile, F_net_inet6_addrs))
		TRY(kfield_ptr(k, net, F_net_inet6_addrs, &heads));
	return hashwalk_init(&it->walk, heads, BUCKETS, POINTER_BYTES);
}

static const struct err *addr_read(const struct kernel *k, gva_t at, struct inet6addr *ret)
{
	uint64_t prefix_len, scope, flags;

	TRY(kfield_bytes(k, at, F_inet6_ifaddr_addr, ret->bytes, sizeof(ret->bytes)));
	TRY(kfield_uint(k, at, F_inet6_ifaddr_prefix_len, &prefix_len));
	TRY(kfield_uint(k, at, F_inet6_ifaddr_scope, &scope));
	TRY(kfield_uint(k, at, F_inet6_ifaddr_flags, &flags));
	ret->prefix_len = (uint32_t)prefix_len;
	ret->scope = (uint16_t)scope;
	ret->flags = (uint32_t)flags;
	return NULL;
}

const struct err *inet6addr_iter_next(struct inet6addr_iter *it, const struct kernel *k,
				      struct inet6addr *ret)
{
	gva_t node, idev, net;

	for (;;) {
		ret->dev = gva(0);
		TRY(hashwalk_next(&it->walk, k, &node));
		if (gva_is_null(node))
			return NULL;
		gva_t at = kfield_container(k, node, F_inet6_ifaddr_list);
		TRY(kfield_ptr(k, at, F_inet6_ifaddr_idev, &idev));
		TRY(kfield_ptr(k, idev, F_inet6_dev_dev, &ret->dev));
		TRY(kfield_ptr(k, ret->dev, F_net_device_net, &net));
		if (gva_equal(net, it->net))
			return addr_read(k, at, ret);
	}
}

/* A device without IPv6 has an empty list. */
const struct err *inet6addr_of_dev_init(struct list_iter *it, const struct kernel *k, gva_t dev)
{
	gva_t idev;

	*it = (struct list_iter){.steps = 0};
	TRY(kfield_ptr(k, dev, F_net_device_ip6_ptr, &idev));
	return gva_is_null(idev) ? NULL
				 : list_init(it, k, kfield_at(k, idev, F_inet6_dev_addr_list));
}

static const struct err *more_read(const struct kernel *k, gva_t at, struct inet6addr_more *ret)
{
	uint64_t priority, protocol = 0, preferred, valid;

	TRY(addr_read(k, at, &ret->addr));
	TRY(kfield_bytes(k, at, F_inet6_ifaddr_peer_addr, ret->peer, sizeof(ret->peer)));
	TRY(kfield_uint(k, at, F_inet6_ifaddr_rt_priority, &priority));
	if (profile_has(k->profile, F_inet6_ifaddr_proto))
		TRY(kfield_uint(k, at, F_inet6_ifaddr_proto, &protocol));
	TRY(kfield_uint(k, at, F_inet6_ifaddr_prefered_lft, &preferred));
	TRY(kfield_uint(k, at, F_inet6_ifaddr_valid_lft, &valid));
	ret->priority = (uint32_t)priority;
	ret->protocol = (uint8_t)protocol;
	ret->times.preferred = (uint32_t)preferred;
	ret->times.valid = (uint32_t)valid;
	TRY(kfield_uint(k, at, F_inet6_ifaddr_cstamp, &ret->times.created));
	return kfield_uint(k, at, F_inet6_ifaddr_tstamp, &ret->times.updated);
}

const struct err *inet6addr_of_dev_next(struct list_iter *it, const struct kernel *k,
					struct inet6addr_more *ret)
{
	gva_t node, idev;

	ret->addr.dev = gva(0);
	TRY(list_next(it, k, &node));
	if (gva_is_null(node))
		return NULL;
	gva_t at = kfield_container(k, node, F_inet6_ifaddr_of_dev);
	TRY(kfield_ptr(k, at, F_inet6_ifaddr_idev, &idev));
	TRY(kfield_ptr(k, idev, F_inet6_dev_dev, &ret->addr.dev));
	return more_read(k, at, ret);
}
