/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_symbols.h"
#include "transcall/kobj/netdev.h"
#include "transcall/kobj/netdev_stats.h"

#define TEXT        UINT64_C(0xffffffffc0000000)
#define PRIV_AT     160 /* behind the structure of 150 bytes, aligned */
#define QUEUE_BYTES 64
#define OWN_VALUE   1000 /* of the counters in struct net_device, and more for each next one */

static const struct fake_named functions[] = {
	{TEXT + 0x10, "virtnet_stats"},       {TEXT + 0x20, "xennet_get_stats64"},
	{TEXT + 0x30, "dummy_get_stats64"},   {TEXT + 0x40, "veth_get_stats64"},
	{TEXT + 0x50, "tun_net_get_stats64"}, {TEXT + 0x60, "vlan_dev_get_stats64"},
	{TEXT + 0x70, "other_get_stats64"},   {TEXT + 0x80, "veth_get_iflink"},
};

static struct fake_guest g;
static gva_t ops;

static void members_make(void)
{
	g.p.sizes[SIZE_net_device] = 150;
	fake_field(&g, F_net_device_name, 0, 16);
	fake_field(&g, F_net_device_netdev_ops, 16, 8);
	fake_field(&g, F_net_device_lstats, 24, 8);
	fake_field(&g, F_net_device_num_rx_queues, 32, 4);
	fake_field(&g, F_net_device_rx_dropped, 40, 8);
	fake_field(&g, F_net_device_tx_dropped, 48, 8);
	fake_field(&g, F_net_device_stats, 512, 184);
	fake_field(&g, F_net_device_ops_get_stats64, 0, 8);
	fake_field(&g, F_net_device_ops_get_stats, 8, 8);
	fake_field(&g, F_net_device_ops_get_iflink, 16, 8);
	fake_field(&g, F_net_device_ifindex, 56, 4);
	fake_field(&g, F_net_device_lower, 64, 16);
	fake_field(&g, F_sw_netstats_rx_packets, 0, 8);
	fake_field(&g, F_sw_netstats_rx_bytes, 8, 8);
	fake_field(&g, F_sw_netstats_tx_packets, 16, 8);
	fake_field(&g, F_sw_netstats_tx_bytes, 24, 8);
	fake_field(&g, F_pcpu_lstats_packets, 8, 8);
	fake_field(&g, F_pcpu_lstats_bytes, 16, 8);
}

/* What a profile that was built with the modules has besides. */
static void module_members_make(void)
{
	fake_field(&g, F_virtnet_info_sq, 8, 8);
	fake_field(&g, F_virtnet_info_rq, 16, 8);
	fake_field(&g, F_virtnet_info_max_queue_pairs, 24, 2);
	g.p.sizes[SIZE_send_queue] = g.p.sizes[SIZE_receive_queue] = QUEUE_BYTES;
	fake_field(&g, F_send_queue_name, 0, 16);
	fake_field(&g, F_send_queue_packets, 16, 8);
	fake_field(&g, F_send_queue_bytes, 24, 8);
	fake_field(&g, F_receive_queue_packets, 16, 8);
	fake_field(&g, F_receive_queue_bytes, 24, 8);
	fake_field(&g, F_receive_queue_drops, 32, 8);
	fake_field(&g, F_receive_queue_name, 40, 16);
	fake_field(&g, F_netfront_info_rx_stats, 8, 8);
	fake_field(&g, F_netfront_info_tx_stats, 16, 8);
	fake_field(&g, F_netfront_stats_packets, 0, 8);
	fake_field(&g, F_netfront_stats_bytes, 8, 8);
	fake_field(&g, F_tun_struct_rx_frame_errors, 40, 8);
	fake_field(&g, F_veth_priv_peer, 8, 8);
	fake_field(&g, F_veth_priv_dropped, 16, 8);
	fake_field(&g, F_veth_priv_rq, 24, 8);
	g.p.sizes[SIZE_veth_rq] = QUEUE_BYTES;
	fake_field(&g, F_veth_rq_drops, 0, 8);
	fake_field(&g, F_veth_rq_xdp_packets, 8, 8);
	fake_field(&g, F_veth_rq_xdp_bytes, 16, 8);
	fake_field(&g, F_veth_rq_xdp_tx_err, 24, 8);
	fake_field(&g, F_veth_rq_peer_err, 32, 8);
}

