/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/fib_triestat (net/ipv4/fib_trie.c). Input: attacker-controlled. */
#include <inttypes.h>
#include <string.h>

#include "transcall/kobj/routeinfo.h"
#include "transcall/proc/fibtext.h"
#include "transcall/proc/renderers.h"

#define STAT_DEPTH 32u /* MAX_STAT_DEPTH */
#define KIBIBYTE   1024u

struct trie_stat {
	uint32_t total_depth, max_depth, inner, leaves, empty, prefixes;
	uint32_t by_bits[STAT_DEPTH];
};

static const struct err *leaf_count(const struct kernel *k, const struct fibtrie_node *n,
				    struct trie_stat *s)
{
	struct list_iter it;
	struct route r;
	uint32_t table;
	bool end;

	s->leaves++;
	s->total_depth += n->depth;
	if (n->depth > s->max_depth)
		s->max_depth = n->depth;
	TRY(route_leaf_init(&it, k, n));
	for (;;) {
		TRY(route_leaf_next(&it, k, &r, &table, &end));
		if (end)
			return NULL;
		s->prefixes++;
	}
}

static const struct err *node_count(const struct kernel *k, const struct fibtrie_node *n,
				    struct trie_stat *s)
{
	uint32_t full, empty;

	if (!n->bits)
		return leaf_count(k, n, s);
	TRY(fibtrie_children(k, n, &full, &empty));
	s->inner++;
	s->empty += empty;
	if (n->bits < STAT_DEPTH)
		s->by_bits[n->bits]++;
	return NULL;
}

/* trie_collect_stats() */
static const struct err *trie_count(const struct kernel *k, gva_t trie, struct trie_stat *ret)
{
	struct fibtrie_iter it;
	struct fibtrie_node n;

	memset(ret, 0, sizeof(*ret));
	TRY(fibtrie_init(&it, k, trie));
	for (;;) {
		TRY(fibtrie_next(&it, k, &n));
		if (gva_is_null(n.at))
			return NULL;
		TRY(node_count(k, &n, ret));
	}
}

/* TNODE_SIZE(@children) */
static uint32_t node_bytes(const struct kernel *k, uint32_t children)
{
	const struct field *f = k->profile->fields;

	return f[F_tnode_kv].offset_bytes + f[F_key_vector_leaf].offset_bytes + 8 * children;
}

/* Inner nodes by size; @ret: how many children they have room for. */
static uint32_t sizes_print(const struct trie_stat *s, FILE *out)
{
	uint32_t pointers = 0;

	fprintf(out, "\tInternal nodes: %" PRIu32 "\n\t", s->inner);
	for (unsigned i = 1; i < STAT_DEPTH; i++)
		if (s->by_bits[i]) {
			fprintf(out, "  %u: %" PRIu32, i, s->by_bits[i]);
			pointers += (UINT32_C(1) << i) * s->by_bits[i];
		}
	fprintf(out, "\n\tPointers: %" PRIu32 "\n", pointers);
	return pointers;
}

/* trie_show_stats() */
static void stat_print(const struct kernel *k, const struct trie_stat *s, FILE *out)
{
	uint32_t average = s->leaves ? s->total_depth * 100 / s->leaves : 0, bytes;

	fprintf(out, "\tAver depth:     %" PRIu32 ".%02" PRIu32 "\n", average / 100, average % 100);
	fprintf(out, "\tMax depth:      %" PRIu32 "\n", s->max_depth);
	fprintf(out, "\tLeaves:         %" PRIu32 "\n", s->leaves);
	fprintf(out, "\tPrefixes:       %" PRIu32 "\n", s->prefixes);
	bytes = 8 * sizes_print(s, out) + node_bytes(k, 1) * s->leaves +
		k->profile->sizes[SIZE_fib_alias] * s->prefixes + node_bytes(k, 0) * s->inner;
	fprintf(out, "Null ptrs: %" PRIu32 "\n", s->empty);
	fprintf(out, "Total size: %" PRIu32 "  kB\n", (bytes + KIBIBYTE - 1) / KIBIBYTE);
}

/* trie_show_usage() */
static const struct err *uses_print(const struct kernel *k, gva_t trie, FILE *out)
{
	static const char *const names[FIBTRIE_USES] = {"gets = ",
							"backtracks = ",
							"semantic match passed = ",
							"semantic match miss = ",
							"null node hit= ",
							"skipped node resize = "};
	uint32_t uses[FIBTRIE_USES];

	if (!profile_has(k->profile, F_trie_stats))
		return NULL;
	TRY(fibtrie_uses(k, trie, uses));
	fputs("\nCounters:\n---------\n", out);
	for (unsigned i = 0; i < FIBTRIE_USES; i++)
		fprintf(out, "%s%" PRIu32 "\n", names[i], uses[i]);
	fputc('\n', out);
	return NULL;
}

static const struct err *triestat_render(struct proc_view *view, gva_t trie, uint32_t table,
					 FILE *out)
{
	struct trie_stat s;

	fibtext_head(table, out);
	TRY(trie_count(view->kernel, trie, &s));
	stat_print(view->kernel, &s, out);
	return uses_print(view->kernel, trie, out);
}

const struct err *net_fib_triestat(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	fprintf(out, "Basic info: size of leaf: %u bytes, size of tnode: %u bytes.\n",
		node_bytes(view->kernel, 1), node_bytes(view->kernel, 0));
	return fibtext_tables(view, node, triestat_render, out);
}
