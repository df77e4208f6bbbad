/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/tcpinfo.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"

#define SOCK_BYTES 1024

static struct fake_guest g;
static struct sock_head head;

static const enum field_id members[] = {
#define ROW(member_, field_, unit_) F_##field_,
#include "transcall/kobj/tcpinfo.def"
#undef ROW
	F_sock_pacing_rate,        F_sock_max_pacing_rate,      F_tcp_sock_reordering,
	F_tcp_sock_snd_cwnd,       F_sock_ack_backlog,          F_sock_max_ack_backlog,
	F_tcp_sock_tstamp_ok,      F_tcp_sock_sack_ok,          F_tcp_sock_wscale_ok,
	F_tcp_sock_syn_data_acked, F_tcp_sock_ecn_flags,        F_tcp_sock_snd_wscale,
	F_tcp_sock_rcv_wscale,     F_tcp_sock_chrono_type,      F_tcp_sock_chrono_start,
	F_tcp_sock_rate_delivered, F_tcp_sock_rate_interval_us, F_tcp_sock_rate_app_limited,
	F_tcp_sock_write_seq,      F_tcp_sock_snd_nxt,          F_tcp_sock_fastopen_client_fail,
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

static void set_up(void)
{
	fake_guest_init(&g);
	for (uint32_t i = 0; i < MEMBERS; i++)
		fake_field(&g, members[i], 8 * i, 8);
	fake_field(&g, F_tcp_sock_chrono_stat, 8 * MEMBERS, 12);
	fake_field(&g, F_tcp_sock_rtt_min, 8 * MEMBERS + 16, 24);
	g.p.sizes[SIZE_tcp_sock] = SOCK_BYTES;
	g.p.sizes[SIZE_tcp_info] = sizeof(struct tcp_info);
	fake_variable(&g, S_jiffies, 1000);
	head = (struct sock_head){.at = fake_alloc(&g, SOCK_BYTES, 64),
				  .state = SOCK_STATE_ESTABLISHED};
}

static struct tcp_info info_of(void)
{
	struct tcp_info info = {0};
	size_t len;

	CHECK_OK(tcpinfo_read(&g.k, &head, &info, &len));
	CU_ASSERT_EQUAL(len, sizeof(info));
	return info;
}

TEST(tcpinfo, scaled_values_and_jiffies_are_converted)
{
	struct tcp_info info;

	set_up();
	fake_set(&g, head.at, F_tcp_sock_srtt_us, 8 * 123);
	fake_set(&g, head.at, F_tcp_sock_mdev_us, 4 * 45);
	fake_set(&g, head.at, F_icsk_rto, 50);
	fake_set(&g, head.at, F_tcp_sock_lsndtime, 990);
	fake_set(&g, head.at, F_tcp_sock_bytes_acked, UINT64_MAX);
	info = info_of();
	CU_ASSERT(info.tcpi_rtt == 123 && info.tcpi_rttvar == 45);
	CU_ASSERT_EQUAL(info.tcpi_rto, 200000);
	CU_ASSERT_EQUAL(info.tcpi_last_data_sent, 40);
	CU_ASSERT_EQUAL(info.tcpi_bytes_acked, UINT64_MAX);
}

TEST(tcpinfo, a_listener_tells_of_its_queue_alone)
{
	struct tcp_info info;

	set_up();
	head.state = SOCK_STATE_LISTEN;
	fake_set(&g, head.at, F_sock_ack_backlog, 2);
	fake_set(&g, head.at, F_sock_max_ack_backlog, 128);
	fake_set(&g, head.at, F_tcp_sock_srtt_us, 8 * 123);
	info = info_of();
	CU_ASSERT(info.tcpi_unacked == 2 && info.tcpi_sacked == 128 && info.tcpi_rtt == 0);
}

TEST(tcpinfo, a_rate_needs_an_interval)
{
	struct tcp_info info;

	set_up();
	fake_set(&g, head.at, F_tcp_sock_mss_cache, 1000);
	fake_set(&g, head.at, F_tcp_sock_rate_delivered, 3);
	info = info_of();
	CU_ASSERT_EQUAL(info.tcpi_delivery_rate, 0);
	fake_set(&g, head.at, F_tcp_sock_rate_interval_us, 1000000);
	info = info_of();
	CU_ASSERT_EQUAL(info.tcpi_delivery_rate, 3000);
	fake_set(&g, head.at, F_tcp_sock_rate_interval_us, UINT64_C(1) << 32);
	info = info_of();
	CU_ASSERT_EQUAL(info.tcpi_delivery_rate, 0);
}

TEST(tcpinfo, what_keeps_it_waiting_counts_until_now)
{
	struct tcp_info info;
	gva_t times;

	set_up();
	times = kfield_at(&g.k, head.at, F_tcp_sock_chrono_stat);
	fake_u32(&g, times, 10);
	fake_u32(&g, gva_add(times, 4), 20);
	fake_set(&g, head.at, F_tcp_sock_chrono_type, 2);
	fake_set(&g, head.at, F_tcp_sock_chrono_start, 995);
	info = info_of();
	CU_ASSERT_EQUAL(info.tcpi_rwnd_limited, 25 * 4000);
	CU_ASSERT_EQUAL(info.tcpi_busy_time, 35 * 4000);
	fake_set(&g, head.at, F_tcp_sock_chrono_type, UINT64_MAX); /* none there is */
	info = info_of();
	CU_ASSERT_EQUAL(info.tcpi_rwnd_limited, 20 * 4000);
}

TEST(tcpinfo, a_kernel_may_tell_less)
{
	struct tcp_info info;
	size_t len;

	set_up();
	g.p.sizes[SIZE_tcp_info] = 104;
	CHECK_OK(tcpinfo_read(&g.k, &head, &info, &len));
	CU_ASSERT_EQUAL(len, 104);
	g.p.sizes[SIZE_tcp_info] = UINT32_MAX;
	CHECK_OK(tcpinfo_read(&g.k, &head, &info, &len));
	CU_ASSERT_EQUAL(len, sizeof(info));
	g.p.sizes[SIZE_tcp_sock] = 64; /* less than its members take */
	CHECK_ERR(tcpinfo_read(&g.k, &head, &info, &len), ERR_PROFILE);
	g.p.sizes[SIZE_tcp_sock] = UINT32_MAX;
	CHECK_ERR(tcpinfo_read(&g.k, &head, &info, &len), ERR_PROFILE);
}
