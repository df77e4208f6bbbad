/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/dev. Input: attacker-controlled. */
#include <inttypes.h>

#include "transcall/kobj/netdev.h"
#include "transcall/kobj/netdev_stats.h"
#include "transcall/proc/nettext.h"
#include "transcall/proc/renderers.h"

#define SUMMANDS 4

/* The columns: widths, and the counters whose sum each is. */
static const struct column {
	int width;
	unsigned count;
	enum netdev_counter of[SUMMANDS];
} columns[] = {
	{7, 1, {RX_BYTES}},
	{7, 1, {RX_PACKETS}},
	{4, 1, {RX_ERRORS}},
	{4, 2, {RX_DROPPED, RX_MISSED_ERRORS}},
	{4, 1, {RX_FIFO_ERRORS}},
	{5, 4, {RX_LENGTH_ERRORS, RX_OVER_ERRORS, RX_CRC_ERRORS, RX_FRAME_ERRORS}},
	{10, 1, {RX_COMPRESSED}},
	{9, 1, {MULTICAST}},
	{8, 1, {TX_BYTES}},
	{7, 1, {TX_PACKETS}},
	{4, 1, {TX_ERRORS}},
	{4, 1, {TX_DROPPED}},
	{4, 1, {TX_FIFO_ERRORS}},
	{5, 1, {COLLISIONS}},
	{7, 4, {TX_CARRIER_ERRORS, TX_ABORTED_ERRORS, TX_WINDOW_ERRORS, TX_HEARTBEAT_ERRORS}},
	{10, 1, {TX_COMPRESSED}},
};

static const struct err *device_render(const struct kernel *k, gva_t dev, FILE *out)
{
	char name[NETDEV_NAME_BYTES];
	struct netdev_stats stats;

	TRY(netdev_name(k, dev, name));
	TRY(netdev_stats_read(k, dev, &stats));
	fprintf(out, "%6s:", name);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		uint64_t sum = 0;

		for (unsigned j = 0; j < columns[i].count; j++)
			sum += stats.v[columns[i].of[j]];
		fprintf(out, " %*" PRIu64, columns[i].width, sum);
	}
	fputc('\n', out);
	return NULL;
}

/*
 * All devices or none: where the counters of one cannot be read, the file is not available. A line
 * with zeros would be wrong, and without the line the device would seem not to exist.
 */
const struct err *net_dev(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	struct netdev_by_index it;
	gva_t net, dev;

	fputs("Inter-|   Receive                                                |  Transmit\n"
	      " face |bytes    packets errs drop fifo frame compressed multicast"
	      "|bytes    packets errs drop fifo colls carrier compressed\n",
	      out);
	TRY(nettext_net(view, node, &net));
	TRY(netdev_by_index_init(&it, view->kernel, net));
	for (;;) {
		TRY(netdev_by_index_next(&it, view->kernel, &dev));
		if (gva_is_null(dev))
			return NULL;
		TRY(device_render(view->kernel, dev, out));
	}
}
