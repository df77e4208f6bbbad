/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of /proc/sys that are put together. Input: attacker-controlled. */
#include "transcall/proc/sysctl_show.h"

#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/kallsyms.h"
#include "transcall/kobj/ns.h"
#include "transcall/kobj/uts.h"

#define RSS_KEY_BYTES     52 /* NETDEV_RSS_KEY_LEN; 256 since 7.0 */
#define RSS_KEY_BYTES_MAX 256
#define BITMAP_BITS_MAX   65536 /* of ports */
#define ETHERNET_BYTES    1514  /* ETH_FRAME_LEN */
#define CACHE_LINE        64
#define WORDS_MAX         8

#define SHOW(name)                                                                                 \
	const struct err *name(struct proc_view *view, const struct proc_node *node,               \
			       const struct sysctl_entry *e, FILE *out)

SHOW(show_uts)
{
	const char *name = sysctl_name(node), *text = NULL;
	struct utsname names;

	(void)e;
	TRY(uts_of_task(view->kernel, view->reader, &names));
	if (strcmp(name, "ostype") == 0)
		text = names.sysname;
	else if (strcmp(name, "osrelease") == 0)
		text = names.release;
	else if (strcmp(name, "version") == 0)
		text = names.version;
	else if (strcmp(name, "hostname") == 0)
		text = names.nodename;
	else if (strcmp(name, "domainname") == 0)
		text = names.domainname;
	else if (strcmp(name, "arch") == 0)
		text = names.machine;
	if (!text)
		return ERR(ERR_ABSENT, "no such name: %.64s", name);
	fprintf(out, "%s\n", text);
	return NULL;
}

/* Until the first look the kernel leaves the key all zero, and draws it then. */
SHOW(show_rss_key)
{
	uint8_t key[RSS_KEY_BYTES_MAX];
	uint64_t room;

	(void)node;
	TRY(kallsyms_size(view->kernel, e->data, &room));
	unsigned len = room < sizeof(key) ? RSS_KEY_BYTES : sizeof(key);
	TRY(kread(view->kernel, e->data, key, len));
	for (unsigned i = 0; i < len; i++)
		fprintf(out, "%s%02x", i ? ":" : "", key[i]);
	fputc('\n', out);
	return NULL;
}

/* proc_do_large_bitmap(): ranges of set bits. */
SHOW(show_bitmap)
{
	uint8_t bits[BITMAP_BITS_MAX / 8 + 1] = {0};
	uint32_t count = e->max_len < BITMAP_BITS_MAX ? e->max_len : BITMAP_BITS_MAX;
	bool first = true;
	gva_t at;

	(void)node;
	TRY(kread_ptr(view->kernel, e->data, &at));
	TRY(kread(view->kernel, at, bits, count / 8));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from = i;

		if (!(bits[i / 8] >> i % 8 & 1))
			continue;
		while (i + 1 < count && bits[(i + 1) / 8] >> (i + 1) % 8 & 1)
			i++;
		fprintf(out, "%s%" PRIu32, first ? "" : ",", from);
		if (i > from)
			fprintf(out, "-%" PRIu32, i);
		first = false;
	}
	fputc('\n', out);
	return NULL;
}

/*
 * A kernel_cap_t as two numbers, the low one first. Until 6.3, data is no address but says which of
 * two: CAP_BSET, CAP_PI.
 */
SHOW(show_capabilities)
{
	const struct kernel *k = view->kernel;
	uint32_t low, high;
	gva_t at = e->data;

	(void)node;
	if (at.v == 1)
		at = kernel_symbol(k, S_usermodehelper_bset);
	else if (at.v == 2)
		at = kernel_symbol(k, S_usermodehelper_inheritable);
	TRY(kread_u32(k, at, &low));
	TRY(kread_u32(k, gva_add(at, 4), &high));
	fprintf(out, "%" PRIu32 "\t%" PRIu32 "\n", low, high);
	return NULL;
}

SHOW(show_zonelist_order)
{
	(void)view, (void)node, (void)e;
	fputs("Node\n", out);
	return NULL;
}

/* idr_get_cursor() - 1 */
SHOW(show_last_pid)
{
	uint64_t next;

	(void)node, (void)e;
	TRY(kfield_uint(view->kernel, view->pid_ns, F_pid_namespace_idr_next, &next));
	fprintf(out, "%" PRId64 "\n", (int64_t)next - 1);
	return NULL;
}

/* Two ints; since 6.8 in one word of the namespace, the low port in its lower half. */
SHOW(show_port_range)
{
	const struct kernel *k = view->kernel;
	uint64_t range;
	gva_t net;

	if (k->profile->fields[F_net_ipv4_local_ports].size_bytes != 4)
		return show_int(view, node, e, out);
	TRY(ns_net_of_task(k, view->reader, &net));
	TRY(kfield_uint(k, net, F_net_ipv4_local_ports, &range));
	fprintf(out, "%u\t%u\n", (unsigned)(range & 0xffff), (unsigned)(range >> 16));
	return NULL;
}

