/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network devices. Input: attacker-controlled. */
#include "transcall/kobj/netdev.h"

#include "transcall/kobj/xarray.h"

#define BUCKETS       256u /* NETDEV_HASHENTRIES */
#define POINTER_BYTES 8u

const struct err *netdev_iter_init(struct list_iter *it, const struct kernel *k, gva_t net)
{
	return list_init(it, k, kfield_at(k, net, F_net_dev_base));
}

const struct err *netdev_iter_next(struct list_iter *it, const struct kernel *k, gva_t *ret)
{
	gva_t node;

	TRY(list_next(it, k, &node));
	*ret = gva_is_null(node) ? node : kfield_container(k, node, F_net_device_list);
	return NULL;
}

const struct err *netdev_by_index_init(struct netdev_by_index *it, const struct kernel *k,
				       gva_t net)
{
	gva_t heads;

	it->is_array = profile_has(k->profile, F_net_dev_by_index);
	it->next_index = 0;
	if (it->is_array)
		return kfield_uint(k, net, F_net_dev_by_index, &it->head);
	TRY(kfield_ptr(k, net, F_net_dev_index_head, &heads));
	return hashwalk_init(&it->walk, heads, BUCKETS, POINTER_BYTES);
}

static const struct err *array_next(struct netdev_by_index *it, const struct kernel *k, gva_t *ret)
{
	uint64_t entry;

	for (;;) {
		TRY(xarray_next(k, it->head, &it->next_index, &entry));
		it->next_index++;
		*ret = (gva_t){entry};
		if (!(entry & 3)) /* else reserved for a device to come */
			return NULL;
	}
}

const struct err *netdev_by_index_next(struct netdev_by_index *it, const struct kernel *k,
				       gva_t *ret)
{
	gva_t node;

	if (it->is_array)
		return array_next(it, k, ret);
	TRY(hashwalk_next(&it->walk, k, &node));
	*ret = gva_is_null(node) ? node : kfield_container(k, node, F_net_device_index_hlist);
	return NULL;
}

const struct err *netdev_name(const struct kernel *k, gva_t dev, char ret[static NETDEV_NAME_BYTES])
{
	return kfield_str(k, dev, F_net_device_name, ret, NETDEV_NAME_BYTES);
}

const struct err *netdev_index(const struct kernel *k, gva_t dev, int32_t *ret)
{
	int64_t index;

	TRY(kfield_int(k, dev, F_net_device_ifindex, &index));
	*ret = (int32_t)index;
	return NULL;
}
