/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fibtext - what the files about the tables of IPv4 routes share. */
#ifndef TC_PROC_FIBTEXT_H
#define TC_PROC_FIBTEXT_H

#include "transcall/proc/tree.h"

/* What a file shows of a table; @trie: its struct trie. */
typedef const struct err *fibtext_table_fn(struct proc_view *view, gva_t trie, uint32_t table,
					   FILE *out);

/* Call @render for each table of the network namespace that @node's process is in. */
MUST_CHECK const struct err *fibtext_tables(struct proc_view *view, const struct proc_node *node,
					    fibtext_table_fn *render, FILE *out);

/* fib_table_print(): a table's name, as the head of what is shown of it. */
void fibtext_head(uint32_t table, FILE *out);

#endif
