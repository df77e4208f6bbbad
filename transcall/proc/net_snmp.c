/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/snmp and netstat (net/ipv4/proc.c). Input: attacker-controlled. */
#include "transcall/proc/renderers.h"

#include <inttypes.h>

#include "transcall/kobj/mib.h"
#include "transcall/proc/nettext.h"

#define ICMP_OUT      256 /* icmpmsg_mib: types that were sent follow those received */
#define ICMP_TYPES    512
#define ICMP_PER_LINE 16

/* Names of a list, or their values. */
static const struct err *names_print(const struct kernel *k, const char *prefix,
				     enum symbol_id list, FILE *out)
{
	char name[MIB_NAME_BYTES];
	struct mib_iter it;
	uint32_t entry;

	fputs(prefix, out);
	TRY(mib_iter_init(&it, k, list));
	for (;;) {
		TRY(mib_iter_next(&it, k, name, &entry));
		if (!*name)
			return NULL;
		fprintf(out, " %s", name);
	}
}

static const struct err *values_print(const struct kernel *k, gva_t counters, enum symbol_id list,
				      FILE *out)
{
	char name[MIB_NAME_BYTES];
	struct mib_iter it;
	uint32_t entry;
	uint64_t value = 0;

	TRY(mib_iter_init(&it, k, list));
	for (;;) {
		TRY(mib_iter_next(&it, k, name, &entry));
		if (!*name)
			return NULL;
		if (!gva_is_null(counters))
			TRY(mib_sum(k, counters, entry, &value));
		fprintf(out, " %" PRId64, (int64_t)value); /* MaxConn is -1 */
	}
}

/* "\nTcp: names\nTcp: values" */
static const struct err *block_print(const struct kernel *k, gva_t net, const char *prefix,
				     enum symbol_id list, enum field_id counters, FILE *out)
{
	gva_t at;

	TRY(names_print(k, prefix, list, out));
	fprintf(out, "\n%s", prefix + (*prefix == '\n'));
	TRY(kfield_ptr(k, net, counters, &at));
	return values_print(k, at, list, out);
}

static const struct err *ip_print(const struct kernel *k, gva_t net, FILE *out)
{
	uint64_t ttl;
	uint32_t forwarding;
	gva_t all, counters;

	TRY(names_print(k, "Ip: Forwarding DefaultTTL", S_snmp4_ipstats_list, out));
	TRY(kfield_ptr(k, net, F_net_ipv4_devconf_all, &all));
	TRY(kread_u32(k, kfield_at(k, all, F_ipv4_devconf_data), &forwarding));
	TRY(kfield_uint(k, net, F_net_ipv4_default_ttl, &ttl));
	fprintf(out, "\nIp: %d %" PRIu64, forwarding ? 1 : 2, ttl);
	TRY(kfield_ptr(k, net, F_net_mib_ip, &counters));
	return values_print(k, counters, S_snmp4_ipstats_list, out);
}

/* icmpmibmap[] */
static const struct {
	const char *name;
	uint32_t type;
} icmp_types[] = {
	{"DestUnreachs", 3},   {"TimeExcds", 11}, {"ParmProbs", 12},    {"SrcQuenchs", 4},
	{"Redirects", 5},      {"Echos", 8},      {"EchoReps", 0},      {"Timestamps", 13},
	{"TimestampReps", 14}, {"AddrMasks", 17}, {"AddrMaskReps", 18},
};
#define ICMP_NAMES (sizeof(icmp_types) / sizeof(icmp_types[0]))

/* enum of ICMP_MIB_*, include/uapi/linux/snmp.h; between them, types that are counted elsewhere */
enum {
	IN_MSGS = 1,
	IN_ERRORS,
	OUT_MSGS = 14,
	OUT_ERRORS,
	CHECKSUM_ERRORS = 27,
	LIMIT_GLOBAL,
	LIMIT_HOST
};

static void icmp_names_print(const char *way, FILE *out)
{
	for (size_t i = 0; i < ICMP_NAMES; i++)
		fprintf(out, " %s%s", way, icmp_types[i].name);
}

