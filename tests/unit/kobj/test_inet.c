/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/socket.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_sock.h"
#include "transcall/kobj/inet.h"
#include "transcall/kobj/tcp.h"

enum { LISTENING = 16, ESTABLISHED = 64, UDP = 32 };

static struct fake_guest g;
static gva_t net, other, listening, established, udp;
static struct inet_iter it;

static void tcp_tables(void)
{
	gva_t info = fake_alloc(&g, 64, 8);

	fake_field(&g, F_net_tcp_hashinfo, 8, 8);
	fake_field(&g, F_inet_hashinfo_lhash2, 0, 8);
	fake_field(&g, F_inet_hashinfo_lhash2_mask, 8, 4);
	fake_field(&g, F_inet_hashinfo_ehash, 16, 8);
	fake_field(&g, F_inet_hashinfo_ehash_mask, 24, 4);
	fake_field(&g, F_inet_listen_hashbucket_head, 8, 8);
	fake_field(&g, F_inet_ehash_bucket_chain, 0, 8);
	g.p.sizes[SIZE_inet_listen_hashbucket] = 16;
	g.p.sizes[SIZE_inet_ehash_bucket] = 8;
	listening = fake_alloc(&g, 16 * LISTENING, 8);
	established = fake_alloc(&g, 8 * ESTABLISHED, 8);
	fake_set(&g, info, F_inet_hashinfo_lhash2, listening.v);
	fake_set(&g, info, F_inet_hashinfo_lhash2_mask, LISTENING - 1);
	fake_set(&g, info, F_inet_hashinfo_ehash, established.v);
	fake_set(&g, info, F_inet_hashinfo_ehash_mask, ESTABLISHED - 1);
	fake_set(&g, net, F_net_tcp_hashinfo, info.v);
}

static void udp_table(void)
{
	gva_t table = fake_alloc(&g, 64, 8);

	fake_field(&g, F_net_udp_table, 16, 8);
	fake_field(&g, F_udp_table_hash, 0, 8);
	fake_field(&g, F_udp_table_mask, 8, 4);
	fake_field(&g, F_udp_hslot_head, 0, 8);
	g.p.sizes[SIZE_udp_hslot] = 16;
	udp = fake_alloc(&g, 16 * UDP, 8);
	fake_set(&g, table, F_udp_table_hash, udp.v);
	fake_set(&g, table, F_udp_table_mask, UDP - 1);
	fake_set(&g, net, F_net_udp_table, table.v);
}

static void set_up(void)
{
	fake_guest_init(&g);
	fake_sock_init(&g);
	net = fake_alloc(&g, 64, 64);
	other = fake_alloc(&g, 64, 64);
	tcp_tables();
	udp_table();
}

static gva_t listen_in(unsigned bucket, gva_t in, unsigned family)
{
	gva_t sock = fake_sock(&g, in, family, SOCK_STATE_LISTEN);

	fake_sock_hash(&g, gva_add(listening, 16 * bucket + 8), sock, F_sock_node);
	return sock;
}

static gva_t connect_in(unsigned bucket, unsigned family, unsigned state)
{
	gva_t sock = fake_sock(&g, net, family, state);

	fake_sock_hash(&g, gva_add(established, 8 * bucket), sock, F_sock_node);
	return sock;
}

static void expect(gva_t sock)
{
	struct sock_head head;

	CHECK_OK(inet_iter_next(&it, &g.k, &head));
	CU_ASSERT_EQUAL(head.at.v, sock.v);
}

TEST(inet, tcp_shows_listening_sockets_then_the_others)
{
	gva_t first, second, third, fourth;

	set_up();
	fourth = connect_in(63, AF_INET, SOCK_STATE_TIME_WAIT);
	third = connect_in(0, AF_INET, SOCK_STATE_ESTABLISHED);
	second = listen_in(9, net, AF_INET);
	first = listen_in(2, net, AF_INET);
	listen_in(3, other, AF_INET);
	listen_in(9, net, AF_INET6);
	connect_in(5, AF_INET6, SOCK_STATE_ESTABLISHED);
	CHECK_OK(inet_iter_init(&it, &g.k, net, INET_TCP, AF_INET));
	expect(first);
	expect(second);
	expect(third);
	expect(fourth);
	expect(gva(0));
}

/* Before 5.19 one table for all namespaces, by port. */
TEST(inet, tcp_of_older_kernels_is_found_too)
{
	gva_t info, sock;

	set_up();
	fake_field(&g, F_inet_hashinfo_listening, 64, 16 * 32);
	info = fake_symbol(&g, S_tcp_hashinfo, 64 + 16 * 32);
	fake_set(&g, info, F_inet_hashinfo_ehash, established.v);
	fake_set(&g, info, F_inet_hashinfo_ehash_mask, ESTABLISHED - 1);
	sock = fake_sock(&g, net, AF_INET, SOCK_STATE_LISTEN);
	fake_sock_hash(&g, gva_add(info, 64 + 16 * 31 + 8), sock, F_sock_node);
	CHECK_OK(inet_iter_init(&it, &g.k, net, INET_TCP, AF_INET));
	expect(sock);
	expect(gva(0));
}

