/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members, sizes and enumerators out of BTF. Input: untrusted; recursion and work are bounded. */
#include "kernel-profiles/btf.h"

#include <string.h>

#define NESTING_MAX      16u
#define VISITS_MAX       (1u << 14) /* members looked at for one path; structures have hundreds */
#define ARRAYS_MAX       16u
#define POINTER_BYTES    8u
#define STRUCT_MAX_BYTES (1u << 24)

struct member {
	uint32_t type;
	uint32_t bit_at;   /* from the start of the outermost structure */
	uint32_t bit_size; /* bit-field: its width; else 0 */
};

struct walk {
	const struct btf *btf;
	unsigned visits_left;
};

bool alternative_next(const char **list, char *ret, size_t size_bytes)
{
	size_t len = strcspn(*list, "|");

	if (len == 0 || len >= size_bytes)
		return false;
	memcpy(ret, *list, len);
	ret[len] = 0;
	*list += len + ((*list)[len] == '|');
	return true;
}

uint64_t btf_type_size(const struct btf *b, uint32_t id)
{
	uint64_t times = 1;

	for (unsigned i = 0; i < ARRAYS_MAX; i++) {
		const struct btf_type *t = btf_resolve(b, id);
		struct buf_reader r = span_reader(&b->types);
		uint32_t index, count;

		if (t->kind == BTF_PTR)
			return times * POINTER_BYTES;
		if (t->kind == BTF_INT || t->kind == BTF_STRUCT || t->kind == BTF_UNION ||
		    t->kind == BTF_ENUM || t->kind == BTF_FLOAT || t->kind == BTF_ENUM64)
			return times * t->size;
		if (t->kind != BTF_ARRAY || buf_skip(&r, t->extra) || buf_read_u32(&r, &id) ||
		    buf_read_u32(&r, &index) || buf_read_u32(&r, &count))
			return 0;
		times *= count;
		if (times > STRUCT_MAX_BYTES)
			return 0;
	}
	return 0;
}

/* Before kind_flag, a bit-field was a member of an integer type with few bits. */
static void old_bit_field(const struct btf *b, struct member *m)
{
	const struct btf_type *t = btf_resolve(b, m->type);
	struct buf_reader r = span_reader(&b->types);
	uint32_t encoding;

	if (t->kind != BTF_INT || buf_skip(&r, t->extra) || buf_read_u32(&r, &encoding))
		return;
	uint32_t bits = encoding & 0xff, offset = encoding >> 16 & 0xff;
	if (bits != t->size * 8 || offset) {
		m->bit_at += offset;
		m->bit_size = bits;
	}
}

static bool member_next(struct walk *w, struct buf_reader *r, const struct btf_type *of,
			uint32_t *ret_name, struct member *ret)
{
	uint32_t where;

	if (w->visits_left == 0 || buf_read_u32(r, ret_name) || buf_read_u32(r, &ret->type) ||
	    buf_read_u32(r, &where))
		return false;
	w->visits_left--;
	ret->bit_at = of->flag ? where & 0xffffff : where;
	ret->bit_size = of->flag ? where >> 24 : 0;
	if (!of->flag)
		old_bit_field(w->btf, ret);
	return true;
}

/* The member @name of @of, also through anonymous structures and unions. */
static bool member_find(struct walk *w, const struct btf_type *of, const char *name, unsigned depth,
			struct member *ret)
{
	struct buf_reader r = span_reader(&w->btf->types);
	struct member m;
	uint32_t name_at;

	if (depth == NESTING_MAX || (of->kind != BTF_STRUCT && of->kind != BTF_UNION) ||
	    buf_skip(&r, of->extra))
		return false;
	for (uint32_t i = 0; i < of->vlen && member_next(w, &r, of, &name_at, &m); i++) {
		const char *found = btf_name(w->btf, name_at);

		if (strcmp(found, name) == 0) {
			*ret = m;
			return true;
		}
		if (!*found && member_find(w, btf_resolve(w->btf, m.type), name, depth + 1, ret)) {
			ret->bit_at += m.bit_at;
			return true;
		}
	}
	return false;
}