static const struct err *icmp_types_print(const struct kernel *k, gva_t messages, uint32_t way,
					  FILE *out)
{
	uint64_t value;

	for (size_t i = 0; i < ICMP_NAMES; i++) {
		TRY(kread_u64(k, gva_add(messages, 8 * (uint64_t)(icmp_types[i].type + way)),
			      &value));
		fprintf(out, " %" PRIu64, value);
	}
	return NULL;
}

static const struct err *icmp_counters_print(const struct kernel *k, gva_t counters,
					     const uint32_t *entries, size_t count, FILE *out)
{
	uint64_t value;

	for (size_t i = 0; i < count; i++) {
		TRY(mib_sum(k, counters, entries[i], &value));
		fprintf(out, " %" PRIu64, value);
	}
	return NULL;
}

static const struct err *icmp_print(const struct kernel *k, gva_t net, gva_t messages, FILE *out)
{
	static const uint32_t in[] = {IN_MSGS, IN_ERRORS, CHECKSUM_ERRORS};
	static const uint32_t sent[] = {OUT_MSGS, OUT_ERRORS, LIMIT_GLOBAL, LIMIT_HOST};
	bool limits = k->profile->enumerators[E_ICMP_MIB_RATELIMITGLOBAL].present;
	gva_t counters;

	fputs("\nIcmp: InMsgs InErrors InCsumErrors", out);
	icmp_names_print("In", out);
	fprintf(out, " OutMsgs OutErrors%s", limits ? " OutRateLimitGlobal OutRateLimitHost" : "");
	icmp_names_print("Out", out);
	fputs("\nIcmp:", out);
	TRY(kfield_ptr(k, net, F_net_mib_icmp, &counters));
	TRY(icmp_counters_print(k, counters, in, 3, out));
	TRY(icmp_types_print(k, messages, 0, out));
	TRY(icmp_counters_print(k, counters, sent, limits ? 4 : 2, out));
	return icmp_types_print(k, messages, ICMP_OUT, out);
}

static void icmp_line_print(const uint32_t *types, const uint64_t *values, unsigned count,
			    FILE *out)
{
	if (!count)
		return;
	fputs("\nIcmpMsg:", out);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, " %sType%" PRIu32, types[i] & ICMP_OUT ? "Out" : "In",
			types[i] % ICMP_OUT);
	fputs("\nIcmpMsg:", out);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, " %" PRIu64, values[i]);
}

/* Types that occurred, with their numbers. */
static const struct err *icmp_messages_print(const struct kernel *k, gva_t messages, FILE *out)
{
	uint32_t types[ICMP_PER_LINE];
	uint64_t values[ICMP_PER_LINE];
	unsigned count = 0;

	for (uint32_t type = 0; type < ICMP_TYPES; type++) {
		TRY(kread_u64(k, gva_add(messages, 8 * (uint64_t)type), &values[count]));
		types[count] = type;
		count += values[count] != 0;
		if (count < ICMP_PER_LINE)
			continue;
		icmp_line_print(types, values, count, out);
		count = 0;
	}
	icmp_line_print(types, values, count, out);
	return NULL;
}

const struct err *net_snmp(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t net, messages;

	TRY(nettext_net(view, node, &net));
	TRY(ip_print(k, net, out));
	TRY(kfield_ptr(k, net, F_net_mib_icmpmsg, &messages));
	TRY(icmp_print(k, net, messages, out));
	TRY(icmp_messages_print(k, messages, out));
	TRY(block_print(k, net, "\nTcp:", S_snmp4_tcp_list, F_net_mib_tcp, out));
	TRY(block_print(k, net, "\nUdp:", S_snmp4_udp_list, F_net_mib_udp, out));
	if (profile_has(k->profile, F_net_mib_udplite))
		TRY(block_print(k, net, "\nUdpLite:", S_snmp4_udp_list, F_net_mib_udplite, out));
	fputc('\n', out);
	return NULL;
}

const struct err *net_netstat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t net;

	TRY(nettext_net(view, node, &net));
	TRY(block_print(k, net, "TcpExt:", S_snmp4_net_list, F_net_mib_net, out));
	TRY(block_print(k, net, "\nIpExt:", S_snmp4_ipextstats_list, F_net_mib_ip, out));
	if (k->profile->has_symbol[S_mptcp_snmp_list])
		TRY(block_print(k, net, "\nMPTcpExt:", S_mptcp_snmp_list, F_net_mib_mptcp, out));
	fputc('\n', out);
	return NULL;
}
