/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of /proc/sys/net that functions put together. Input: attacker-controlled. */
#include "transcall/proc/sysctl_show.h"

#include <errno.h>
#include <inttypes.h>

#include "transcall/kobj/list.h"
#include "transcall/kobj/ns.h"
#include "transcall/proc/bitmap.h"
#include "transcall/proc/view.h"

#define FASTOPEN_BYTES 16 /* TCP_FASTOPEN_KEY_LENGTH */
#define FASTOPEN_KEYS  2
#define ADDRESS_BYTES  16
#define TAG_MASK       UINT64_C(0x1f) /* include/net/rps-types.h */

#define SHOW(name)                                                                                 \
	const struct err *name(struct proc_view *view, const struct proc_node *node,               \
			       const struct sysctl_entry *e, FILE *out)

static void cpus_print(const struct kernel *k, const uint8_t *bits, FILE *out)
{
	bitmap_print_hex(bits, k->cpu_count, out);
	fputc('\n', out);
}

/* CPUs that keep a table of flows. */
SHOW(show_flow_limit_cpus)
{
	const struct kernel *k = view->kernel;
	uint8_t bits[VCPUS_MAX / 8] = {0};

	(void)node, (void)e;
	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		gva_t table;

		TRY(kfield_ptr(k, kernel_percpu(k, S_softnet_data, cpu), F_softnet_data_flow_limit,
			       &table));
		if (!gva_is_null(table))
			bits[cpu / 8] |= (uint8_t)(1u << cpu % 8);
	}
	cpus_print(k, bits, out);
	return NULL;
}

/* The mask of the namespace that the entry points at; null: no CPU. */
SHOW(show_rps_default_mask)
{
	const struct kernel *k = view->kernel;
	uint8_t bits[VCPUS_MAX / 8] = {0};
	gva_t mask;

	(void)node;
	TRY(kfield_ptr(k, e->data, F_net_rps_default_mask, &mask));
	if (!gva_is_null(mask))
		TRY(kread(k, mask, bits, (k->cpu_count + 63) / 64 * 8));
	cpus_print(k, bits, out);
	return NULL;
}

/* A table has a mask; since 7.1 the pointer to it has the logarithm of its size in its low bits. */
SHOW(show_flow_entries)
{
	const struct kernel *k = view->kernel;
	gva_t at = kernel_symbol(k, S_rps_sock_flow_table);
	uint64_t table, entries = 0;

	(void)node, (void)e;
	if (gva_is_null(at))
		at = kfield_at(k, kernel_symbol(k, S_net_hotdata),
			       F_net_hotdata_rps_sock_flow_table);
	TRY(kread_u64(k, at, &table));
	if (table && profile_has(k->profile, F_rps_sock_flow_table_mask)) {
		TRY(kfield_uint(k, (gva_t){table}, F_rps_sock_flow_table_mask, &entries));
		entries++;
	} else if (table) {
		entries = UINT64_C(1) << (table & TAG_MASK);
	}
	fprintf(out, "%" PRIu32 "\n", (uint32_t)entries);
	return NULL;
}

/* Negative where the namespace shares the first one's table. */
SHOW(show_ehash_entries)
{
	const struct kernel *k = view->kernel;
	uint64_t mask, own;
	gva_t net, hash;

	(void)node, (void)e;
	TRY(ns_net_of_task(k, view->reader, &net));
	TRY(kfield_ptr(k, net, F_net_tcp_hashinfo, &hash));
	TRY(kfield_uint(k, hash, F_inet_hashinfo_ehash_mask, &mask));
	TRY(kfield_uint(k, hash, F_inet_hashinfo_pernet, &own));
	bool shared = !own && !gva_equal(net, kernel_symbol(k, S_init_net));
	fprintf(out, "%s%" PRIu32 "\n", shared ? "-" : "", (uint32_t)mask + 1);
	return NULL;
}

static void key_print(const uint8_t key[static FASTOPEN_BYTES], FILE *out)
{
	for (unsigned i = 0; i < FASTOPEN_BYTES; i++)
		fprintf(out, "%s%02x", i && i % 4 == 0 ? "-" : "", key[i ^ 3]);
}

/* Zeros until there is one: words of 32 bits, little-endian. */
SHOW(show_fastopen_key)
{
	const struct kernel *k = view->kernel;
	uint8_t keys[FASTOPEN_KEYS][FASTOPEN_BYTES] = {0};
	uint64_t count = 1;
	gva_t net, context;

	(void)node, (void)e;
	TRY(ns_net_of_task(k, view->reader, &net));
	TRY(kfield_ptr(k, net, F_net_ipv4_fastopen_ctx, &context));
	if (!gva_is_null(context)) {
		TRY(kfield_uint(k, context, F_tcp_fastopen_context_num, &count));
		TRY(kfield_bytes(k, context, F_tcp_fastopen_context_key, keys, sizeof(keys)));
	}
	for (unsigned i = 0; i < count && i < FASTOPEN_KEYS; i++) {
		if (i)
			fputc(',', out);
		key_print(keys[i], out);
	}
	fputc('\n', out);
	return NULL;
}

/* An error until it is set; that of all interfaces cannot be. */
SHOW(show_stable_secret)
{
	const struct kernel *k = view->kernel;
	uint8_t address[ADDRESS_BYTES];
	uint64_t set;

	(void)node;
	TRY(kfield_uint(k, e->data, F_ipv6_stable_secret_initialized, &set));
	if (!set)
		return ERR_ERRNO(ERR_ABSENT, EIO, "no secret is set");
	TRY(kfield_bytes(k, e->data, F_ipv6_stable_secret_secret, address, sizeof(address)));
	for (unsigned i = 0; i < ADDRESS_BYTES; i++)
		fprintf(out, "%s%02x", i && i % 2 == 0 ? ":" : "", address[i]);
	fputc('\n', out);
	return NULL;
}

/* As show_ehash_entries(): shared where it is the table of all. */
SHOW(show_udp_hash_entries)
{
	const struct kernel *k = view->kernel;
	gva_t net, table;
	uint64_t mask;

	(void)node, (void)e;
	TRY(ns_net_of_task(k, view->reader, &net));
	TRY(kfield_ptr(k, net, F_net_udp_table, &table));
	TRY(kfield_uint(k, table, F_udp_table_mask, &mask));
	bool shared = gva_equal(table, kernel_symbol(k, S_udp_table)) &&
		      !gva_equal(net, kernel_symbol(k, S_init_net));
	fprintf(out, "%s%" PRIu32 "\n", shared ? "-" : "", (uint32_t)mask + 1);
	return NULL;
}

/* What somebody set, not what is used; the entry points at the namespace. */
SHOW(show_hash_seed)
{
	uint64_t seed;

	(void)node;
	TRY(kfield_uint(view->kernel, e->data, F_net_ipv4_hash_seed, &seed));
	fprintf(out, "%" PRIu32 "\n", (uint32_t)seed);
	return NULL;
}
