/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets made by hand. */
#include "tests/unit/kobj/fake_sock.h"

#include <string.h>

static const struct {
	enum field_id id;
	uint32_t offset, size;
} members[] = {
	{F_sock_daddr, 0, 4},
	{F_sock_rcv_saddr, 4, 4},
	{F_sock_dport, 12, 2},
	{F_sock_num, 14, 2},
	{F_sock_family, 16, 2},
	{F_sock_state, 18, 1},
	{F_sock_net, 48, 8},
	{F_sock_v6_daddr, 56, 16},
	{F_sock_v6_rcv_saddr, 72, 16},
	{F_sock_node, 104, 16},
	{F_sock_refcnt, 128, 4},
	{F_sock_type, 132, 2},
	{F_sock_protocol, 134, 2},
	{F_sock_rmem_alloc, 136, 4},
	{F_sock_wmem_alloc, 140, 4},
	{F_sock_drops, 144, 4},
	{F_sock_socket, 152, 8},
	{F_sock_uid, 160, 4},
	{F_sock_ack_backlog, 164, 4},
	{F_sock_timer_pprev, 176, 8},
	{F_sock_timer_expires, 184, 8},
	{F_inet_sock_sport, 200, 2},
	{F_socket_alloc_socket, 0, 128},
	{F_socket_alloc_inode, 128, 128},
	{F_inode_uid, 4, 4},
	{F_inode_ino, 24, 8},
};

void fake_sock_init(struct fake_guest *g)
{
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fake_field(g, members[i].id, members[i].offset, members[i].size);
}

gva_t fake_sock(struct fake_guest *g, gva_t net, unsigned family, unsigned state)
{
	gva_t sock = fake_alloc(g, FAKE_SOCK_BYTES, 64);

	fake_set(g, sock, F_sock_net, net.v);
	fake_set(g, sock, F_sock_family, family);
	fake_set(g, sock, F_sock_state, state);
	fake_set(g, sock, F_sock_refcnt, 1);
	fake_set(g, sock, F_sock_wmem_alloc, 1);
	return sock;
}

void fake_sock_own(struct fake_guest *g, gva_t sock, uint32_t uid, uint64_t ino)
{
	gva_t alloc = fake_alloc(g, 512, 8);
	gva_t inode = gva_add(alloc, g->p.fields[F_socket_alloc_inode].offset_bytes);

	fake_set(g, inode, F_inode_uid, uid);
	fake_set(g, inode, F_inode_ino, ino);
	fake_set(g, sock, F_sock_socket, alloc.v);
}

void fake_sock_hash(struct fake_guest *g, gva_t head, gva_t sock, enum field_id link)
{
	gva_t node = gva_add(sock, g->p.fields[link].offset_bytes);
	uint64_t first;

	memcpy(&first, g->bytes + (head.v - FAKE_BASE), 8);
	fake_u64(g, node, first);
	fake_u64(g, head, node.v);
}
