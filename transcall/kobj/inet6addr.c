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
