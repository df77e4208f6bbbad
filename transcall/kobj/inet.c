/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6 sockets. Input: attacker-controlled. */
#include "transcall/kobj/inet.h"

#include <sys/socket.h>

#define RAW_BUCKETS       256u /* RAW_HTABLE_SIZE, MAX_INET_PROTOS */
#define PING_BUCKETS      64u  /* PING_HTABLE_SIZE */
#define LISTENING_BUCKETS 32u  /* INET_LHTABLE_SIZE */
#define POINTER_BYTES     8u

bool inet_has_table(const struct kernel *k, enum inet_table table)
{
	return table != INET_UDPLITE || k->profile->has_symbol[S_udplite_table];
}

/* Before 5.19, /proc shows the table by port alone, which was dropped then. */
static const struct err *listening_init(struct hashwalk *w, const struct kernel *k, gva_t info)
{
	uint32_t stride = k->profile->sizes[SIZE_inet_listen_hashbucket];
	uint64_t mask = LISTENING_BUCKETS - 1;
	gva_t heads;

	if (profile_has(k->profile, F_inet_hashinfo_listening))
		heads = kfield_at(k, info, F_inet_hashinfo_listening);
	else {
		TRY(kfield_ptr(k, info, F_inet_hashinfo_lhash2, &heads));
		TRY(kfield_uint(k, info, F_inet_hashinfo_lhash2_mask, &mask));
	}
	return hashwalk_init(w, kfield_at(k, heads, F_inet_listen_hashbucket_head), mask + 1,
			     stride);
}

static const struct err *established_init(struct hashwalk *w, const struct kernel *k, gva_t info)
{
	uint64_t mask;
	gva_t heads;

	TRY(kfield_ptr(k, info, F_inet_hashinfo_ehash, &heads));
	TRY(kfield_uint(k, info, F_inet_hashinfo_ehash_mask, &mask));
	return hashwalk_init(w, kfield_at(k, heads, F_inet_ehash_bucket_chain), mask + 1,
			     k->profile->sizes[SIZE_inet_ehash_bucket]);
}

static const struct err *tcp_init(struct inet_iter *it, const struct kernel *k)
{
	gva_t info = kernel_symbol(k, S_tcp_hashinfo);

	if (!profile_has(k->profile, F_inet_hashinfo_listening))
		TRY(kfield_ptr(k, it->net, F_net_tcp_hashinfo, &info));
	return it->established ? established_init(&it->walk, k, info)
			       : listening_init(&it->walk, k, info);
}

static const struct err *udp_init(struct inet_iter *it, const struct kernel *k)
{
	gva_t table = kernel_symbol(k, S_udp_table), heads;
	uint64_t mask;

	if (it->table == INET_UDPLITE)
		table = kernel_symbol(k, S_udplite_table);
	else if (profile_has(k->profile, F_net_udp_table))
		TRY(kfield_ptr(k, it->net, F_net_udp_table, &table));
	TRY(kfield_ptr(k, table, F_udp_table_hash, &heads));
	TRY(kfield_uint(k, table, F_udp_table_mask, &mask));
	return hashwalk_init(&it->walk, kfield_at(k, heads, F_udp_hslot_head), mask + 1,
			     k->profile->sizes[SIZE_udp_hslot]);
}

static const struct err *raw_init(struct inet_iter *it, const struct kernel *k)
{
	gva_t info =
		kernel_symbol(k, it->table == INET_RAW6 ? S_raw_v6_hashinfo : S_raw_v4_hashinfo);

	return hashwalk_init(&it->walk, kfield_at(k, info, F_raw_hashinfo_heads), RAW_BUCKETS,
			     POINTER_BYTES);
}

static const struct err *ping_init(struct inet_iter *it, const struct kernel *k)
{
	gva_t table = kernel_symbol(k, S_ping_table);

	return hashwalk_init(&it->walk, kfield_at(k, table, F_ping_table_heads), PING_BUCKETS,
			     POINTER_BYTES);
}

const struct err *inet_iter_init(struct inet_iter *it, const struct kernel *k, gva_t net,
				 enum inet_table table, uint16_t family)
{
	it->table = table;
	it->net = net;
	it->family = family;
	it->established = false;
	if (table == INET_TCP)
		return tcp_init(it, k);
	if (table == INET_UDP || table == INET_UDPLITE)
		return udp_init(it, k);
	return table == INET_PING ? ping_init(it, k) : raw_init(it, k);
}

const struct err *inet_iter_next(struct inet_iter *it, const struct kernel *k,
				 struct sock_head *ret)
{
	gva_t node;

	for (;;) {
		TRY(hashwalk_next(&it->walk, k, &node));
		if (gva_is_null(node) && it->table == INET_TCP && !it->established) {
			it->established = true;
			TRY(tcp_init(it, k));
			continue;
		}
		ret->at = gva(0);
		if (gva_is_null(node))
			return NULL;
		TRY(sock_read_head(k, kfield_container(k, node, F_sock_node), ret));
		if (gva_equal(ret->net, it->net) && ret->family == it->family)
			return NULL;
	}
}

static uint16_t from_network(uint64_t port)
{
	return (uint16_t)((port & 0xff) << 8 | (port >> 8 & 0xff));
}

static const struct err *words_read(const struct kernel *k, gva_t at, enum field_id id,
				    uint32_t ret[static 4])
{
	uint8_t bytes[16];

	TRY(kfield_bytes(k, at, id, bytes, sizeof(bytes)));
	for (unsigned i = 0; i < 4; i++)
		ret[i] = (uint32_t)bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 |
			 (uint32_t)bytes[4 * i + 2] << 16 | (uint32_t)bytes[4 * i + 3] << 24;
	return NULL;
}

static const struct err *addresses_read(const struct kernel *k, const struct sock_head *head,
					struct inet_ends *ret)
{
	uint64_t local, remote;

	if (head->family == AF_INET6) {
		TRY(words_read(k, head->at, F_sock_v6_rcv_saddr, ret->local));
		return words_read(k, head->at, F_sock_v6_daddr, ret->remote);
	}
	TRY(kfield_uint(k, head->at, F_sock_rcv_saddr, &local));
	TRY(kfield_uint(k, head->at, F_sock_daddr, &remote));
	ret->local[0] = (uint32_t)local;
	ret->remote[0] = (uint32_t)remote;
	return NULL;
}

const struct err *inet_read_ends(const struct kernel *k, const struct sock_head *head,
				 struct inet_ends *ret)
{
	uint64_t dport, sport, number;

	*ret = (struct inet_ends){0};
	TRY(addresses_read(k, head, ret));
	TRY(kfield_uint(k, head->at, F_sock_dport, &dport));
	TRY(kfield_uint(k, head->at, F_sock_num, &number));
	ret->remote_port = from_network(dport);
	ret->number = (uint16_t)number;
	ret->local_port = ret->number;
	if (head->state == SOCK_STATE_NEW_SYN_RECV)
		return NULL;
	TRY(kfield_uint(k, head->at,
			head->state == SOCK_STATE_TIME_WAIT ? F_timewait_sport : F_inet_sock_sport,
			&sport));
	ret->local_port = from_network(sport);
	return NULL;
}
