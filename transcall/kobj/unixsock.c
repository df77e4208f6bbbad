/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AF_UNIX sockets. Input: attacker-controlled. */
#include "transcall/kobj/unixsock.h"

#include <string.h>

#define BUCKETS       512u /* 2 * UNIX_HASH_SIZE, since 6.0 UNIX_HASH_SIZE */
#define POINTER_BYTES 8u
#define FAMILY_BYTES  2u /* sun_family precedes the name */

const struct err *unixsock_iter_init(struct unixsock_iter *it, const struct kernel *k, gva_t net)
{
	gva_t heads = kernel_symbol(k, S_unix_socket_table);

	it->net = net;
	if (profile_has(k->profile, F_net_unix_buckets))
		TRY(kfield_ptr(k, net, F_net_unix_buckets, &heads));
	return hashwalk_init(&it->walk, heads, BUCKETS, POINTER_BYTES);
}

const struct err *unixsock_iter_next(struct unixsock_iter *it, const struct kernel *k,
				     struct sock_head *ret)
{
	gva_t node;

	for (;;) {
		TRY(hashwalk_next(&it->walk, k, &node));
		ret->at = gva(0);
		if (gva_is_null(node))
			return NULL;
		TRY(sock_read_head(k, kfield_container(k, node, F_sock_node), ret));
		if (gva_equal(ret->net, it->net))
			return NULL;
	}
}

const struct err *unixsock_read_name(const struct kernel *k, gva_t at, struct unixsock_name *ret)
{
	uint64_t len;
	gva_t addr;

	*ret = (struct unixsock_name){.bound = false};
	TRY(kfield_ptr(k, at, F_unix_sock_addr, &addr));
	if (gva_is_null(addr))
		return NULL;
	TRY(kfield_uint(k, addr, F_unix_address_len, &len));
	if (len <= FAMILY_BYTES || len - FAMILY_BYTES > sizeof(ret->bytes))
		return ERR_AT(ERR_RACE, addr.v, "a socket address of %u bytes", (unsigned)len);
	ret->bound = true;
	ret->len = (unsigned)len - FAMILY_BYTES;
	TRY(kread(k, gva_add(kfield_at(k, addr, F_unix_address_name), FAMILY_BYTES), ret->bytes,
		  ret->len));
	ret->abstract = ret->bytes[0] == 0;
	ret->len--;
	if (ret->abstract)
		memmove(ret->bytes, ret->bytes + 1, ret->len);
	return NULL;
}

const struct err *unixsock_fds_in_flight(const struct kernel *k, gva_t at, uint32_t *ret)
{
	uint64_t fds;

	TRY(kfield_uint(k, at, F_unix_sock_nr_fds, &fds));
	*ret = (uint32_t)fds;
	return NULL;
}