static gva_t device_make(const char *name)
{
	gva_t dev = fake_alloc(&g, 1024, 64);

	fake_write(&g, dev, name, strlen(name) + 1);
	fake_set(&g, dev, F_net_device_netdev_ops, ops.v);
	for (unsigned i = 0; i < NETDEV_OWN; i++)
		fake_u64(&g, gva_add(dev, 512 + 8 * i), OWN_VALUE + i);
	return dev;
}

/* A device whose driver has the @n-th function. */
static gva_t set_up(unsigned n)
{
	fake_guest_init(&g);
	fake_modules(&g);
	fake_module(&g, "driver", gva(TEXT), 0x800, functions, 8);
	members_make();
	module_members_make();
	ops = fake_alloc(&g, 64, 64);
	fake_set(&g, ops, F_net_device_ops_get_stats64, functions[n].address);
	return device_make("eth0");
}

static gva_t priv(gva_t dev)
{
	return gva_add(dev, PRIV_AT);
}

/* A per-CPU structure: its address for a pointer, given what the one CPU has. */
static uint64_t percpu_make(const uint64_t *words, unsigned count)
{
	gva_t at = fake_alloc(&g, 64, 64);

	for (unsigned i = 0; i < count; i++)
		fake_u64(&g, gva_add(at, 8 * i), words[i]);
	return at.v - g.k.percpu_base[0];
}

static struct netdev_stats read_all(gva_t dev)
{
	struct netdev_stats s;

	CHECK_OK(netdev_stats_read(&g.k, dev, &s));
	return s;
}

static gva_t virtio_queues(gva_t dev, enum field_id pointer, enum field_id name, const char *text,
			   unsigned count)
{
	gva_t queues = fake_alloc(&g, QUEUE_BYTES * count, 64);

	fake_set(&g, priv(dev), pointer, queues.v);
	for (unsigned i = 0; i < count; i++) {
		gva_t queue = gva_add(queues, QUEUE_BYTES * i);

		fake_write(&g, kfield_at(&g.k, queue, name), text, strlen(text) + 1);
		fake_u64(&g, gva_add(queue, 16), 10 + i);
		fake_u64(&g, gva_add(queue, 24), 1000 + i);
	}
	return queues;
}

static gva_t virtio_make(void)
{
	gva_t dev = set_up(0);

	fake_set(&g, priv(dev), F_virtnet_info_max_queue_pairs, 3);
	virtio_queues(dev, F_virtnet_info_sq, F_send_queue_name, "output.0", 3);
	gva_t rq = virtio_queues(dev, F_virtnet_info_rq, F_receive_queue_name, "input.0", 3);
	fake_set(&g, rq, F_receive_queue_drops, 5);
	return dev;
}

TEST(netdev_stats, adds_up_the_queues_of_virtio_net)
{
	struct netdev_stats s = read_all(virtio_make());

	CU_ASSERT_EQUAL(s.v[TX_PACKETS], 33);
	CU_ASSERT_EQUAL(s.v[TX_BYTES], 3003);
	CU_ASSERT_EQUAL(s.v[RX_PACKETS], 33);
	CU_ASSERT_EQUAL(s.v[RX_BYTES], 3003);
	CU_ASSERT_EQUAL(s.v[RX_DROPPED], 5);
	/* of the device's own, those that the driver passes on */
	CU_ASSERT_EQUAL(s.v[TX_DROPPED], OWN_VALUE + TX_DROPPED);
	CU_ASSERT_EQUAL(s.v[RX_LENGTH_ERRORS], OWN_VALUE + RX_LENGTH_ERRORS);
	CU_ASSERT_EQUAL(s.v[RX_ERRORS], 0);
	CU_ASSERT_EQUAL(s.v[TX_ERRORS], 0);
	CU_ASSERT_EQUAL(s.v[RX_NOHANDLER], 0);
}

TEST(netdev_stats, counts_timeouts_where_there_are_any)
{
	gva_t dev = virtio_make(), queues;

	fake_field(&g, F_send_queue_tx_timeouts, 32, 8);
	CHECK_OK(kfield_ptr(&g.k, priv(dev), F_virtnet_info_sq, &queues));
	fake_u64(&g, gva_add(queues, 32), 7);
	CU_ASSERT_EQUAL(read_all(dev).v[TX_ERRORS], 7);
}

