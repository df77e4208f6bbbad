/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/net/fib_trie (net/ipv4/fib_trie.c). Input: attacker-controlled. */
#include <inttypes.h>
#include <linux/rtnetlink.h>

#include "transcall/kobj/routeinfo.h"
#include "transcall/proc/fibtext.h"
#include "transcall/proc/renderers.h"
#include "transcall/proc/view.h"

#define INDENT 3

static void key_print(unsigned depth, const char *mark, uint32_t key, FILE *out)
{
	fprintf(out, "%*s  %s %u.%u.%u.%u", (int)depth * INDENT, "", mark, key >> 24,
		key >> 16 & 0xff, key >> 8 & 0xff, key & 0xff);
}

static const char *scope_name(unsigned scope, char *buffer, size_t size_bytes)
{
	switch (scope) {
	case RT_SCOPE_UNIVERSE:
		return "universe";
	case RT_SCOPE_SITE:
		return "site";
	case RT_SCOPE_LINK:
		return "link";
	case RT_SCOPE_HOST:
		return "host";
	case RT_SCOPE_NOWHERE:
		return "nowhere";
	default:
		snprintf(buffer, size_bytes, "scope=%u", scope);
		return buffer;
	}
}

static const char *type_name(unsigned type, char *buffer, size_t size_bytes)
{
	static const char *const names[] = {"UNSPEC",   "UNICAST",   "LOCAL",     "BROADCAST",
					    "ANYCAST",  "MULTICAST", "BLACKHOLE", "UNREACHABLE",
					    "PROHIBIT", "THROW",     "NAT",       "XRESOLVE"};

	if (type < sizeof(names) / sizeof(names[0]))
		return names[type];
	snprintf(buffer, size_bytes, "type %u", type);
	return buffer;
}

static const struct err *leaf_render(const struct kernel *k, const struct fibtrie_node *n,
				     FILE *out)
{
	char scope_text[32], type_text[32];
	struct list_iter it;
	struct route r;
	uint64_t scope;
	uint32_t table;
	bool end;

	key_print(n->depth, "|--", n->key, out);
	fputc('\n', out);
	TRY(route_leaf_init(&it, k, n));
	for (;;) {
		TRY(route_leaf_next(&it, k, &r, &table, &end));
		if (end)
			return NULL;
		TRY(kfield_uint(k, r.info, F_fib_info_scope, &scope));
		fprintf(out, "%*s  /%u %s %s", (int)(n->depth + 1) * INDENT, "", r.prefix_len,
			scope_name((unsigned)scope, scope_text, sizeof(scope_text)),
			type_name(r.type, type_text, sizeof(type_text)));
		if (r.tos)
			fprintf(out, " tos=%u", r.tos);
		fputc('\n', out);
	}
}

static const struct err *node_render(const struct kernel *k, const struct fibtrie_node *n,
				     uint32_t table, FILE *out)
{
	uint32_t full, empty;

	if (n->depth == 0)
		fibtext_head(table, out);
	if (!n->bits)
		return leaf_render(k, n, out);
	TRY(fibtrie_children(k, n, &full, &empty));
	key_print(n->depth, "+--", n->key, out);
	fprintf(out, "/%u %u %" PRIu32 " %" PRIu32 "\n", FIBTRIE_KEY_BITS - n->pos - n->bits,
		n->bits, full, empty);
	return NULL;
}

static const struct err *trie_render(struct proc_view *view, gva_t trie, uint32_t table, FILE *out)
{
	struct fibtrie_iter it;
	struct fibtrie_node n;

	TRY(fibtrie_init(&it, view->kernel, trie));
	for (;;) {
		long start = ftell(out);
		const struct err *e = fibtrie_next(&it, view->kernel, &n);

		if (!e && gva_is_null(n.at))
			return NULL;
		if (!e)
			e = node_render(view->kernel, &n, table, out);
		TRY(view_pass_line(view, out, start, e));
	}
}

const struct err *net_fib_trie(struct proc_view *view, const struct proc_node *node, FILE *out)
{
	return fibtext_tables(view, node, trie_render, out);
}
