/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters of network devices. Input: attacker-controlled. */
#include "transcall/kobj/netdev_stats.h"

#include <string.h>

#include "transcall/kobj/netdev_driver.h"
#include "transcall/kobj/netdev_parts.h"

static const struct part loopback_parts[] = {
	/* what is sent is received */
	{F_pcpu_lstats_packets, RX_PACKETS},
	{F_pcpu_lstats_packets, TX_PACKETS},
	{F_pcpu_lstats_bytes, RX_BYTES},
	{F_pcpu_lstats_bytes, TX_BYTES},
	{0},
};
static const struct part dstats_parts[] = {
	{F_pcpu_dstats_rx_packets, RX_PACKETS},
	{F_pcpu_dstats_rx_bytes, RX_BYTES},
	{F_pcpu_dstats_rx_drops, RX_DROPPED},
	{F_pcpu_dstats_tx_packets, TX_PACKETS},
	{F_pcpu_dstats_tx_bytes, TX_BYTES},
	{F_pcpu_dstats_tx_drops, TX_DROPPED},
	{0},
};
static const struct part core_parts[] = {
	{F_core_stats_rx_dropped, RX_DROPPED},
	{F_core_stats_tx_dropped, TX_DROPPED},
	{F_core_stats_rx_nohandler, RX_NOHANDLER},
	{F_core_stats_otherhost_dropped, RX_OTHERHOST_DROPPED},
	{0},
};
/* before 5.18, in struct net_device */
static const struct part old_core_parts[] = {
	{F_net_device_rx_dropped, RX_DROPPED},
	{F_net_device_tx_dropped, TX_DROPPED},
	{F_net_device_rx_nohandler, RX_NOHANDLER},
	{0},
};

/* The counters in struct net_device. */
static const struct err *own_read(const struct kernel *k, gva_t dev, struct netdev_stats *s)
{
	gva_t at = kfield_at(k, dev, F_net_device_stats);

	for (unsigned i = 0; i < NETDEV_OWN; i++)
		TRY(kread_u64(k, gva_add(at, 8 * i), &s->v[i]));
	return NULL;
}

static const struct err *percpu_read(const struct kernel *k, gva_t dev, const struct part *parts,
				     struct netdev_stats *s)
{
	gva_t percpu;

	TRY(kfield_ptr(k, dev, F_net_device_lstats, &percpu));
	return parts_add_percpu(k, percpu, parts, s);
}

/* A device whose driver has no function for it; by pcpu_stat_type only since 6.9. */
static const struct err *default_read(const struct kernel *k, gva_t dev, struct netdev_stats *s)
{
	uint64_t type;

	TRY(own_read(k, dev, s));
	if (!profile_has(k->profile, F_net_dev_by_index) ||
	    !profile_has(k->profile, F_net_device_pcpu_stat_type))
		return NULL;
	TRY(kfield_uint(k, dev, F_net_device_pcpu_stat_type, &type));
	if (type == (uint64_t)k->profile->enumerators[E_NETDEV_PCPU_STAT_TSTATS].value)
		return percpu_read(k, dev, netdev_tstats_parts, s);
	if (type == (uint64_t)k->profile->enumerators[E_NETDEV_PCPU_STAT_DSTATS].value)
		return percpu_read(k, dev, dstats_parts, s);
	return NULL;
}

static bool is_symbol(const struct kernel *k, gva_t function, enum symbol_id id)
{
	return !gva_is_null(function) && function.v == kernel_symbol(k, id).v;
}

static const struct err *driver_read(const struct kernel *k, gva_t dev, struct netdev_stats *s)
{
	gva_t ops, get64, get;

	TRY(kfield_ptr(k, dev, F_net_device_netdev_ops, &ops));
	TRY(kfield_ptr(k, ops, F_net_device_ops_get_stats64, &get64));
	TRY(kfield_ptr(k, ops, F_net_device_ops_get_stats, &get));
	if (gva_is_null(get64) && gva_is_null(get))
		return default_read(k, dev, s);
	if (is_symbol(k, get64, S_loopback_get_stats64))
		return percpu_read(k, dev, loopback_parts, s);
	TRY(own_read(k, dev, s));
	if (is_symbol(k, get64, S_dev_get_tstats64))
		return percpu_read(k, dev, netdev_tstats_parts, s);
	return netdev_driver_read(k, dev, gva_is_null(get64) ? get : get64, s);
}

/* Packets that the core dropped, before or after the driver had them. */
static const struct err *core_add(const struct kernel *k, gva_t dev, struct netdev_stats *s)
{
	gva_t percpu;

	if (!profile_has(k->profile, F_net_device_core_stats))
		return parts_add(k, dev, old_core_parts, s);
	TRY(kfield_ptr(k, dev, F_net_device_core_stats, &percpu));
	return gva_is_null(percpu) ? NULL : parts_add_percpu(k, percpu, core_parts, s);
}

const struct err *netdev_stats_read(const struct kernel *k, gva_t dev, struct netdev_stats *ret)
{
	memset(ret, 0, sizeof(*ret));
	TRY(driver_read(k, dev, ret));
	return core_add(k, dev, ret);
}