TEST(netdev_stats, finds_private_members_behind_the_structure_or_in_it)
{
	gva_t dev = virtio_make();

	fake_field(&g, F_net_device_priv, PRIV_AT, 1);
	g.p.sizes[SIZE_net_device] = 0;
	CU_ASSERT_EQUAL(read_all(dev).v[TX_PACKETS], 33);
}

TEST(netdev_stats, refuses_queues_that_are_elsewhere)
{
	struct netdev_stats s;
	gva_t dev = virtio_make();

	fake_field(&g, F_send_queue_name, 1, 16);
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_ABSENT);
	dev = virtio_make();
	g.p.sizes[SIZE_receive_queue] = QUEUE_BYTES / 2;
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_ABSENT);
}

TEST(netdev_stats, refuses_queues_that_lead_nowhere)
{
	struct netdev_stats s;
	gva_t dev = virtio_make();

	fake_set(&g, priv(dev), F_virtnet_info_sq, 8);
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_FAULT);
	dev = virtio_make();
	fake_set(&g, priv(dev), F_virtnet_info_max_queue_pairs, 0xffff);
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_RACE);
}

TEST(netdev_stats, of_a_driver_that_is_not_known_are_absent)
{
	struct netdev_stats s;
	gva_t dev = set_up(6);

	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_ABSENT);
	fake_set(&g, ops, F_net_device_ops_get_stats64, TEXT + 0x10000);
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_ABSENT);
	/* one without statistics of 64 bits is none that we know either */
	fake_set(&g, ops, F_net_device_ops_get_stats64, 0);
	fake_set(&g, ops, F_net_device_ops_get_stats, TEXT + 0x70);
	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_ABSENT);
}

TEST(netdev_stats, without_the_modules_members_are_absent)
{
	struct netdev_stats s;

	for (unsigned n = 0; n < 6; n++) {
		gva_t dev = set_up(n);
		if (n == 2)
			continue;
		g.p.fields[F_virtnet_info_sq] = g.p.fields[F_netfront_info_rx_stats] =
			g.p.fields[F_veth_priv_dropped] = g.p.fields[F_tun_struct_rx_frame_errors] =
				(struct field){0};
		fake_set(&g, dev, F_net_device_lstats, percpu_make(NULL, 0));
		CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_ABSENT);
	}
}

TEST(netdev_stats, are_per_cpu_with_netfront)
{
	gva_t dev = set_up(1);

	fake_set(&g, priv(dev), F_netfront_info_rx_stats,
		 percpu_make((const uint64_t[]){3, 300}, 2));
	fake_set(&g, priv(dev), F_netfront_info_tx_stats,
		 percpu_make((const uint64_t[]){4, 400}, 2));
	struct netdev_stats s = read_all(dev);
	CU_ASSERT_EQUAL(s.v[RX_PACKETS], 3);
	CU_ASSERT_EQUAL(s.v[RX_BYTES], 300);
	CU_ASSERT_EQUAL(s.v[TX_PACKETS], 4);
	CU_ASSERT_EQUAL(s.v[TX_BYTES], 400);
	CU_ASSERT_EQUAL(s.v[RX_ERRORS], OWN_VALUE + RX_ERRORS);
	CU_ASSERT_EQUAL(s.v[TX_ERRORS], 0);
}

TEST(netdev_stats, of_a_dummy_are_what_it_was_sent)
{
	struct netdev_stats s;
	gva_t dev = set_up(2);

	CHECK_ERR(netdev_stats_read(&g.k, dev, &s), ERR_RACE); /* no counters yet */
	fake_set(&g, dev, F_net_device_lstats, percpu_make((const uint64_t[]){0, 6, 60}, 3));
	fake_set(&g, dev, F_net_device_rx_dropped, 2);
	s = read_all(dev);
	CU_ASSERT_EQUAL(s.v[TX_PACKETS], 6);
	CU_ASSERT_EQUAL(s.v[TX_BYTES], 60);
	CU_ASSERT_EQUAL(s.v[RX_PACKETS], 0);
	CU_ASSERT_EQUAL(s.v[RX_DROPPED], 2); /* the core's */
}

