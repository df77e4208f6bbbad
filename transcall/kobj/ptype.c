/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Receivers of packets (net/core/net-procfs.c, ptype_get_idx()). Input: attacker-controlled. */
#include "transcall/kobj/ptype.h"

#include "transcall/kobj/netdev.h"

#define BASES           16u /* PTYPE_HASH_SIZE */
#define LIST_HEAD_BYTES 16u /* struct list_head */

const struct err *ptype_iter_init(struct ptype_iter *it, const struct kernel *k, gva_t net)
{
	*it = (struct ptype_iter){.net = net};
	return netdev_iter_init(&it->devices, k, net);
}

/* List number @i for all devices: of any protocol, then by the protocol's hash; null: no more. */
static gva_t list_of_all(const struct kernel *k, gva_t net, unsigned i)
{
	gva_t hot = kernel_symbol(k, S_net_hotdata);
	bool of_net = profile_has(k->profile, F_net_ptype_all);

	if (of_net && i < 2)
		return kfield_at(k, net, i ? F_net_ptype_specific : F_net_ptype_all);
	if (i == 0)
		return profile_has(k->profile, F_net_hotdata_ptype_all)
			       ? kfield_at(k, hot, F_net_hotdata_ptype_all)
			       : kernel_symbol(k, S_ptype_all);
	i -= of_net ? 2 : 1;
	return i < BASES ? gva_add(kernel_symbol(k, S_ptype_base), (uint64_t)LIST_HEAD_BYTES * i)
			 : gva(0);
}

/* To the next list; @ret: is there one? */
static const struct err *list_enter(struct ptype_iter *it, const struct kernel *k, bool *ret)
{
	gva_t head;

	TRY(netdev_iter_next(&it->devices, k, &it->dev));
	if (!gva_is_null(it->dev))
		head = kfield_at(k, it->dev, F_net_device_ptype_all);
	else
		head = list_of_all(k, it->net, it->lists++);
	*ret = !gva_is_null(head);
	return *ret ? list_init(&it->hooks, k, head) : NULL;
}

/* Does the namespace see it? */
static const struct err *hook_read(const struct ptype_iter *it, const struct kernel *k, gva_t at,
				   struct ptype *ret, bool *ret_seen)
{
	uint64_t type;
	gva_t net;

	ret->at = at;
	TRY(kfield_ptr(k, at, F_packet_type_net, &net));
	TRY(kfield_uint(k, at, F_packet_type_type, &type));
	ret->protocol = (uint16_t)((type & 0xff) << 8 | (type >> 8 & 0xff));
	ret->dev = it->dev;
	*ret_seen = gva_is_null(net) || gva_equal(net, it->net);
	return kfield_ptr(k, at, F_packet_type_func, &ret->func);
}

const struct err *ptype_iter_next(struct ptype_iter *it, const struct kernel *k, struct ptype *ret)
{
	bool more = true, seen;
	gva_t node;

	while (more) {
		ret->at = node = gva(0);
		if (!gva_is_null(it->hooks.head))
			TRY(list_next(&it->hooks, k, &node));
		if (gva_is_null(node)) {
			TRY(list_enter(it, k, &more));
			continue;
		}
		TRY(hook_read(it, k, kfield_container(k, node, F_packet_type_list), ret, &seen));
		if (seen)
			return NULL;
	}
	return NULL;
}
