/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that can be switched on. Input: attacker-controlled. */
#include "transcall/kobj/dyndbg.h"

static const struct err *text_read(const struct kernel *k, gva_t object, enum field_id id,
				   char *ret, size_t size_bytes)
{
	gva_t at;

	TRY(kfield_ptr(k, object, id, &at));
	return kread_str(k, at, ret, size_bytes);
}

const struct err *dyndbg_iter_init(struct dyndbg_iter *it, const struct kernel *k)
{
	it->table = gva(0);
	it->index = it->count = 0;
	it->steps = 0;
	return list_init(&it->tables, k, kernel_symbol(k, S_ddebug_tables));
}

/* Go to the next table that is not empty; it->table null: there is none. */
static const struct err *table_next(struct dyndbg_iter *it, const struct kernel *k)
{
	gva_t link;

	do {
		it->table = gva(0);
		it->index = it->count = 0;
		TRY(list_next(&it->tables, k, &link));
		if (gva_is_null(link))
			return NULL;
		it->table = kfield_container(k, link, F_ddebug_table_link);
		TRY(kfield_uint(k, it->table, F_ddebug_table_num_ddebugs, &it->count));
	} while (!it->count);
	return NULL;
}

static const struct err *message_read(const struct kernel *k, struct dyndbg *ret)
{
	uint64_t line, flags, class_id = DYNDBG_CLASS_NONE;

	TRY(text_read(k, ret->table, F_ddebug_table_mod_name, ret->module, sizeof(ret->module)));
	TRY(text_read(k, ret->at, F_ddebug_filename, ret->file, sizeof(ret->file)));
	TRY(text_read(k, ret->at, F_ddebug_function, ret->function, sizeof(ret->function)));
	TRY(text_read(k, ret->at, F_ddebug_format, ret->format, sizeof(ret->format)));
	TRY(kfield_uint(k, ret->at, F_ddebug_lineno, &line));
	TRY(kfield_uint(k, ret->at, F_ddebug_flags, &flags));
	if (profile_has(k->profile, F_ddebug_class_id))
		TRY(kfield_uint(k, ret->at, F_ddebug_class_id, &class_id));
	ret->line = (uint32_t)line;
	ret->flags = (uint32_t)flags;
	ret->class_id = (uint32_t)class_id;
	return NULL;
}

const struct err *dyndbg_iter_next(struct dyndbg_iter *it, const struct kernel *k,
				   struct dyndbg *ret)
{
	gva_t messages;

	ret->at = gva(0);
	if (it->index == it->count)
		TRY(table_next(it, k));
	if (gva_is_null(it->table))
		return NULL;
	if (it->steps++ == DYNDBG_MAX) {
		it->tables.next = it->tables.head; /* the end */
		it->index = it->count;
		return ERR_AT(ERR_RACE, it->table.v, "more than %u messages", DYNDBG_MAX);
	}
	uint64_t index = it->index++;
	if (profile_has(k->profile, F_ddebug_class_id)) /* since 6.1 from the last to the first */
		index = it->count - 1 - index;
	TRY(kfield_ptr(k, it->table, F_ddebug_table_ddebugs, &messages));
	ret->table = it->table;
	ret->at = gva_add(messages, index * k->profile->sizes[SIZE_ddebug]);
	return message_read(k, ret);
}

/* ddebug_class_name() */
const struct err *dyndbg_class_name(const struct kernel *k, const struct dyndbg *d,
				    char ret[static DYNDBG_NAME_BYTES])
{
	uint64_t base, length;
	struct list_iter it;
	gva_t link, map, names;

	TRY(list_init(&it, k, kfield_at(k, d->table, F_ddebug_table_maps)));
	for (;;) {
		TRY(list_next(&it, k, &link));
		if (gva_is_null(link))
			return ERR(ERR_ABSENT, "class %u has no name", d->class_id);
		map = kfield_container(k, link, F_ddebug_class_map_link);
		TRY(kfield_uint(k, map, F_ddebug_class_map_base, &base));
		TRY(kfield_uint(k, map, F_ddebug_class_map_length, &length));
		if (d->class_id >= base && d->class_id - base < length)
			break;
	}
	TRY(kfield_ptr(k, map, F_ddebug_class_map_names, &names));
	TRY(kread_ptr(k, gva_add(names, 8 * (d->class_id - base)), &names));
	return kread_str(k, names, ret, DYNDBG_NAME_BYTES);
}
