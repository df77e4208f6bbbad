/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the files about tables of IPv4 routes. Input: attacker-controlled. */
#include "transcall/proc/fibtext.h"

#include <inttypes.h>
#include <linux/rtnetlink.h>

#include "transcall/kobj/routeinfo.h"
#include "transcall/proc/nettext.h"

const struct err *fibtext_tables(struct proc_view *view, const struct proc_node *node,
				 fibtext_table_fn *render, FILE *out)
{
	const struct kernel *k = view->kernel;
	gva_t net, table, trie;
	struct hashwalk it;
	uint32_t id;

	TRY(nettext_net(view, node, &net));
	TRY(route_tables_init(&it, k, net));
	for (;;) {
		TRY(route_tables_next(&it, k, &table, &id));
		if (gva_is_null(table))
			return NULL;
		TRY(kfield_ptr(k, table, F_fib_table_data, &trie));
		TRY(render(view, trie, id, out));
	}
}

void fibtext_head(uint32_t table, FILE *out)
{
	if (table == RT_TABLE_LOCAL || table == RT_TABLE_MAIN)
		fputs(table == RT_TABLE_LOCAL ? "Local:\n" : "Main:\n", out);
	else
		fprintf(out, "Id %" PRId32 ":\n", (int32_t)table);
}
