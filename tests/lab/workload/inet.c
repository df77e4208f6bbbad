// SPDX-License-Identifier: GPL-2.0-or-later
/* Internet sockets: TCP in all states that last, UDP, raw, packet, netlink. */
#include "actor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	socklen_t len;
	int family;
};

/* "ADDRESS PORT" */
static struct endpoint endpoint_parse(const char *text)
{
	struct endpoint at = {.family = strchr(text, ':') ? AF_INET6 : AF_INET};
	char host[64];
	unsigned short port;

	if (sscanf(text, "%63s %hu", host, &port) != 2)
		fail(text);
	at.address.any.sa_family = (sa_family_t)at.family;
	if (at.family == AF_INET) {
		at.len = sizeof(at.address.v4);
		at.address.v4.sin_port = htons(port);
		check(inet_pton(AF_INET, host, &at.address.v4.sin_addr) - 1, text);
	} else {
		at.len = sizeof(at.address.v6);
		at.address.v6.sin6_port = htons(port);
		check(inet_pton(AF_INET6, host, &at.address.v6.sin6_addr) - 1, text);
	}
	return at;
}

static int bound(const char *text, int type)
{
	struct endpoint at = endpoint_parse(text);
	int fd = (int)check(socket(at.family, type | SOCK_CLOEXEC, 0), text);
	int on = 1;

	CHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	check(bind(fd, &at.address.any, at.len), text);
	return fd;
}

static int listening(const char *text)
{
	int fd = bound(text, SOCK_STREAM);

	check(listen(fd, 16), text);
	return fd;
}

static int connected(const char *text, int type)
{
	struct endpoint at = endpoint_parse(text);
	int fd = (int)check(socket(at.family, type | SOCK_CLOEXEC, 0), text);

	check(connect(fd, &at.address.any, at.len), text);
	return fd;
}

/* a server that waits for connections, as some other user */
static void run_listen(const char *arg)
{
	int fd = listening(arg);

	CHECK(setresuid(33, 33, 33));
	close(status_fd);
	accept(fd, NULL, NULL);
	hold();
}

static const char *client_target;

static void run_client(const char *arg)
{
	int fd = connected(client_target, SOCK_STREAM);
	char byte;

	(void)arg;
	CHECK(setresuid(1000, 1000, 1000));
	close(status_fd);
	CHECK(read(fd, &byte, 1));
	hold();
}

/* both ends of one connection, in two processes */
static void run_established(const char *arg)
{
	int fd = listening(arg);

	client_target = arg;
	actor_fork(run_client, NULL);
	CHECK(accept(fd, NULL, NULL));
	close(fd);
	hold();
}

/* unread bytes at one end, and more than fits, so that both queues are not empty */
static void run_queues(const char *arg)
{
	static char bytes[4096];
	int fd = listening(arg), client = connected(arg, SOCK_STREAM), size = 4096;

	CHECK(setsockopt(client, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)));
	CHECK(accept(fd, NULL, NULL));
	CHECK(send(client, bytes, 1000, 0));
	hold();
}

/* one half closed: FIN_WAIT2 here, CLOSE_WAIT there, as long as both are open */
static void run_half_closed(const char *arg)
{
	int fd = listening(arg), client = connected(arg, SOCK_STREAM);

	CHECK(accept(fd, NULL, NULL));
	CHECK(shutdown(client, SHUT_WR));
	hold();
}

/* connections that nobody accepts wait in the listener's queue */
static void run_backlog(const char *arg)
{
	listening(arg);
	connected(arg, SOCK_STREAM);
	connected(arg, SOCK_STREAM);
	hold();
}

static void run_udp(const char *arg)
{
	int fd = bound(arg, SOCK_DGRAM);
	char byte;

	close(status_fd);
	CHECK(recv(fd, &byte, 1, 0));
	hold();
}

static void run_udp_pair(const char *arg)
{
	int client;

	bound(arg, SOCK_DGRAM);
	client = connected(arg, SOCK_DGRAM);
	CHECK(send(client, "queued", 6, 0));
	hold();
}

static void run_unbound(const char *arg)
{
	(void)arg;
	CHECK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK(socket(AF_INET6, SOCK_DGRAM, 0));
	CHECK(socket(AF_UNIX, SOCK_STREAM, 0));
	hold();
}

static void run_raw(const char *arg)
{
	struct endpoint at = endpoint_parse("127.0.0.1 0");
	int fd = (int)CHECK(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));

	(void)arg;
	CHECK(bind(fd, &at.address.any, at.len));
	CHECK(socket(AF_INET, SOCK_RAW, 89));
	CHECK(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
	hold();
}

static void run_packet(const char *arg)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETHERTYPE_ARP),
				 .sll_ifindex = (int)if_nametoindex("eth0")};
	int fd = (int)CHECK(socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE_ARP)));

	(void)arg;
	CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)));
	CHECK(socket(AF_PACKET, SOCK_DGRAM, 0));
	hold();
}

static void netlink(int protocol, unsigned groups)
{
	struct sockaddr_nl at = {.nl_family = AF_NETLINK, .nl_groups = groups};
	int fd = (int)CHECK(socket(AF_NETLINK, SOCK_RAW, protocol));

	CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)));
}

static void run_netlink(const char *arg)
{
	(void)arg;
	netlink(NETLINK_ROUTE, RTMGRP_LINK | RTMGRP_IPV4_IFADDR);
	netlink(NETLINK_ROUTE, 0);
	netlink(NETLINK_KOBJECT_UEVENT, 1);
	netlink(NETLINK_SOCK_DIAG, 0);
	hold();
}

const struct actor inet_actors[] = {
	{"tcp-listen", run_listen, "0.0.0.0 80"},
	{"tcp-listen-lo", run_listen, "127.0.0.1 5432"},
	{"tcp6-listen", run_listen, ":: 8080"},
	{"tcp6-listen-lo", run_listen, "::1 631"},
	{"tcp-established", run_established, "127.0.0.1 7001"},
	{"tcp-established-eth", run_established, "10.0.2.15 7002"},
	{"tcp6-established", run_established, "::1 7003"},
	{"tcp6-established-eth", run_established, "fd00:1ab::15 7004"},
	{"tcp-queues", run_queues, "127.0.0.1 7005"},
	{"tcp-half-closed", run_half_closed, "127.0.0.1 7006"},
	{"tcp6-half-closed", run_half_closed, "::1 7007"},
	{"tcp-backlog", run_backlog, "127.0.0.1 7008"},
	{"udp", run_udp, "0.0.0.0 68"},
	{"udp6", run_udp, ":: 5353"},
	{"udp-pair", run_udp_pair, "127.0.0.1 7010"},
	{"udp6-pair", run_udp_pair, "::1 7011"},
	{"sockets-unbound", run_unbound, NULL},
	{"raw", run_raw, NULL},
	{"packet", run_packet, NULL},
	{"netlink", run_netlink, NULL},
	{NULL, NULL, NULL},
};
