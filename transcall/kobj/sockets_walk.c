/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The working set of sockets. Input: attacker-controlled. */
#include "transcall/kobj/sockets_walk.h"

#include <sys/socket.h>

#include "transcall/kobj/inet.h"
#include "transcall/kobj/netlinksock.h"
#include "transcall/kobj/ns.h"
#include "transcall/kobj/packet.h"
#include "transcall/kobj/pid.h"
#include "transcall/kobj/ptrhash.h"
#include "transcall/kobj/tcp.h"
#include "transcall/kobj/unixsock.h"
#include "transcall/kobj/walk.h"

static const struct err *tcp_walk(const struct kernel *k, const struct sock_head *head)
{
	struct tcp_request request;
	struct tcp_state tcp;
	uint64_t ticks, ino;
	uint8_t substate;
	uint32_t uid;

	if (head->state == SOCK_STATE_TIME_WAIT)
		return tcp_read_timewait(k, head->at, &ticks, &substate);
	if (head->state == SOCK_STATE_NEW_SYN_RECV)
		return tcp_read_request(k, head->at, &request);
	TRY(tcp_read(k, head, &tcp));
	return sock_owner(k, head->at, &uid, &ino);
}

static const struct err *inet_walk(const struct kernel *k, gva_t net, enum inet_table table,
				   uint16_t family)
{
	struct sock_head head;
	struct inet_ends ends;
	struct inet_iter it;
	struct ksock s;

	if (!inet_has_table(k, table))
		return NULL;
	TRY(inet_iter_init(&it, k, net, table, family));
	for (;;) {
		TRY(inet_iter_next(&it, k, &head));
		if (gva_is_null(head.at))
			return NULL;
		TRY(walk_past(inet_read_ends(k, &head, &ends)));
		TRY(walk_past(table == INET_TCP ? tcp_walk(k, &head) : sock_read(k, head.at, &s)));
	}
}

static const struct err *unix_walk(const struct kernel *k, gva_t net)
{
	struct unixsock_name name;
	struct unixsock_iter it;
	struct sock_head head;
	struct ksock s;

	TRY(unixsock_iter_init(&it, k, net));
	for (;;) {
		TRY(unixsock_iter_next(&it, k, &head));
		if (gva_is_null(head.at))
			return NULL;
		TRY(walk_past(sock_read(k, head.at, &s)));
		TRY(walk_past(unixsock_read_name(k, head.at, &name)));
	}
}

static const struct err *netlink_walk(const struct kernel *k, gva_t net)
{
	struct netlinksock_iter it;
	struct netlinksock n;
	struct sock_head head;
	struct ksock s;

	TRY(netlinksock_iter_init(&it, k, net));
	for (;;) {
		TRY(netlinksock_iter_next(&it, k, &head));
		if (gva_is_null(head.at))
			return NULL;
		TRY(walk_past(sock_read(k, head.at, &s)));
		TRY(walk_past(netlinksock_read(k, head.at, &n)));
	}
}

static const struct err *packet_walk(const struct kernel *k, gva_t net)
{
	struct packet_hook hook;
	struct packet_iter it;
	struct ksock s;
	gva_t at;

	TRY(packet_iter_init(&it, k, net));
	for (;;) {
		TRY(packet_iter_next(&it, k, &at));
		if (gva_is_null(at))
			return NULL;
		TRY(walk_past(sock_read(k, at, &s)));
		TRY(walk_past(packet_read_hook(&it, k, at, &hook)));
	}
}

static const struct err *all_walk(const struct kernel *k)
{
	static const struct {
		enum inet_table table;
		uint16_t family;
	} tables[] = {
		{INET_TCP, AF_INET},  {INET_TCP, AF_INET6},    {INET_UDP, AF_INET},
		{INET_UDP, AF_INET6}, {INET_UDPLITE, AF_INET}, {INET_UDPLITE, AF_INET6},
		{INET_RAW, AF_INET},  {INET_RAW6, AF_INET6},
	};
	gva_t reader, net;

	TRY(pid_find_task(k, kernel_symbol(k, S_init_pid_ns), 1, &reader));
	TRY(ns_net_of_task(k, reader, &net));
	TRY(walk_past(ptrhash_walk(k)));
	for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		TRY(walk_past(inet_walk(k, net, tables[i].table, tables[i].family)));
	TRY(walk_past(unix_walk(k, net)));
	TRY(walk_past(netlink_walk(k, net)));
	return packet_walk(k, net);
}

const struct err *sockets_walk(const struct kernel *k)
{
	return walk_past(all_walk(k));
}