TEST(inet, udp_tells_the_bucket)
{
	gva_t sock;

	set_up();
	sock = fake_sock(&g, net, AF_INET6, 7);
	fake_sock_hash(&g, gva_add(udp, 16 * 21), sock, F_sock_node);
	CHECK_OK(inet_iter_init(&it, &g.k, net, INET_UDP, AF_INET6));
	expect(sock);
	CU_ASSERT_EQUAL(it.walk.bucket, 21);
	expect(gva(0));
	CU_ASSERT_FALSE(inet_has_table(&g.k, INET_UDPLITE));
}

TEST(inet, a_table_of_impossible_size_is_refused)
{
	gva_t table;

	set_up();
	CHECK_OK(kfield_ptr(&g.k, net, F_net_udp_table, &table));
	fake_set(&g, table, F_udp_table_mask, UINT32_MAX);
	CHECK_ERR(inet_iter_init(&it, &g.k, net, INET_UDP, AF_INET), ERR_RACE);
}

TEST(inet, addresses_and_ports_are_as_the_kernel_prints_them)
{
	static const uint8_t loopback[4] = {127, 0, 0, 1}, v6[16] = {0xfd, 0, 1, 0xab, [15] = 0x15};
	static const uint8_t port[2] = {0x1f, 0x90}; /* 8080 */
	struct sock_head head;
	struct inet_ends ends;
	gva_t sock;

	set_up();
	sock = fake_sock(&g, net, AF_INET, SOCK_STATE_ESTABLISHED);
	fake_write(&g, kfield_at(&g.k, sock, F_sock_rcv_saddr), loopback, 4);
	fake_write(&g, kfield_at(&g.k, sock, F_sock_dport), port, 2);
	fake_write(&g, kfield_at(&g.k, sock, F_inet_sock_sport), port, 2);
	fake_set(&g, sock, F_sock_num, 17);
	CHECK_OK(sock_read_head(&g.k, sock, &head));
	CHECK_OK(inet_read_ends(&g.k, &head, &ends));
	CU_ASSERT_EQUAL(ends.local[0], 0x0100007f);
	CU_ASSERT_EQUAL(ends.remote_port, 8080);
	CU_ASSERT_EQUAL(ends.local_port, 8080);
	CU_ASSERT_EQUAL(ends.number, 17);
	head.state = SOCK_STATE_NEW_SYN_RECV; /* has no inet_sport */
	CHECK_OK(inet_read_ends(&g.k, &head, &ends));
	CU_ASSERT_EQUAL(ends.local_port, 17);
	head.family = AF_INET6;
	fake_write(&g, kfield_at(&g.k, sock, F_sock_v6_daddr), v6, 16);
	CHECK_OK(inet_read_ends(&g.k, &head, &ends));
	CU_ASSERT_EQUAL(ends.remote[0], 0xab0100fd);
	CU_ASSERT_EQUAL(ends.remote[3], 0x15000000);
}

static const struct {
	enum field_id id;
	uint32_t offset, size;
} tcp_members[] = {
	{F_icsk_pending, 300, 1},
	{F_icsk_timeout, 304, 8},
	{F_icsk_retransmits, 312, 1},
	{F_icsk_probes_out, 313, 1},
	{F_icsk_rto, 316, 4},
	{F_icsk_ack_ato, 320, 4},
	{F_icsk_ack_quick, 324, 1},
	{F_icsk_ack_pingpong, 325, 1},
	{F_icsk_fastopen_max_qlen, 328, 4},
	{F_tcp_sock_write_seq, 400, 4},
	{F_tcp_sock_snd_una, 404, 4},
	{F_tcp_sock_rcv_nxt, 408, 4},
	{F_tcp_sock_copied_seq, 412, 4},
	{F_tcp_sock_snd_cwnd, 416, 4},
	{F_tcp_sock_snd_ssthresh, 420, 4},
};

static gva_t tcp_sock(struct sock_head *head, unsigned state)
{
	gva_t sock;

	set_up();
	for (unsigned i = 0; i < sizeof(tcp_members) / sizeof(tcp_members[0]); i++)
		fake_field(&g, tcp_members[i].id, tcp_members[i].offset, tcp_members[i].size);
	g.p.sizes[SIZE_tcp_sock] = 512;
	fake_variable(&g, S_jiffies, 10000);
	sock = fake_sock(&g, net, AF_INET, state);
	fake_set(&g, sock, F_tcp_sock_write_seq, 5);
	fake_set(&g, sock, F_tcp_sock_snd_una, UINT32_MAX);
	fake_set(&g, sock, F_tcp_sock_rcv_nxt, 1000);
	fake_set(&g, sock, F_tcp_sock_copied_seq, 400);
	fake_set(&g, sock, F_tcp_sock_snd_ssthresh, 0x7fffffff);
	fake_set(&g, sock, F_tcp_sock_snd_cwnd, 10);
	fake_set(&g, sock, F_icsk_rto, 51);
	fake_set(&g, sock, F_icsk_ack_quick, 8);
	fake_set(&g, sock, F_icsk_ack_pingpong, 1);
	fake_set(&g, sock, F_sock_ack_backlog, 2);
	CHECK_OK(sock_read_head(&g.k, sock, head));
	return sock;
}

