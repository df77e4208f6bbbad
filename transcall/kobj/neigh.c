/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours. Input: attacker-controlled. */
#include "transcall/kobj/neigh.h"

#include <string.h>
#include <sys/socket.h>

#define POINTER_BYTES 8u
#define KEY_BITS_MAX  24u
#define IPV4_BYTES    4u
#define IPV6_BYTES    16u

static gva_t table_of(const struct kernel *k, uint16_t family)
{
	return kernel_symbol(k, family == AF_INET6 ? S_nd_tbl : S_arp_tbl);
}

/* The chains: pointers to what begins with a pointer to the next, as in hlists. */
const struct err *neigh_iter_init(struct neigh_iter *it, const struct kernel *k, gva_t net,
				  uint16_t family)
{
	gva_t table = table_of(k, family), hash, heads;
	uint64_t shift;

	it->net = net;
	it->key_len = family == AF_INET6 ? IPV6_BYTES : IPV4_BYTES;
	TRY(kfield_ptr(k, table, F_neigh_table_nht, &hash));
	TRY(kfield_uint(k, hash, F_neigh_hash_table_shift, &shift));
	TRY(kfield_ptr(k, hash, F_neigh_hash_table_buckets, &heads));
	if (shift > KEY_BITS_MAX)
		return ERR_AT(ERR_RACE, hash.v, "a table of 2^%u neighbours", (unsigned)shift);
	return hashwalk_init(&it->walk, heads, UINT64_C(1) << shift, POINTER_BYTES);
}

static const struct err *numbers_read(const struct kernel *k, gva_t at, struct neigh *ret)
{
	static const struct {
		enum field_id field;
		uint16_t offset;
		uint8_t len;
	} rows[] = {
		{F_neighbour_nud_state, offsetof(struct neigh, state), 1},
		{F_neighbour_type, offsetof(struct neigh, type), 1},
		{F_neighbour_protocol, offsetof(struct neigh, protocol), 1},
		{F_neighbour_flags, offsetof(struct neigh, flags), 4},
		{F_neighbour_probes, offsetof(struct neigh, probes), 4},
		{F_neighbour_refcnt, offsetof(struct neigh, references), 4},
		{F_neighbour_used, offsetof(struct neigh, used), 8},
		{F_neighbour_confirmed, offsetof(struct neigh, confirmed), 8},
		{F_neighbour_updated, offsetof(struct neigh, updated), 8},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t v;

		TRY(kfield_uint(k, at, rows[i].field, &v));
		memcpy((uint8_t *)ret + rows[i].offset, &v, rows[i].len);
	}
	return NULL;
}

const struct err *neigh_iter_next(struct neigh_iter *it, const struct kernel *k, struct neigh *ret)
{
	gva_t node, net;

	for (;;) {
		ret->dev = gva(0);
		TRY(hashwalk_next(&it->walk, k, &node));
		if (gva_is_null(node))
			return NULL;
		gva_t at = kfield_container(k, node, F_neighbour_hash);
		TRY(kfield_ptr(k, at, F_neighbour_dev, &ret->dev));
		TRY(kfield_ptr(k, ret->dev, F_net_device_net, &net));
		if (!gva_equal(net, it->net))
			continue;
		TRY(kread(k, kfield_at(k, at, F_neighbour_key), ret->key, it->key_len));
		TRY(kfield_bytes(k, at, F_neighbour_ha, ret->address, sizeof(ret->address)));
		return numbers_read(k, at, ret);
	}
}

const struct err *neigh_read_stats(const struct kernel *k, uint16_t family, unsigned cpu,
				   struct neigh_stats *ret)
{
	static const enum field_id ids[NEIGH_STATS] = {F_neigh_statistics_allocs,
						       F_neigh_statistics_destroys,
						       F_neigh_statistics_hash_grows,
						       F_neigh_statistics_lookups,
						       F_neigh_statistics_hits,
						       F_neigh_statistics_res_failed,
						       F_neigh_statistics_rcv_probes_mcast,
						       F_neigh_statistics_rcv_probes_ucast,
						       F_neigh_statistics_periodic_gc_runs,
						       F_neigh_statistics_forced_gc_runs,
						       F_neigh_statistics_unres_discards,
						       F_neigh_statistics_table_fulls};
	gva_t table = table_of(k, family), at;
	uint64_t entries;

	TRY(kfield_uint(k, table, F_neigh_table_entries, &entries));
	TRY(kfield_ptr(k, table, F_neigh_table_stats, &at));
	at = gva_add(at, k->percpu_base[cpu]);
	ret->entries = (uint32_t)entries;
	for (unsigned i = 0; i < NEIGH_STATS; i++)
		TRY(kfield_uint(k, at, ids[i], &ret->v[i]));
	return NULL;
}
