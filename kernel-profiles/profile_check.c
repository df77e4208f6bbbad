/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a profile lacks. */
#include "kernel-profiles/profile_check.h"

#include <stdio.h>
#include <string.h>

#include "kernel-profiles/rows.h"

#define TAIL_BYTES sizeof("and 4294967295 more")

typedef void gap_visit(void *context, const struct profile_gap *gap);

static void gap_report(gap_visit *visit, void *context, const char *keyword,
		       const struct name_row *row)
{
	struct profile_gap gap = {
		.keyword = keyword, .id = row->id, .name = row->name, .must = row->must};

	visit(context, &gap);
}

void profile_gaps(const struct profile *p, gap_visit *visit, void *context)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct field_row *row = &field_rows[i];
		struct profile_gap gap = {"field", row->id, row->structure, row->path, row->must};

		if (!p->fields[i].size_bytes)
			visit(context, &gap);
	}
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if (!p->sizes[i])
			gap_report(visit, context, "size", &size_rows[i]);
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++)
		if (!p->enumerators[i].present)
			gap_report(visit, context, "enum", &enumerator_rows[i]);
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (!p->has_symbol[i])
			gap_report(visit, context, "symbol", &symbol_rows[i]);
}

struct list {
	char *text;
	size_t size_bytes;
	size_t used_bytes;
	unsigned count;
	unsigned unlisted;
};

static void list_add(void *context, const struct profile_gap *gap)
{
	struct list *list = context;
	size_t len = strlen(gap->id) + 2;

	if (!gap->must)
		return;
	list->count++;
	if (list->unlisted || list->used_bytes + len + TAIL_BYTES > list->size_bytes) {
		list->unlisted++;
		return;
	}
	list->used_bytes +=
		(size_t)snprintf(list->text + list->used_bytes, list->size_bytes - list->used_bytes,
				 "%s%s", list->used_bytes ? ", " : "", gap->id);
}

unsigned profile_missing_list(const struct profile *p, char *ret, size_t size_bytes)
{
	struct list list = {.text = ret, .size_bytes = size_bytes};

	ret[0] = 0;
	profile_gaps(p, list_add, &list);
	if (list.unlisted)
		snprintf(ret + list.used_bytes, size_bytes - list.used_bytes, " and %u more",
			 list.unlisted);
	return list.count;
}