static void veth_end(gva_t dev, uint64_t peer, uint64_t sent)
{
	gva_t queue = fake_alloc(&g, QUEUE_BYTES, 64);

	fake_set(&g, priv(dev), F_veth_priv_peer, peer);
	fake_set(&g, priv(dev), F_veth_priv_rq, queue.v);
	fake_set(&g, dev, F_net_device_num_rx_queues, 1);
	fake_set(&g, dev, F_net_device_lstats,
		 percpu_make((const uint64_t[]){0, 0, sent, 100 * sent}, 4));
	for (unsigned i = 0; i < 5; i++)
		fake_u64(&g, gva_add(queue, 8 * i), sent * 10 + i);
}

TEST(netdev_stats, of_veth_are_both_ends)
{
	gva_t dev = set_up(3), other = device_make("peer");

	veth_end(dev, other.v, 1);
	veth_end(other, dev.v, 2);
	fake_set(&g, priv(dev), F_veth_priv_dropped, 3);
	struct netdev_stats s = read_all(dev);
	CU_ASSERT_EQUAL(s.v[TX_PACKETS], 1 + 21);
	CU_ASSERT_EQUAL(s.v[TX_BYTES], 100 + 22);
	CU_ASSERT_EQUAL(s.v[RX_PACKETS], 2 + 11);
	CU_ASSERT_EQUAL(s.v[RX_BYTES], 200 + 12);
	CU_ASSERT_EQUAL(s.v[TX_DROPPED], 3 + 13 + 24);
	CU_ASSERT_EQUAL(s.v[RX_DROPPED], 10 + 14 + 23);
	fake_set(&g, priv(dev), F_veth_priv_peer, 0); /* it is gone */
	CU_ASSERT_EQUAL(read_all(dev).v[RX_PACKETS], 11);
}

TEST(netdev_stats, of_tun_are_the_devices_and_its_own)
{
	gva_t dev = set_up(4);

	fake_set(&g, dev, F_net_device_lstats, percpu_make((const uint64_t[]){1, 2, 3, 4}, 4));
	fake_set(&g, priv(dev), F_tun_struct_rx_frame_errors, 9);
	struct netdev_stats s = read_all(dev);
	CU_ASSERT_EQUAL(s.v[RX_PACKETS], OWN_VALUE + RX_PACKETS + 1);
	CU_ASSERT_EQUAL(s.v[RX_FRAME_ERRORS], OWN_VALUE + RX_FRAME_ERRORS + 9);
}

TEST(netdev_stats, know_the_other_end_of_veth_only)
{
	gva_t dev = set_up(3), other = device_make("peer"), found;
	int32_t index;

	fake_list(&g, kfield_at(&g.k, dev, F_net_device_lower));
	veth_end(dev, other.v, 1);
	fake_set(&g, other, F_net_device_ifindex, 7);
	CHECK_OK(netdev_link(&g.k, dev, &index));
	CU_ASSERT_EQUAL(index, 0);
	fake_set(&g, ops, F_net_device_ops_get_iflink, TEXT + 0x80);
	CHECK_OK(netdev_link(&g.k, dev, &index));
	CU_ASSERT_EQUAL(index, 7);
	fake_set(&g, ops, F_net_device_ops_get_iflink, TEXT + 0x70); /* of another driver */
	CHECK_OK(netdev_peer(&g.k, dev, &found));
	CU_ASSERT(gva_is_null(found));
	fake_set(&g, ops, F_net_device_ops_get_iflink, TEXT + 0x10000); /* of none */
	CHECK_OK(netdev_peer(&g.k, dev, &found));
	CU_ASSERT(gva_is_null(found));
}

TEST(netdev_stats, find_a_namespaces_number)
{
	int32_t id;
	gva_t net = fake_alloc(&g, 64, 64);

	set_up(3);
	CHECK_OK(netdev_net_id(&g.k, net, gva(0x1000), &id));
	CU_ASSERT_EQUAL(id, -1); /* the profile does not say where */
	net = fake_alloc(&g, 64, 64);
	fake_field(&g, F_net_netns_ids, 8, 8);
	CHECK_OK(netdev_net_id(&g.k, net, gva(0x1000), &id));
	CU_ASSERT_EQUAL(id, -1);
	fake_set(&g, net, F_net_netns_ids, 0x1000); /* one entry, at 0 */
	CHECK_OK(netdev_net_id(&g.k, net, gva(0x1000), &id));
	CU_ASSERT_EQUAL(id, 0);
}
