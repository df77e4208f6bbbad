/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AF_UNIX sockets. Input: attacker-controlled. */
#include "transcall/kobj/unixsock.h"

#include <string.h>
#include <sys/socket.h>

#include "transcall/kobj/inode.h"
#include "transcall/kobj/list.h"

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

const struct err *unixsock_read_file(const struct kernel *k, gva_t at, uint32_t *ret_ino,
				     uint32_t *ret_dev, bool *ret)
{
	gva_t dentry, inode, super;
	uint64_t ino, dev;

	TRY(kfield_ptr(k, at, F_unix_sock_path_dentry, &dentry));
	*ret = !gva_is_null(dentry);
	if (!*ret)
		return NULL;
	TRY(inode_of_dentry(k, dentry, &inode));
	TRY(kfield_ptr(k, dentry, F_dentry_sb, &super));
	TRY(kfield_uint(k, inode, F_inode_ino, &ino));
	TRY(kfield_uint(k, super, F_super_block_dev, &dev));
	*ret_ino = (uint32_t)ino;
	*ret_dev = (uint32_t)dev;
	return NULL;
}

const struct err *unixsock_read_peer(const struct kernel *k, gva_t at, gva_t *ret)
{
	return kfield_ptr(k, at, F_unix_sock_peer, ret);
}

/* A queue of packets, which ends where it began. sk_buff begins with next, as the head does. */
static const struct err *queue_init(struct list_iter *it, const struct kernel *k, gva_t at)
{
	return list_init(it, k, kfield_at(k, at, F_sock_receive_queue));
}

/* unix_inq_len() */
const struct err *unixsock_read_queue(const struct kernel *k, gva_t at, uint16_t type,
				      uint32_t *ret_bytes)
{
	struct list_iter it;
	gva_t packet;

	*ret_bytes = 0;
	TRY(queue_init(&it, k, at));
	do {
		uint64_t len, consumed = 0;

		TRY(list_next(&it, k, &packet));
		if (gva_is_null(packet))
			return NULL;
		TRY(kfield_uint(k, packet, F_sk_buff_len, &len));
		if (type != SOCK_DGRAM)
			TRY(kfield_uint(k, kfield_at(k, packet, F_sk_buff_cb), F_unix_skb_consumed,
					&consumed));
		*ret_bytes += (uint32_t)(len - consumed);
	} while (type != SOCK_DGRAM);
	return NULL;
}

const struct err *unixsock_read_backlog(const struct kernel *k, gva_t at, uint32_t *ret)
{
	uint64_t len;

	TRY(kfield_uint(k, kfield_at(k, at, F_sock_receive_queue), F_sk_buff_head_qlen, &len));
	*ret = (uint32_t)len;
	return NULL;
}

/* sk_diag_dump_icons() */
const struct err *unixsock_read_waiting(const struct kernel *k, gva_t at, uint32_t *ret,
					unsigned max, unsigned *ret_count)
{
	struct list_iter it;
	gva_t packet, embryo, peer;

	TRY(queue_init(&it, k, at));
	for (*ret_count = 0; *ret_count < max; ++*ret_count) {
		uint64_t ino = 0;
		uint32_t uid;

		TRY(list_next(&it, k, &packet));
		if (gva_is_null(packet))
			return NULL;
		TRY(kfield_ptr(k, packet, F_sk_buff_sk, &embryo));
		TRY(unixsock_read_peer(k, embryo, &peer));
		if (!gva_is_null(peer))
			TRY(sock_owner(k, peer, &uid, &ino));
		ret[*ret_count] = (uint32_t)ino;
	}
	return NULL;
}
