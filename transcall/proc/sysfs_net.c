/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces in /sys (net/core/net-sysfs.c). Input: attacker-controlled. */
#include "transcall/proc/sysfs_values.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/netdev.h"
#include "transcall/kobj/netdev_stats.h"

#define STATE_START     (1u << 0) /* enum netdev_state_t */
#define STATE_NOCARRIER (1u << 2)
#define STATE_DORMANT   (1u << 4)
#define STATE_TESTING   (1u << 5)
#define OPERSTATE_DOWN  2 /* IF_OPER_DOWN */

static const struct err *show_int(const struct kernel *k, gva_t dev,
				  const struct sysfs_value *value, FILE *out)
{
	int64_t v;

	TRY(kfield_int(k, dev, value->member, &v));
	fprintf(out, "%" PRId64 "\n", v);
	return NULL;
}

static const struct err *show_uint(const struct kernel *k, gva_t dev,
				   const struct sysfs_value *value, FILE *out)
{
	uint64_t v;

	TRY(kfield_uint(k, dev, value->member, &v));
	fprintf(out, "%" PRIu64 "\n", v);
	return NULL;
}

/* "%#x" of the kernel is 0x0 of zero. */
static const struct err *show_hex(const struct kernel *k, gva_t dev,
				  const struct sysfs_value *value, FILE *out)
{
	uint64_t v;

	TRY(kfield_uint(k, dev, value->member, &v));
	fprintf(out, "0x%" PRIx64 "\n", v);
	return NULL;
}

/* sysfs_format_mac() */
static void print_address(const uint8_t *bytes, unsigned len, FILE *out)
{
	for (unsigned i = 0; i < len; i++)
		fprintf(out, "%s%02x", i ? ":" : "", bytes[i]);
	fputc('\n', out);
}

static const struct err *show_address(const struct kernel *k, gva_t dev,
				      const struct sysfs_value *value, FILE *out)
{
	struct netdev_address a;

	TRY(netdev_read_address(k, dev, &a));
	print_address(value->member == F_net_device_broadcast ? a.broadcast : a.bytes, a.len, out);
	return NULL;
}

static const struct err *state_read(const struct kernel *k, gva_t dev, bool must_run, uint64_t *ret)
{
	TRY(kfield_uint(k, dev, F_net_device_state, ret));
	return must_run && !(*ret & STATE_START)
		       ? ERR_ERRNO(ERR_ABSENT, EINVAL, "the interface is down")
		       : NULL;
}

static const struct err *show_carrier(const struct kernel *k, gva_t dev,
				      const struct sysfs_value *value, FILE *out)
{
	uint64_t state;

	(void)value;
	TRY(state_read(k, dev, true, &state));
	fprintf(out, "%d\n", !(state & STATE_NOCARRIER));
	return NULL;
}

static const struct err *show_state(const struct kernel *k, gva_t dev,
				    const struct sysfs_value *value, FILE *out)
{
	uint64_t state;

	TRY(state_read(k, dev, true, &state));
	fprintf(out, "%d\n", (state & value->which) != 0);
	return NULL;
}

static const struct err *show_operstate(const struct kernel *k, gva_t dev,
					const struct sysfs_value *value, FILE *out)
{
	static const char *const names[] = {"unknown", "notpresent", "down", "lowerlayerdown",
					    "testing", "dormant",    "up"};
	uint64_t state, operstate;

	TRY(state_read(k, dev, false, &state));
	TRY(kfield_uint(k, dev, value->member, &operstate));
	if (!(state & STATE_START))
		operstate = OPERSTATE_DOWN;
	if (operstate >= sizeof(names) / sizeof(names[0]))
		return ERR_ERRNO(ERR_ABSENT, EINVAL, "no state that the kernel knows");
	fprintf(out, "%s\n", names[operstate]);
	return NULL;
}

static const struct err *show_carrier_changes(const struct kernel *k, gva_t dev,
					      const struct sysfs_value *value, FILE *out)
{
	uint64_t up, down;

	(void)value;
	TRY(kfield_uint(k, dev, F_net_device_carrier_up_count, &up));
	TRY(kfield_uint(k, dev, F_net_device_carrier_down_count, &down));
	fprintf(out, "%" PRIu64 "\n", up + down);
	return NULL;
}

/* A name of which nobody says where it comes from. */
static const struct err *show_name_assign_type(const struct kernel *k, gva_t dev,
					       const struct sysfs_value *value, FILE *out)
{
	uint64_t v;

	TRY(kfield_uint(k, dev, value->member, &v));
	if (!v)
		return ERR_ERRNO(ERR_ABSENT, EINVAL, "it is not known");
	fprintf(out, "%" PRIu64 "\n", v);
	return NULL;
}

static const struct err *show_uevent(const struct kernel *k, gva_t dev,
				     const struct sysfs_value *value, FILE *out)
{
	char name[NETDEV_NAME_BYTES];
	int32_t index;
	gva_t type;

	(void)value;
	TRY(kfield_ptr(k, kfield_at(k, dev, F_net_device_dev), F_device_type, &type));
	if (!gva_is_null(type))
		return ERR(ERR_ABSENT, "what kinds of devices add is not rebuilt");
	TRY(netdev_name(k, dev, name));
	TRY(netdev_index(k, dev, &index));
	fprintf(out, "INTERFACE=%s\nIFINDEX=%" PRId32 "\n", name, index);
	return NULL;
}

