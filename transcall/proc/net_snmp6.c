/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/snmp6, dev_snmp6/NAME and xfrm_stat (net/ipv6/proc.c, net/xfrm/xfrm_proc.c).
 * Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/mib.h"
#include "transcall/kobj/netdev.h"
#include "transcall/proc/nettext.h"

#define ICMP_OUT   256 /* types that were sent follow those received */
#define ICMP_TYPES 512

/* Counters as they lie: for each CPU, or (of a device) once. */
struct counters {
	gva_t at;
	bool shared;
	bool but_last; /* of the list */
};

static const struct err *value_read(const struct kernel *k, const struct counters *c,
				    uint32_t entry, uint64_t *ret)
{
	return c->shared ? kread_u64(k, gva_add(c->at, 8 * (uint64_t)entry), ret)
			 : mib_sum(k, c->at, entry, ret);
}

static const struct err *lines_print(const struct kernel *k, const struct counters *c,
				     enum symbol_id list, int width, FILE *out)
{
	char name[MIB_NAME_BYTES];
	struct mib_iter it;
	uint32_t entry;
	uint64_t value;

	TRY(mib_iter_init(&it, k, list));
	for (;;) {
		TRY(mib_iter_next(&it, k, name, &entry));
		if (!*name)
			return NULL;
		if (c->but_last && gva_equal(it.next, it.end))
			return NULL;
		TRY(value_read(k, c, entry, &value));
		fprintf(out, "%-*s\t%" PRIu64 "\n", width, name, value);
	}
}

/* The latest kernels have no table (snmp6_seq_show_icmpv6msg()). Numbers: linux/icmpv6.h,
 * net/ndisc.h. */
static const char *const type_names[ICMP_OUT] = {
	[1] = "DestUnreachs",
	[2] = "PktTooBigs",
	[3] = "TimeExcds",
	[4] = "ParmProblems",
	[128] = "Echos",
	[129] = "EchoReplies",
	[130] = "GroupMembQueries",
	[131] = "GroupMembResponses",
	[132] = "GroupMembReductions",
	[133] = "RouterSolicits",
	[134] = "RouterAdvertisements",
	[135] = "NeighborSolicits",
	[136] = "NeighborAdvertisements",
	[137] = "Redirects",
	[143] = "MLDv2Reports",
};

static bool has_type_table(const struct kernel *k)
{
	return k->profile->has_symbol[S_icmp6type2name];
}

/* A type's name, from the kernel's own table if it has one; empty: it has none. */
static const struct err *type_name(const struct kernel *k, uint32_t type,
				   char ret[static MIB_NAME_BYTES])
{
	const char *name = type_names[type % ICMP_OUT];
	gva_t at;

	*ret = 0;
	if (!has_type_table(k)) {
		snprintf(ret, MIB_NAME_BYTES, "%s", name ? name : "");
		return NULL;
	}
	TRY(kread_ptr(k,
		      gva_add(kernel_symbol(k, S_icmp6type2name), 8 * (uint64_t)(type % ICMP_OUT)),
		      &at));
	return gva_is_null(at) ? NULL : kread_str(k, at, ret, MIB_NAME_BYTES);
}

/* By name, all; then by number, those that occurred. */
static const struct err *types_print(const struct kernel *k, gva_t messages, bool by_name,
				     FILE *out)
{
	char name[MIB_NAME_BYTES], text[2 * MIB_NAME_BYTES];
	uint64_t value;

	for (uint32_t type = 0; type < ICMP_TYPES; type++) {
		const char *way = type & ICMP_OUT ? "Out" : "In";

		TRY(kread_u64(k, gva_add(messages, 8 * (uint64_t)type), &value));
		if (by_name)
			TRY(type_name(k, type, name));
		if (by_name ? !*name : !value)
			continue;
		if (by_name)
			snprintf(text, sizeof(text), "Icmp6%s%s", way, name);
		else
			snprintf(text, sizeof(text), "Icmp6%sType%" PRIu32, way, type % ICMP_OUT);
		fprintf(out, "%-32s\t%" PRIu64 "\n", text, value);
	}
	return NULL;
}

static const struct err *icmp6_print(const struct kernel *k, const struct counters *icmp,
				     gva_t messages, FILE *out)
{
	TRY(lines_print(k, icmp, S_snmp6_icmp6_list, 32, out));
	TRY(types_print(k, messages, true, out));
	return types_print(k, messages, false, out);
}

static const struct err *list_print(const struct kernel *k, gva_t net, enum field_id counters,
				    enum symbol_id list, int width, FILE *out)
{
	struct counters c = {.shared = false};

	TRY(kfield_ptr(k, net, counters, &c.at));
	return lines_print(k, &c, list, width, out);
}

const struct err *net_snmp6(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	struct counters icmp = {.shared = false};
	gva_t net, messages;

	TRY(nettext_net(view, node, &net));
	TRY(list_print(k, net, F_net_mib_ipv6, S_snmp6_ipstats_list, 32, out));
	TRY(kfield_ptr(k, net, F_net_mib_icmpv6, &icmp.at));
	TRY(kfield_ptr(k, net, F_net_mib_icmpv6msg, &messages));
	TRY(icmp6_print(k, &icmp, messages, out));
	TRY(list_print(k, net, F_net_mib_udp6, S_snmp6_udp6_list, 32, out));
	if (!profile_has(k->profile, F_net_mib_udplite6))
		return NULL;
	return list_print(k, net, F_net_mib_udplite6, S_snmp6_udplite6_list, 32, out);
}

const struct err *net_xfrm_stat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	gva_t net;

	TRY(nettext_net(view, node, &net));
	return list_print(view->kernel, net, F_net_mib_xfrm, S_xfrm_mib_list, 24, out);
}

bool net_has_xfrm_stat(const struct proc_view *view)
{
	return profile_has(view->kernel->profile, F_net_mib_xfrm) &&
	       view->kernel->profile->has_symbol[S_xfrm_mib_list];
}

/* --- of one device ---------------------------------------------------------------------------- */

/* snmp6_register_dev(): the file was registered with the device's struct inet6_dev. */
const struct err *net_snmp6_dev(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	/* the limit of a host's rate is not counted for a device; the latest know that */
	struct counters ip = {.shared = false},
			icmp = {.shared = true, .but_last = !has_type_table(k)};
	gva_t inet6, dev, messages;
	int32_t index;

	TRY(kfield_ptr(k, node->registered, F_proc_dir_entry_data, &inet6));
	TRY(kfield_ptr(k, inet6, F_inet6_dev_dev, &dev));
	TRY(netdev_index(k, dev, &index));
	fprintf(out, "%-32s\t%" PRId32 "\n", "ifIndex", index);
	TRY(kfield_ptr(k, inet6, F_inet6_dev_stats_ipv6, &ip.at));
	TRY(lines_print(k, &ip, S_snmp6_ipstats_list, 32, out));
	TRY(kfield_ptr(k, inet6, F_inet6_dev_stats_icmpv6, &icmp.at));
	TRY(kfield_ptr(k, inet6, F_inet6_dev_stats_icmpv6msg, &messages));
	return icmp6_print(k, &icmp, messages, out);
}