/* "a.b.c" from @of on. */
static bool path_find(struct walk *w, const struct btf_type *of, const char *path,
		      struct member *ret)
{
	struct member total = {0}, step;
	char name[BTF_NAME_MAX];

	for (unsigned i = 0; i < NESTING_MAX && *path; i++) {
		size_t len = strcspn(path, ".");

		if (len == 0 || len >= sizeof(name))
			return false;
		memcpy(name, path, len);
		name[len] = 0;
		path += len;
		if (*path == '.' && !*++path)
			return false;
		if (!member_find(w, of, name, 0, &step))
			return false;
		total = (struct member){step.type, total.bit_at + step.bit_at, step.bit_size};
		of = btf_resolve(w->btf, step.type);
	}
	*ret = total;
	return !*path;
}

/* sizeof; of a flexible array, one element. */
static uint64_t member_size(const struct btf *b, uint32_t type)
{
	const struct btf_type *t = btf_resolve(b, type);
	struct buf_reader r = span_reader(&b->types);
	uint64_t size = btf_type_size(b, type);
	uint32_t element;

	if (size == 0 && t->kind == BTF_ARRAY && !buf_skip(&r, t->extra) &&
	    !buf_read_u32(&r, &element))
		size = btf_type_size(b, element);
	return size;
}

/* From bits to a storage unit that a reader can load: the declared type's where it is aligned. */
static bool field_place(const struct btf *b, const struct member *m, struct field *ret)
{
	uint64_t size = member_size(b, m->type);
	uint32_t unit_bits = (uint32_t)size * 8;

	if (size > STRUCT_MAX_BYTES)
		return false;
	if (m->bit_size == 0) {
		*ret = (struct field){.offset_bytes = m->bit_at / 8, .size_bytes = (uint32_t)size};
		return size != 0;
	}
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return false;
	uint32_t start = m->bit_at / unit_bits * unit_bits;
	if (m->bit_at + m->bit_size > start + unit_bits)
		start = m->bit_at / 8 * 8; /* packed: it crosses its unit's border */
	if (m->bit_at + m->bit_size > start + unit_bits)
		return false;
	*ret = (struct field){.offset_bytes = start / 8,
			      .size_bytes = (uint32_t)size,
			      .bit_offset = (uint8_t)(m->bit_at - start),
			      .bit_size = (uint8_t)m->bit_size};
	return true;
}

/* One structure, one path; of several structures of that name the first that has the path. */
static bool field_find(const struct btf *b, const char *structure, const char *path,
		       struct field *ret)
{
	struct walk w = {b, VISITS_MAX};
	struct member m;
	uint32_t at = 0;
	const struct btf_type *t;

	while ((t = btf_named_next(b, structure, &at))) {
		const struct btf_type *of = t->kind == BTF_TYPEDEF ? btf_resolve(b, t->size) : t;

		if (path_find(&w, of, path, &m) && field_place(b, &m, ret))
			return true;
	}
	return false;
}

const struct err *btf_field(const struct btf *b, const char *structure, const char *path,
			    struct field *ret)
{
	char one_structure[BTF_NAME_MAX], one_path[BTF_NAME_MAX];

	while (alternative_next(&structure, one_structure, sizeof(one_structure))) {
		const char *paths = path;

		while (alternative_next(&paths, one_path, sizeof(one_path)))
			if (field_find(b, one_structure, one_path, ret))
				return NULL;
	}
	return ERR(ERR_ABSENT, "no such member");
}

const struct err *btf_size(const struct btf *b, const char *names, uint32_t *ret)
{
	char name[BTF_NAME_MAX];

	while (alternative_next(&names, name, sizeof(name))) {
		uint32_t at = 0;
		const struct btf_type *t;

		while ((t = btf_named_next(b, name, &at))) {
			uint64_t size = btf_type_size(b, (uint32_t)(t - b->all));

			if (size && size <= STRUCT_MAX_BYTES) {
				*ret = (uint32_t)size;
				return NULL;
			}
		}
	}
	return ERR(ERR_ABSENT, "no such type");
}
