/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routing of multicasts (net/ipv4/ipmr_base.c). Input: attacker-controlled. */
#include "transcall/kobj/mroute.h"

#include <string.h>

#define TABLE_DEFAULT  253u /* RT_TABLE_DEFAULT */
#define TABLE_DEFAULT6 254u /* RT6_TABLE_DFLT */

const struct err *mroute_find(const struct kernel *k, gva_t net, bool is_ipv6, struct mroute *ret)
{
	uint64_t id, count;
	struct list_iter it;

	*ret = (struct mroute){.is_ipv6 = is_ipv6};
	TRY(list_init(&it, k, kfield_at(k, net, is_ipv6 ? F_net_mr6_tables : F_net_mr_tables)));
	for (;;) {
		TRY(list_next(&it, k, &ret->table));
		if (gva_is_null(ret->table))
			return NULL;
		ret->table = kfield_container(k, ret->table, F_mr_table_list);
		TRY(kfield_uint(k, ret->table, F_mr_table_id, &id));
		if (id == (is_ipv6 ? TABLE_DEFAULT6 : TABLE_DEFAULT))
			break;
	}
	TRY(kfield_uint(k, ret->table, F_mr_table_maxvif, &count));
	ret->vif_count = count < MROUTE_VIFS ? (uint32_t)count : MROUTE_VIFS;
	return NULL;
}

const struct err *mroute_vif_read(const struct kernel *k, const struct mroute *r, uint32_t i,
				  struct mroute_vif *ret)
{
	gva_t at = gva_add(kfield_at(k, r->table, F_mr_table_vifs),
			   (uint64_t)i * k->profile->sizes[SIZE_vif_device]);
	uint64_t flags, local, remote;

	TRY(kfield_ptr(k, at, F_vif_device_dev, &ret->dev));
	TRY(kfield_uint(k, at, F_vif_device_bytes_in, &ret->bytes_in));
	TRY(kfield_uint(k, at, F_vif_device_bytes_out, &ret->bytes_out));
	TRY(kfield_uint(k, at, F_vif_device_pkt_in, &ret->packets_in));
	TRY(kfield_uint(k, at, F_vif_device_pkt_out, &ret->packets_out));
	TRY(kfield_uint(k, at, F_vif_device_flags, &flags));
	TRY(kfield_uint(k, at, F_vif_device_local, &local));
	TRY(kfield_uint(k, at, F_vif_device_remote, &remote));
	ret->flags = (uint16_t)flags;
	ret->local = (uint32_t)local;
	ret->remote = (uint32_t)remote;
	return NULL;
}

const struct err *mroute_iter_init(struct mroute_iter *it, const struct kernel *k,
				   const struct mroute *r)
{
	it->is_unresolved = false;
	return list_init(&it->list, k, kfield_at(k, r->table, F_mr_table_cache));
}

/* To the next route, also from one list to the other; @ret null: the end. */
static const struct err *entry_find(struct mroute_iter *it, const struct kernel *k,
				    const struct mroute *r, gva_t *ret)
{
	TRY(list_next(&it->list, k, ret));
	if (!gva_is_null(*ret) || it->is_unresolved)
		return NULL;
	it->is_unresolved = true;
	TRY(list_init(&it->list, k, kfield_at(k, r->table, F_mr_table_unresolved)));
	return list_next(&it->list, k, ret);
}

static const struct err *addresses_read(const struct kernel *k, bool is_ipv6,
					struct mroute_entry *ret)
{
	if (!is_ipv6) {
		TRY(kfield_bytes(k, ret->at, F_mfc_cache_group, ret->group, 4));
		return kfield_bytes(k, ret->at, F_mfc_cache_origin, ret->origin, 4);
	}
	TRY(kfield_bytes(k, ret->at, F_mfc6_cache_group, ret->group, 16));
	return kfield_bytes(k, ret->at, F_mfc6_cache_origin, ret->origin, 16);
}

static const struct err *resolved_read(const struct kernel *k, struct mroute_entry *ret)
{
	uint64_t first, end;

	TRY(kfield_uint(k, ret->at, F_mr_mfc_pkt, &ret->packets));
	TRY(kfield_uint(k, ret->at, F_mr_mfc_bytes, &ret->bytes));
	TRY(kfield_uint(k, ret->at, F_mr_mfc_wrong_if, &ret->wrong));
	TRY(kfield_uint(k, ret->at, F_mr_mfc_minvif, &first));
	TRY(kfield_uint(k, ret->at, F_mr_mfc_maxvif, &end));
	ret->first_vif = first < MROUTE_VIFS ? (uint32_t)first : MROUTE_VIFS;
	ret->end_vif = end < MROUTE_VIFS ? (uint32_t)end : MROUTE_VIFS;
	return kfield_bytes(k, ret->at, F_mr_mfc_ttls, ret->ttls, MROUTE_VIFS);
}

const struct err *mroute_iter_next(struct mroute_iter *it, const struct kernel *k,
				   const struct mroute *r, struct mroute_entry *ret)
{
	uint64_t parent;

	memset(ret, 0, sizeof(*ret));
	TRY(entry_find(it, k, r, &ret->at));
	if (gva_is_null(ret->at))
		return NULL;
	ret->at = kfield_container(k, ret->at, F_mr_mfc_list);
	ret->is_unresolved = it->is_unresolved;
	TRY(addresses_read(k, r->is_ipv6, ret));
	TRY(kfield_uint(k, ret->at, F_mr_mfc_parent, &parent));
	ret->parent = (int16_t)parent;
	return ret->is_unresolved ? NULL : resolved_read(k, ret);
}
