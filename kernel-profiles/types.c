/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of fields.def, from type information of image and modules. Input: untrusted. */
#include "kernel-profiles/types.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "kernel-profiles/layouts.h"
#include "kernel-profiles/rows.h"
#include "remotetrans/base/scope.h"

/* A member that is missing is no error here. */
static const struct err *unless_absent(const struct err *e)
{
	return e && e->kind != ERR_ABSENT ? e : NULL;
}

/* All type information of a kernel. */
struct types {
	const struct modules *modules;
	struct btf image;
	struct btf split[MODULES_MAX]; /* by module; without types where it has none */
};

static void types_deinit(struct types *t)
{
	btf_deinit(&t->image);
	for (unsigned i = 0; i < t->modules->count; i++)
		btf_deinit(&t->split[i]);
}

static const struct err *types_init(struct types *t, const struct span *section,
				    const struct modules *modules, const char *release)
{
	*t = (struct types){.modules = modules};
	TRY(btf_init(&t->image, section));
	for (unsigned i = 0; i < modules->count; i++) {
		struct span own;

		TRY(module_types(&modules->all[i], release, &own));
		if (own.len_bytes)
			TRY(btf_init_split(&t->split[i], &t->image, &own));
	}
	return NULL;
}

/* The types of the module that @structure names; NULL: it names none, or there is none. */
static const struct btf *module_btf(const struct types *t, const char *structure)
{
	char module[MODULE_NAME_BYTES];

	if (!row_module(structure, module))
		return NULL;
	for (unsigned i = 0; i < t->modules->count; i++)
		if (strcmp(t->modules->all[i].name, module) == 0)
			return &t->split[i];
	return NULL;
}

static const char *without_module(const char *structure)
{
	const char *colon = strchr(structure, ':');

	return colon ? colon + 1 : structure;
}

static const struct err *field_find(const struct types *t, const struct field_row *row,
				    struct field *ret)
{
	const struct btf *module = module_btf(t, row->structure);

	if (module && !module->count)
		return layout_field(&t->image, row->structure, row->path, ret);
	return btf_field(module ? module : &t->image, without_module(row->structure), row->path,
			 ret);
}

static const struct err *size_find(const struct types *t, const char *name, uint32_t *ret)
{
	const struct btf *module = module_btf(t, name);

	if (module && !module->count)
		return layout_size(&t->image, name, ret);
	return btf_size(module ? module : &t->image, without_module(name), ret);
}

static const struct err *fields_add(struct lines *l, const struct types *t)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct field_row *row = &field_rows[i];
		struct field f = {0};

		TRY(unless_absent(field_find(t, row, &f)));
		if (f.bit_size)
			TRY(lines_add(l, "field %s %u %u %u+%u", row->id, f.offset_bytes,
				      f.size_bytes, f.bit_offset, f.bit_size));
		else if (f.size_bytes)
			TRY(lines_add(l, "field %s %u %u", row->id, f.offset_bytes, f.size_bytes));
	}
	return NULL;
}

static const struct err *sizes_add(struct lines *l, const struct types *t)
{
	for (unsigned i = 0; i < SIZE_COUNT; i++) {
		uint32_t size = 0;

		TRY(unless_absent(size_find(t, size_rows[i].name, &size)));
		if (size)
			TRY(lines_add(l, "size %s %u", size_rows[i].id, size));
	}
	return NULL;
}

static const struct err *enumerators_add(struct lines *l, const struct btf *b)
{
	for (unsigned i = 0; i < ENUMERATOR_COUNT; i++) {
		int64_t value;
		const struct err *e = btf_enumerator(b, enumerator_rows[i].name, &value);

		TRY(unless_absent(e));
		if (!e)
			TRY(lines_add(l, "enum %s %" PRId64, enumerator_rows[i].id, value));
	}
	return NULL;
}

const struct err *types_add(struct lines *l, const struct span *image,
			    const struct modules *modules, const char *release)
{
	AUTO_FREE struct types *t = calloc(1, sizeof(*t));

	if (!t)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "type information");
	const struct err *e = types_init(t, image, modules, release);
	if (!e)
		e = fields_add(l, t);
	if (!e)
		e = sizes_add(l, t);
	if (!e)
		e = enumerators_add(l, &t->image);
	types_deinit(t);
	return e;
}