/* SKB_DATA_ALIGN() */
static uint32_t cache_lines(uint32_t bytes)
{
	return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

/* neigh_proc_dointvec_unres_qlen(): bytes, shown as packets of SKB_TRUESIZE(ETH_FRAME_LEN). */
SHOW(show_packets)
{
	const uint32_t *sizes = view->kernel->profile->sizes;
	uint32_t packet = ETHERNET_BYTES + cache_lines(sizes[SIZE_sk_buff]) +
			  cache_lines(sizes[SIZE_skb_shared_info]);
	uint32_t bytes;

	(void)node;
	TRY(kread_u32(view->kernel, e->data, &bytes));
	fprintf(out, "%" PRIu32 "\n", bytes / packet);
	return NULL;
}

/* Which unit, the name says. */
SHOW(show_reachable_time)
{
	const char *name = sysctl_name(node);

	if (strcmp(name, "base_reachable_time") == 0)
		return show_int_jiffies(view, node, e, out);
	return show_int_ms(view, node, e, out);
}

/* ndisc_ifinfo_sysctl_change(): this one in jiffies. */
SHOW(show_ndisc_time)
{
	if (strcmp(sysctl_name(node), "retrans_time") == 0)
		return show_int(view, node, e, out);
	return show_reachable_time(view, node, e, out);
}

/* A counter of which each CPU has a part. */
static const struct err *percpu_total(const struct kernel *k, enum symbol_id id, uint64_t *ret)
{
	uint64_t sum = 0, part;

	for (unsigned cpu = 0; cpu < k->cpu_count; cpu++) {
		TRY(kread_u64(k, kernel_percpu(k, id, cpu), &part));
		sum += part;
	}
	*ret = (int64_t)sum < 0 ? 0 : sum;
	return NULL;
}

static const struct err *words_read(const struct kernel *k, const struct sysctl_entry *e,
				    uint64_t ret[static WORDS_MAX], unsigned *ret_count)
{
	*ret_count = e->max_len / 8 < WORDS_MAX ? e->max_len / 8 : WORDS_MAX;
	for (unsigned i = 0; i < *ret_count; i++)
		TRY(kread_u64(k, gva_add(e->data, 8 * (uint64_t)i), &ret[i]));
	return NULL;
}

static void words_print(const uint64_t *words, unsigned count, FILE *out)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s%" PRIu64, i ? "\t" : "", words[i]);
	fputc('\n', out);
}

/* The table's own numbers are of the last look; the kernel counts anew at each. */
SHOW(show_inodes)
{
	uint64_t words[WORDS_MAX] = {0};
	unsigned count;

	(void)node;
	TRY(words_read(view->kernel, e, words, &count));
	TRY(percpu_total(view->kernel, S_nr_inodes, &words[0]));
	TRY(percpu_total(view->kernel, S_nr_unused, &words[1]));
	words_print(words, count, out);
	return NULL;
}

SHOW(show_dentries)
{
	uint64_t words[WORDS_MAX] = {0};
	unsigned count;

	(void)node;
	TRY(words_read(view->kernel, e, words, &count));
	TRY(percpu_total(view->kernel, S_nr_dentry, &words[0]));
	TRY(percpu_total(view->kernel, S_nr_dentry_unused, &words[1]));
	TRY(percpu_total(view->kernel, S_nr_dentry_negative, &words[4]));
	words_print(words, count, out);
	return NULL;
}

/* get_nr_files(): percpu_counter_read_positive() */
SHOW(show_files)
{
	uint64_t words[WORDS_MAX] = {0};
	int64_t files;
	unsigned count;

	(void)node;
	TRY(words_read(view->kernel, e, words, &count));
	TRY(kfield_int(view->kernel, kernel_symbol(view->kernel, S_nr_files),
		       F_percpu_counter_count, &files));
	words[0] = files > 0 ? (uint64_t)files : 0;
	words_print(words, count, out);
	return NULL;
}

/* The pool of the default size. */
static const struct err *pool_number(struct proc_view *view, enum field_id id, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t pool = kernel_symbol(k, S_hstates);
	uint64_t value;
	uint32_t index;

	if (gva_is_null(pool))
		return ERR(ERR_ABSENT, "the guest's kernel has no huge pages");
	TRY(kread_u32(k, kernel_symbol(k, S_default_hstate_idx), &index));
	pool = gva_add(pool, (uint64_t)index * k->profile->sizes[SIZE_hstate]);
	TRY(kfield_uint(k, pool, id, &value));
	fprintf(out, "%" PRIu64 "\n", value);
	return NULL;
}

SHOW(show_hugepages)
{
	(void)node, (void)e;
	return pool_number(view, F_hstate_max_huge_pages, out);
}

SHOW(show_hugepages_overcommit)
{
	(void)node, (void)e;
	return pool_number(view, F_hstate_nr_overcommit, out);
}
