/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading BTF into a table of types. Input: untrusted. */
#include "kernel-profiles/btf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BTF_MAGIC    0xeb9f
#define BTF_VERSION  1
#define HEADER_BYTES 24u /* of the first version; 7.x adds the layout section */
#define TYPE_BYTES   12u
#define TYPES_MAX    (1u << 20) /* BTF_MAX_TYPE */
#define RESOLVE_MAX  64u
#define LAYOUT_BYTES 4u

/* What follows the common part of a type: so many bytes, and so many for each of vlen. */
static const struct extra {
	uint8_t fixed_bytes, each_bytes;
} extras[BTF_KIND_COUNT] = {
	[BTF_INT] = {4, 0},     [BTF_ARRAY] = {12, 0},   [BTF_STRUCT] = {0, 12},
	[BTF_UNION] = {0, 12},  [BTF_ENUM] = {0, 8},     [BTF_FUNC_PROTO] = {0, 8},
	[BTF_VAR] = {4, 0},     [BTF_DATASEC] = {0, 12}, [BTF_DECL_TAG] = {4, 0},
	[BTF_ENUM64] = {0, 12},
};

struct header {
	uint32_t header_bytes;
	uint32_t type_at, type_bytes, string_at, string_bytes, layout_at, layout_bytes;
};

static const struct err *header_read(const struct span *section, struct header *ret)
{
	struct buf_reader r = span_reader(section);
	uint16_t magic;
	uint8_t version, flags;

	*ret = (struct header){0};
	TRY(buf_read_u16(&r, &magic));
	TRY(buf_read_u8(&r, &version));
	TRY(buf_read_u8(&r, &flags));
	TRY(buf_read_u32(&r, &ret->header_bytes));
	if (magic != BTF_MAGIC || version != BTF_VERSION || ret->header_bytes < HEADER_BYTES)
		return ERR(ERR_PROTO, "type information is not BTF version 1");
	TRY(buf_read_u32(&r, &ret->type_at));
	TRY(buf_read_u32(&r, &ret->type_bytes));
	TRY(buf_read_u32(&r, &ret->string_at));
	TRY(buf_read_u32(&r, &ret->string_bytes));
	if (ret->header_bytes >= HEADER_BYTES + 8) {
		TRY(buf_read_u32(&r, &ret->layout_at));
		TRY(buf_read_u32(&r, &ret->layout_bytes));
	}
	return NULL;
}

static const struct err *part_take(const struct span *section, const struct header *h, uint32_t at,
				   uint32_t len_bytes, struct span *ret)
{
	struct buf_reader r = span_reader(section);

	TRY(buf_skip(&r, h->header_bytes));
	TRY(buf_skip(&r, at));
	TRY(buf_read_view(&r, len_bytes, &ret->bytes));
	ret->len_bytes = len_bytes;
	return NULL;
}

/* Sizes of a kind newer than this program, from the layout section. */
static const struct err *extra_of(const struct span *layout, uint8_t kind, struct extra *ret)
{
	struct buf_reader r = span_reader(layout);

	if (kind < BTF_KIND_COUNT) {
		*ret = extras[kind];
		return NULL;
	}
	if (buf_skip(&r, kind * LAYOUT_BYTES) || buf_read_u8(&r, &ret->fixed_bytes) ||
	    buf_read_u8(&r, &ret->each_bytes))
		return ERR(ERR_PROTO, "type information of unknown kind %u", kind);
	return NULL;
}

static const struct err *type_read(struct buf_reader *r, const struct btf *b,
				   const struct span *layout, struct btf_type *ret)
{
	uint32_t info;
	struct extra extra;

	TRY(buf_read_u32(r, &ret->name));
	TRY(buf_read_u32(r, &info));
	TRY(buf_read_u32(r, &ret->size));
	ret->vlen = info & 0xffffff; /* 16 bits before 7.x, the others zero */
	ret->kind = info >> 24 & 0x7f;
	ret->flag = info >> 31;
	ret->extra = (uint32_t)(r->at - b->types.bytes);
	if (ret->kind == BTF_VOID)
		return ERR(ERR_PROTO, "type information with a type of no kind");
	TRY(extra_of(layout, ret->kind, &extra));
	return buf_skip(r, extra.fixed_bytes + (size_t)extra.each_bytes * ret->vlen);
}

static const struct err *types_read(struct btf *b, const struct span *layout)
{
	struct buf_reader r = span_reader(&b->types);
	size_t most = b->types.len_bytes / TYPE_BYTES + 1;

	if (most > TYPES_MAX)
		most = TYPES_MAX;
	b->all = calloc(most, sizeof(*b->all));
	if (!b->all)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "type information");
	for (b->count = 1; buf_reader_left(&r); b->count++) {
		if (b->count >= most)
			return ERR(ERR_PROTO, "more than %u types", TYPES_MAX);
		TRY(type_read(&r, b, layout, &b->all[b->count]));
	}
	return NULL;
}