/* dev_get_iflink() */
static const struct err *show_iflink(const struct kernel *k, gva_t dev,
				     const struct sysfs_value *value, FILE *out)
{
	int32_t index;
	gva_t ops, get;

	(void)value;
	TRY(kfield_ptr(k, dev, F_net_device_netdev_ops, &ops));
	TRY(kfield_ptr(k, ops, F_net_device_ops_get_iflink, &get));
	TRY(gva_is_null(get) ? netdev_index(k, dev, &index) : netdev_link(k, dev, &index));
	if (!index)
		return ERR(ERR_ABSENT, "what the driver says is not known");
	fprintf(out, "%" PRId32 "\n", index);
	return NULL;
}

static const struct err *show_counter(const struct kernel *k, gva_t dev,
				      const struct sysfs_value *value, FILE *out)
{
	struct netdev_stats stats;

	TRY(netdev_stats_read(k, dev, &stats));
	fprintf(out, "%" PRIu64 "\n", stats.v[value->which]);
	return NULL;
}

static const struct sysfs_value values[] = {
	{"addr_assign_type", show_uint, F_net_device_addr_assign_type, 0},
	{"addr_len", show_uint, F_net_device_addr_len, 0},
	{"address", show_address, F_net_device_dev_addr, 0},
	{"broadcast", show_address, F_net_device_broadcast, 0},
	{"carrier", show_carrier, 0, 0},
	{"carrier_changes", show_carrier_changes, 0, 0},
	{"carrier_down_count", show_uint, F_net_device_carrier_down_count, 0},
	{"carrier_up_count", show_uint, F_net_device_carrier_up_count, 0},
	{"dev_id", show_hex, F_net_device_dev_id, 0},
	{"dev_port", show_uint, F_net_device_dev_port, 0},
	{"dormant", show_state, 0, STATE_DORMANT},
	{"flags", show_hex, F_net_device_flags, 0},
	{"gro_flush_timeout", show_uint, F_net_device_gro_flush_timeout, 0},
	{"ifindex", show_int, F_net_device_ifindex, 0},
	{"iflink", show_iflink, 0, 0},
	{"link_mode", show_uint, F_net_device_link_mode, 0},
	{"mtu", show_uint, F_net_device_mtu, 0},
	{"name_assign_type", show_name_assign_type, F_net_device_name_assign_type, 0},
	{"napi_defer_hard_irqs", show_int, F_net_device_napi_defer_hard_irqs, 0},
	{"netdev_group", show_uint, F_net_device_group, 0},
	{"operstate", show_operstate, F_net_device_operstate, 0},
	{"proto_down", show_uint, F_net_device_proto_down, 0},
	{"testing", show_state, 0, STATE_TESTING},
	{"tx_queue_len", show_uint, F_net_device_tx_queue_len, 0},
	{"type", show_uint, F_net_device_type, 0},
	{"uevent", show_uevent, 0, 0},
#define COUNTER(name, counter)                                                                     \
	{                                                                                          \
		"statistics/" name, show_counter, 0, counter                                       \
	}
	COUNTER("collisions", COLLISIONS),
	COUNTER("multicast", MULTICAST),
	COUNTER("rx_bytes", RX_BYTES),
	COUNTER("rx_compressed", RX_COMPRESSED),
	COUNTER("rx_crc_errors", RX_CRC_ERRORS),
	COUNTER("rx_dropped", RX_DROPPED),
	COUNTER("rx_errors", RX_ERRORS),
	COUNTER("rx_fifo_errors", RX_FIFO_ERRORS),
	COUNTER("rx_frame_errors", RX_FRAME_ERRORS),
	COUNTER("rx_length_errors", RX_LENGTH_ERRORS),
	COUNTER("rx_missed_errors", RX_MISSED_ERRORS),
	COUNTER("rx_nohandler", RX_NOHANDLER),
	COUNTER("rx_over_errors", RX_OVER_ERRORS),
	COUNTER("rx_packets", RX_PACKETS),
	COUNTER("tx_aborted_errors", TX_ABORTED_ERRORS),
	COUNTER("tx_bytes", TX_BYTES),
	COUNTER("tx_carrier_errors", TX_CARRIER_ERRORS),
	COUNTER("tx_compressed", TX_COMPRESSED),
	COUNTER("tx_dropped", TX_DROPPED),
	COUNTER("tx_errors", TX_ERRORS),
	COUNTER("tx_fifo_errors", TX_FIFO_ERRORS),
	COUNTER("tx_heartbeat_errors", TX_HEARTBEAT_ERRORS),
	COUNTER("tx_packets", TX_PACKETS),
	COUNTER("tx_window_errors", TX_WINDOW_ERRORS),
#undef COUNTER
};

const struct sysfs_value *sysfs_net_value(const char *name)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].name, name) == 0)
			return &values[i];
	return NULL;
}