TEST(tcp, shows_queues_windows_and_delays)
{
	struct sock_head head;
	struct tcp_state t;
	gva_t sock;

	sock = tcp_sock(&head, SOCK_STATE_ESTABLISHED);
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.tx_queue, 6); /* sequence numbers wrap */
	CU_ASSERT_EQUAL(t.rx_queue, 600);
	CU_ASSERT_EQUAL(t.ssthresh, -1);
	CU_ASSERT_EQUAL(t.rto_ticks, 20);
	CU_ASSERT_EQUAL(t.quick_pingpong, 17);
	CU_ASSERT_EQUAL(t.timer, 0);
	fake_set(&g, sock, F_tcp_sock_copied_seq, 1001); /* for a moment */
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.rx_queue, 0);
}

TEST(tcp, listening_sockets_show_their_backlog)
{
	struct sock_head head;
	struct tcp_state t;
	gva_t sock;

	sock = tcp_sock(&head, SOCK_STATE_LISTEN);
	fake_set(&g, sock, F_icsk_fastopen_max_qlen, 5);
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.rx_queue, 2);
	CU_ASSERT_EQUAL(t.ssthresh, 5);
}

TEST(tcp, the_timer_shown_is_the_pending_one)
{
	struct sock_head head;
	struct tcp_state t;
	gva_t sock;

	sock = tcp_sock(&head, SOCK_STATE_ESTABLISHED);
	fake_set(&g, sock, F_icsk_timeout, 10050);
	fake_set(&g, sock, F_sock_timer_expires, 10500);
	fake_set(&g, sock, F_sock_timer_pprev, 1);
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.timer, 2);
	CU_ASSERT_EQUAL(t.timer_ticks, 200);
	fake_set(&g, sock, F_icsk_pending, 1);
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.timer, 1);
	CU_ASSERT_EQUAL(t.timer_ticks, 20);
	fake_set(&g, sock, F_icsk_pending, 3);
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.timer, 4);
	/* since 7.0 the timers have places of their own */
	fake_field(&g, F_sock_retransmit_expires, 192, 8);
	fake_field(&g, F_icsk_keepalive_pprev, 336, 8);
	fake_field(&g, F_icsk_keepalive_expires, 344, 8);
	fake_set(&g, sock, F_sock_retransmit_expires, 10100);
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.timer_ticks, 40);
	fake_set(&g, sock, F_icsk_pending, 0);
	CHECK_OK(tcp_read(&g.k, &head, &t));
	CU_ASSERT_EQUAL(t.timer, 0);
}

TEST(tcp, closing_and_opening_connections_have_their_own_timers)
{
	struct tcp_request request;
	struct tcp_timewait closing;
	gva_t sock, listener;

	set_up();
	fake_variable(&g, S_jiffies, 10000);
	fake_field(&g, F_timewait_expires, 256, 8);
	fake_field(&g, F_timewait_substate, 264, 1);
	fake_field(&g, F_request_expires, 272, 8);
	fake_field(&g, F_request_num_timeout, 280, 1);
	fake_field(&g, F_request_listener, 288, 8);
	fake_field(&g, F_request_num_retrans, 296, 1);
	sock = fake_sock(&g, net, AF_INET, SOCK_STATE_TIME_WAIT);
	fake_set(&g, sock, F_timewait_expires, 25000);
	fake_set(&g, sock, F_timewait_substate, 6);
	CHECK_OK(tcp_read_timewait(&g.k, sock, &closing));
	CU_ASSERT_EQUAL(closing.timer_ticks, 6000);
	CU_ASSERT_EQUAL(closing.timer_ms, 60000);
	CU_ASSERT_EQUAL(closing.substate, 6);
	listener = fake_sock(&g, net, AF_INET, SOCK_STATE_LISTEN);
	fake_sock_own(&g, listener, 33, 5);
	fake_set(&g, sock, F_request_listener, listener.v);
	fake_set(&g, sock, F_request_num_timeout, 2);
	CHECK_OK(tcp_read_request(&g.k, sock, &request));
	CU_ASSERT_EQUAL(request.uid, 33);
	CU_ASSERT_EQUAL(request.timeouts, 2);
	CU_ASSERT_EQUAL(request.timer_ms, 0);
	CU_ASSERT_EQUAL(request.timer_ticks, 0);
}