const char *btf_name(const struct btf *b, uint32_t offset)
{
	return offset < b->strings.len_bytes ? (const char *)b->strings.bytes + offset : "";
}

/* A structure before a typedef of the same name; what only declares has no use. */
static int kind_rank(uint8_t kind)
{
	switch (kind) {
	case BTF_STRUCT:
		return 1;
	case BTF_UNION:
		return 2;
	case BTF_ENUM:
	case BTF_ENUM64:
		return 3;
	case BTF_TYPEDEF:
	case BTF_INT:
	case BTF_FLOAT:
		return 4;
	default:
		return 0;
	}
}

static int named_compare(const void *a, const void *b, void *context)
{
	const struct btf *btf = context;
	uint32_t ia = *(const uint32_t *)a, ib = *(const uint32_t *)b;
	const struct btf_type *ta = &btf->all[ia], *tb = &btf->all[ib];
	/* nobody asks for a longer name; one that fills the section would cost its length each time
	 */
	int order = strncmp(btf_name(btf, ta->name), btf_name(btf, tb->name), BTF_NAME_MAX);

	if (order == 0)
		order = kind_rank(ta->kind) - kind_rank(tb->kind);
	if (order == 0)
		order = (ia > ib) - (ia < ib);
	return order;
}

static const struct err *named_sort(struct btf *b)
{
	b->named = calloc(b->count, sizeof(*b->named));
	if (!b->named)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "type information");
	for (uint32_t i = b->first; i < b->count; i++)
		if (kind_rank(b->all[i].kind) && *btf_name(b, b->all[i].name))
			b->named[b->named_count++] = i;
	qsort_r(b->named, b->named_count, sizeof(*b->named), named_compare, b);
	return NULL;
}

/* Put what @base has before what @b has: numbers and name offsets continue (split BTF). */
static const struct err *base_join(struct btf *b, const struct btf *base)
{
	const struct span parts[] = {base->types, b->types, base->strings, b->strings};
	size_t at[5] = {0};

	for (size_t i = 0; i < 4; i++)
		at[i + 1] = at[i] + parts[i].len_bytes;
	b->joined = malloc(at[4]);
	if (!b->joined)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "type information");
	for (size_t i = 0; i < 4; i++)
		memcpy(b->joined + at[i], parts[i].bytes, parts[i].len_bytes);
	b->types = (struct span){.bytes = b->joined, .len_bytes = at[2]};
	b->strings = (struct span){.bytes = b->joined + at[2], .len_bytes = at[4] - at[2]};
	b->first = base->count;
	return NULL;
}

static const struct err *parts_read(struct btf *b, const struct btf *base,
				    const struct span *section)
{
	struct header h;
	struct span layout = {0};

	TRY(header_read(section, &h));
	TRY(part_take(section, &h, h.type_at, h.type_bytes, &b->types));
	TRY(part_take(section, &h, h.string_at, h.string_bytes, &b->strings));
	TRY(part_take(section, &h, h.layout_at, h.layout_bytes, &layout));
	if (!b->strings.len_bytes || b->strings.bytes[b->strings.len_bytes - 1] != 0)
		return ERR(ERR_PROTO, "type information whose names do not end");
	if (base)
		TRY(base_join(b, base));
	TRY(types_read(b, &layout));
	return named_sort(b);
}

const struct err *btf_init_split(struct btf *b, const struct btf *base, const struct span *section)
{
	*b = (struct btf){.first = 1};
	const struct err *e = parts_read(b, base, section);

	if (e)
		btf_deinit(b);
	return e;
}

const struct err *btf_init(struct btf *b, const struct span *section)
{
	return btf_init_split(b, NULL, section);
}

void btf_deinit(struct btf *b)
{
	free(b->all);
	free(b->named);
	free(b->joined);
	*b = (struct btf){0};
}

const struct btf_type *btf_named_next(const struct btf *b, const char *name, uint32_t *at)
{
	uint32_t low = 0, high = b->named_count;

	while (*at == 0 && low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (strcmp(btf_name(b, b->all[b->named[middle]].name), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	uint32_t i = *at ? *at : low;
	if (i >= b->named_count || strcmp(btf_name(b, b->all[b->named[i]].name), name) != 0)
		return NULL;
	*at = i + 1;
	return &b->all[b->named[i]];
}

const struct btf_type *btf_resolve(const struct btf *b, uint32_t id)
{
	for (unsigned i = 0; i < RESOLVE_MAX && id < b->count; i++) {
		const struct btf_type *t = &b->all[id];

		switch (t->kind) {
		case BTF_TYPEDEF:
		case BTF_VOLATILE:
		case BTF_CONST:
		case BTF_RESTRICT:
		case BTF_TYPE_TAG:
			id = t->size;
			break;
		default:
			return t;
		}
	}
	return &b->all[0];
}
