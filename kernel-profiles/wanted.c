/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbols of symbols.def among those of a kernel. Input: untrusted symbol names. */
#include "kernel-profiles/wanted.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel-profiles/btf.h"
#include "kernel-profiles/rows.h"
#include "remotetrans/base/scope.h"

/* One of the alternative names of a row. */
struct name {
	char text[BTF_NAME_MAX];
	unsigned row, order; /* order among the row's alternatives */
	uint64_t address;
	bool found, global, ambiguous;
};

struct names {
	struct name *all; /* owned; sorted by text */
	size_t count;
};

static int name_compare(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static const struct err *names_init(struct names *n)
{
	size_t room = 0;

	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		for (const char *c = symbol_rows[i].name; c; c = strchr(c + 1, '|'))
			room++;
	n->all = calloc(room, sizeof(*n->all));
	if (!n->all)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "symbols");
	for (unsigned i = 0; i < SYMBOL_COUNT; i++) {
		const char *list = symbol_rows[i].name;
		unsigned order = 0;

		while (n->count < room &&
		       alternative_next(&list, n->all[n->count].text, BTF_NAME_MAX)) {
			n->all[n->count].row = i;
			n->all[n->count++].order = order++;
		}
	}
	qsort(n->all, n->count, sizeof(*n->all), name_compare);
	return NULL;
}

static void name_meet(struct name *n, uint64_t address, bool global)
{
	if (n->found && n->address == address)
		n->global |= global;
	else if (!n->found || (global && !n->global)) {
		n->address = address;
		n->found = true;
		n->global = global;
		n->ambiguous = false;
	} else if (global == n->global)
		n->ambiguous = true;
}

static void names_meet(struct names *n, const char *text, uint64_t address, bool global)
{
	size_t low = 0, high = n->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(n->all[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n->count && strcmp(n->all[low].text, text) == 0; low++)
		name_meet(&n->all[low], address, global);
}

/* The tables themselves, which a reader needs to decode names inside a guest. */
static void tables_meet(struct names *n, const struct kallsyms *k)
{
	const struct {
		const char *name;
		size_t at;
	} tables[] = {
		{"kallsyms_num_syms", k->num_syms_at},
		{"kallsyms_names", k->names_at},
		{"kallsyms_markers", k->markers_at},
		{"kallsyms_token_table", k->token_table_at},
		{"kallsyms_token_index", k->token_index_at},
		{"kallsyms_offsets", k->offsets_at},
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		names_meet(n, tables[i].name, k->rodata.address + tables[i].at, true);
	if (k->rule != KALLSYMS_SELF)
		names_meet(n, "kallsyms_relative_base", k->rodata.address + k->relative_base_at,
			   true);
}

static const struct err *symbols_meet(struct names *n, const struct kallsyms *k)
{
	struct kallsyms_iterator it = {0};
	struct kallsyms_symbol symbol;
	bool more;

	for (;;) {
		TRY(kallsyms_next(k, &it, &symbol, &more));
		if (!more)
			return NULL;
		names_meet(n, symbol.name, symbol.address, isupper((unsigned char)symbol.type));
	}
}

const struct err *wanted_find(const struct kallsyms *k, struct wanted_symbols *ret)
{
	AUTO_FREE struct name *all = NULL;
	struct names names = {0};
	unsigned best[SYMBOL_COUNT];

	const struct err *e = names_init(&names);
	all = names.all;
	TRY(e);
	TRY(symbols_meet(&names, k));
	tables_meet(&names, k);
	*ret = (struct wanted_symbols){0};
	for (size_t i = 0; i < names.count; i++) {
		const struct name *n = &all[i];

		if (!n->found || n->ambiguous || (ret->found[n->row] && best[n->row] <= n->order))
			continue;
		ret->found[n->row] = true;
		ret->address[n->row] = n->address;
		best[n->row] = n->order;
	}
	return NULL;
}
