/* SPDX-License-Identifier: GPL-2.0-or-later */
/* State and relatives of network devices. Input: attacker-controlled. */
#include <linux/if.h>
#include <string.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/netdev.h"
#include "transcall/kobj/xarray.h"

/* enum netdev_state_t (include/linux/netdevice.h) */
#define STATE_START      (1u << 0)
#define STATE_NO_CARRIER (1u << 2)
#define STATE_DORMANT    (1u << 4)
#define PRIV_ALIGN       32 /* NETDEV_ALIGN (include/linux/netdevice.h), until 6.10 */
#define NET_IDS_MAX      65536u
#define OPER_UNKNOWN     0 /* IF_OPER_* (include/uapi/linux/if.h) */
#define OPER_UP          6

const struct err *netdev_find(const struct kernel *k, gva_t net, int32_t index, const char *name,
			      gva_t *ret)
{
	char found[NETDEV_NAME_BYTES];
	struct list_iter it;
	int32_t number;

	TRY(netdev_iter_init(&it, k, net));
	for (;;) {
		TRY(netdev_iter_next(&it, k, ret));
		if (gva_is_null(*ret))
			return NULL;
		TRY(netdev_index(k, *ret, &number));
		TRY(netdev_name(k, *ret, found));
		if (index ? number == index : strcmp(found, name) == 0)
			return NULL;
	}
}

const struct err *netdev_flags(const struct kernel *k, gva_t dev, uint32_t *ret)
{
	const uint32_t own = IFF_PROMISC | IFF_ALLMULTI;
	uint64_t flags, wanted, state, operstate;

	TRY(kfield_uint(k, dev, F_net_device_flags, &flags));
	TRY(kfield_uint(k, dev, F_net_device_gflags, &wanted));
	TRY(kfield_uint(k, dev, F_net_device_state, &state));
	TRY(kfield_uint(k, dev, F_net_device_operstate, &operstate));
	*ret = (uint32_t)flags & ~(own | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT);
	*ret |= (uint32_t)wanted & own;
	if (!(state & STATE_START))
		return NULL;
	if (operstate == OPER_UP || operstate == OPER_UNKNOWN)
		*ret |= IFF_RUNNING;
	if (!(state & STATE_NO_CARRIER))
		*ret |= IFF_LOWER_UP;
	if (state & STATE_DORMANT)
		*ret |= IFF_DORMANT;
	return NULL;
}

/* The first neighbour of a list of struct netdev_adjacent; null: there is none. */
static const struct err *first_adjacent(const struct kernel *k, gva_t head, gva_t *ret)
{
	struct list_iter it;
	gva_t node;

	TRY(list_init(&it, k, head));
	TRY(list_next(&it, k, &node));
	*ret = gva_is_null(node) ? node : kfield_container(k, node, F_netdev_adjacent_list);
	return NULL;
}

static const struct err *adjacent_index(const struct kernel *k, gva_t adjacent, int32_t *ret)
{
	gva_t dev;

	TRY(kfield_ptr(k, adjacent, F_netdev_adjacent_dev, &dev));
	return netdev_index(k, dev, ret);
}

/* netdev_master_upper_dev_get() */
const struct err *netdev_master(const struct kernel *k, gva_t dev, int32_t *ret)
{
	uint64_t is_master;
	gva_t upper;

	*ret = 0;
	TRY(first_adjacent(k, kfield_at(k, dev, F_net_device_upper), &upper));
	if (gva_is_null(upper))
		return NULL;
	TRY(kfield_uint(k, upper, F_netdev_adjacent_master, &is_master));
	return is_master ? adjacent_index(k, upper, ret) : NULL;
}

gva_t netdev_priv(const struct kernel *k, gva_t dev)
{
	uint32_t size = k->profile->sizes[SIZE_net_device];

	if (profile_has(k->profile, F_net_device_priv))
		return kfield_at(k, dev, F_net_device_priv);
	return gva_add(dev, (size + PRIV_ALIGN - 1) / PRIV_ALIGN * PRIV_ALIGN);
}

/* The function of the driver that tells dev_get_iflink(), or null. */
static const struct err *iflink_function(const struct kernel *k, gva_t dev, gva_t *ret)
{
	gva_t ops;

	TRY(kfield_ptr(k, dev, F_net_device_netdev_ops, &ops));
	return kfield_ptr(k, ops, F_net_device_ops_get_iflink, ret);
}

const struct err *netdev_peer(const struct kernel *k, gva_t dev, gva_t *ret)
{
	char name[KALLSYMS_NAME_BYTES];
	gva_t get;

	*ret = gva(0);
	TRY(iflink_function(k, dev, &get));
	if (gva_is_null(get) || !profile_has(k->profile, F_veth_priv_peer))
		return NULL;
	const struct err *e = kallsyms_name(k, get, name, sizeof(name));
	if (e)
		return e->kind == ERR_ABSENT ? NULL : e;
	if (strcmp(name, "veth_get_iflink") != 0)
		return NULL;
	return kfield_ptr(k, netdev_priv(k, dev), F_veth_priv_peer, ret);
}

/*
 * dev_get_iflink(): a driver's function tells it. Those of vlan, macvlan and the like give the
 * device below them, that of veth the other end; of others it is not known.
 */
const struct err *netdev_link(const struct kernel *k, gva_t dev, int32_t *ret)
{
	gva_t get, lower, peer;

	*ret = 0;
	TRY(iflink_function(k, dev, &get));
	if (gva_is_null(get))
		return NULL;
	TRY(netdev_peer(k, dev, &peer));
	if (!gva_is_null(peer))
		return netdev_index(k, peer, ret);
	TRY(first_adjacent(k, kfield_at(k, dev, F_net_device_lower), &lower));
	return gva_is_null(lower) ? NULL : adjacent_index(k, lower, ret);
}

const struct err *netdev_net_id(const struct kernel *k, gva_t net, gva_t other, int32_t *ret)
{
	uint64_t head, found, index = 0;

	*ret = -1;
	if (!profile_has(k->profile, F_net_netns_ids))
		return NULL;
	TRY(kfield_uint(k, net, F_net_netns_ids, &head));
	for (unsigned i = 0; i < NET_IDS_MAX; i++, index++) {
		TRY(xarray_next(k, head, &index, &found));
		if (found == other.v)
			*ret = (int32_t)index;
		if (found == other.v || !found)
			return NULL;
	}
	return ERR_AT(ERR_RACE, net.v, "a network namespace that knows more than %u others",
		      NET_IDS_MAX);
}

/* The address lies behind a pointer, in all kernels. */
const struct err *netdev_read_address(const struct kernel *k, gva_t dev, struct netdev_address *ret)
{
	uint64_t len;
	gva_t address;

	memset(ret, 0, sizeof(*ret));
	TRY(kfield_uint(k, dev, F_net_device_addr_len, &len));
	ret->len = len < NETDEV_ADDRESS_BYTES ? (uint8_t)len : NETDEV_ADDRESS_BYTES;
	TRY(kfield_ptr(k, dev, F_net_device_dev_addr, &address));
	TRY(kread(k, address, ret->bytes, ret->len));
	return kfield_bytes(k, dev, F_net_device_broadcast, ret->broadcast, ret->len);
}
