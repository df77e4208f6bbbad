/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How drivers count, as tables: what each ndo_get_stats64() adds up, from drivers/net and
 * net/8021q of 5.10, 6.1, 6.12 and 7.2, which differ in members only.
 */
#include "transcall/kobj/netdev_driver.h"

#define OWN(c)  (UINT32_C(1) << (c))
#define OWN_ALL UINT32_MAX

#define MEMBERS(of, member)                                                                        \
	{                                                                                          \
		.where = PRIVATE, .parts = (of), .pointer = (member)                               \
	}
#define DEVICE_SUM(of)                                                                             \
	{                                                                                          \
		.where = TSTATS, .parts = (of), .pointer = F_net_device_lstats                     \
	}
#define PERCPU_SUM(of, to)                                                                         \
	{                                                                                          \
		.where = PERCPU, .parts = (of), .pointer = (to)                                    \
	}
#define VETH_QUEUES(of)                                                                            \
	{                                                                                          \
		.where = QUEUES, .parts = (of), .pointer = F_veth_priv_rq,                         \
		.element = SIZE_veth_rq, .count = F_net_device_num_rx_queues                       \
	}

/* --- virtio_net: virtnet_stats() ------------------------------------------------------------- */

static const struct part send_parts[] = {
	{F_send_queue_packets, TX_PACKETS},
	{F_send_queue_bytes, TX_BYTES},
	{F_send_queue_tx_timeouts, TX_ERRORS},
	{0},
};
static const struct part receive_parts[] = {
	{F_receive_queue_packets, RX_PACKETS},
	{F_receive_queue_bytes, RX_BYTES},
	{F_receive_queue_drops, RX_DROPPED},
	{0},
};

/* --- xen-netfront: xennet_get_stats64() ------------------------------------------------------ */

static const struct part netfront_rx_parts[] = {
	{F_netfront_stats_packets, RX_PACKETS},
	{F_netfront_stats_bytes, RX_BYTES},
	{0},
};
static const struct part netfront_tx_parts[] = {
	{F_netfront_stats_packets, TX_PACKETS},
	{F_netfront_stats_bytes, TX_BYTES},
	{0},
};

/* --- dummy, tun, 8021q ------------------------------------------------------------------------ */

static const struct part dummy_parts[] = {
	{F_pcpu_lstats_packets, TX_PACKETS},
	{F_pcpu_lstats_bytes, TX_BYTES},
	{0},
};
static const struct part tun_parts[] = {
	{F_tun_struct_rx_frame_errors, RX_FRAME_ERRORS},
	{0},
};
static const struct part vlan_parts[] = {
	{F_vlan_stats_rx_packets, RX_PACKETS},  {F_vlan_stats_rx_bytes, RX_BYTES},
	{F_vlan_stats_rx_multicast, MULTICAST}, {F_vlan_stats_tx_packets, TX_PACKETS},
	{F_vlan_stats_tx_bytes, TX_BYTES},      {F_vlan_stats_rx_errors, RX_ERRORS},
	{F_vlan_stats_tx_dropped, TX_DROPPED},  {0},
};

/* --- veth: veth_get_stats64() ----------------------------------------------------------------- */

static const struct part veth_parts[] = {
	{F_veth_priv_dropped, TX_DROPPED},
	{0},
};
static const struct part veth_queue_parts[] = {
	{F_veth_rq_xdp_tx_err, TX_DROPPED},  {F_veth_rq_drops, RX_DROPPED},
	{F_veth_rq_peer_err, RX_DROPPED},    {F_veth_rq_xdp_bytes, RX_BYTES},
	{F_veth_rq_xdp_packets, RX_PACKETS}, {0},
};
static const struct part peer_parts[] = {
	{F_sw_netstats_tx_packets, RX_PACKETS},
	{F_sw_netstats_tx_bytes, RX_BYTES},
	{0},
};
static const struct part peer_queue_parts[] = {
	{F_veth_rq_peer_err, TX_DROPPED},
	{F_veth_rq_xdp_tx_err, RX_DROPPED},
	{F_veth_rq_xdp_bytes, TX_BYTES},
	{F_veth_rq_xdp_packets, TX_PACKETS},
	{0},
};

const struct driver netdev_drivers[] = {
	{
		.function = "virtnet_stats",
		.own = OWN(TX_DROPPED) | OWN(TX_FIFO_ERRORS) | OWN(RX_LENGTH_ERRORS) |
		       OWN(RX_FRAME_ERRORS),
		.sources = {{.where = QUEUES,
			     .parts = send_parts,
			     .pointer = F_virtnet_info_sq,
			     .element = SIZE_send_queue,
			     .count = F_virtnet_info_max_queue_pairs,
			     .name = F_send_queue_name,
			     .prefix = "output."},
			    {.where = QUEUES,
			     .parts = receive_parts,
			     .pointer = F_virtnet_info_rq,
			     .element = SIZE_receive_queue,
			     .count = F_virtnet_info_max_queue_pairs,
			     .name = F_receive_queue_name,
			     .prefix = "input."}},
	},
	{
		.function = "xennet_get_stats64",
		.own = OWN(RX_ERRORS) | OWN(TX_DROPPED),
		.sources = {PERCPU_SUM(netfront_rx_parts, F_netfront_info_rx_stats),
			    PERCPU_SUM(netfront_tx_parts, F_netfront_info_tx_stats)},
	},
	{.function = "dummy_get_stats64", .sources = {DEVICE_SUM(dummy_parts)}},
	{
		.function = "ip_tunnel_get_stats64",
		.own = OWN_ALL,
		.sources = {DEVICE_SUM(netdev_tstats_parts)},
	},
	{
		.function = "tun_net_get_stats64",
		.own = OWN_ALL,
		.sources = {DEVICE_SUM(netdev_tstats_parts),
			    MEMBERS(tun_parts, F_tun_struct_rx_frame_errors)},
	},
	{
		.function = "vlan_dev_get_stats64",
		.sources = {PERCPU_SUM(vlan_parts, F_vlan_dev_priv_stats)},
	},
	{
		.function = "veth_get_stats64",
		.sources = {MEMBERS(veth_parts, F_veth_priv_dropped),
			    DEVICE_SUM(netdev_tstats_parts), VETH_QUEUES(veth_queue_parts)},
		.peer = F_veth_priv_peer,
		.peers = {DEVICE_SUM(peer_parts), VETH_QUEUES(peer_queue_parts)},
	},
	{0},
};
