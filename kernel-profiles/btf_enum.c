/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Enumerators out of BTF. Input: untrusted. */
#include <string.h>

#include "kernel-profiles/btf.h"

/* 32 bits, taken as signed: only newer compilers of BTF say which they are (kind_flag, 6.0). */
static bool value_read(struct buf_reader *r, const struct btf_type *t, int64_t *ret)
{
	uint32_t low, high = 0;

	if (buf_read_u32(r, &low) || (t->kind == BTF_ENUM64 && buf_read_u32(r, &high)))
		return false;
	if (t->kind == BTF_ENUM64)
		*ret = (int64_t)((uint64_t)high << 32 | low);
	else
		*ret = (int32_t)low;
	return true;
}

static bool enumeration_search(const struct btf *b, const struct btf_type *t, const char *name,
			       int64_t *ret)
{
	struct buf_reader r = span_reader(&b->types);
	uint32_t name_at;
	int64_t value;

	if (buf_skip(&r, t->extra))
		return false;
	for (uint32_t i = 0; i < t->vlen; i++) {
		if (buf_read_u32(&r, &name_at) || !value_read(&r, t, &value))
			return false;
		if (strcmp(btf_name(b, name_at), name) == 0) {
			*ret = value;
			return true;
		}
	}
	return false;
}

const struct err *btf_enumerator(const struct btf *b, const char *names, int64_t *ret)
{
	char name[BTF_NAME_MAX];

	while (alternative_next(&names, name, sizeof(name)))
		for (uint32_t i = 1; i < b->count; i++)
			if ((b->all[i].kind == BTF_ENUM || b->all[i].kind == BTF_ENUM64) &&
			    enumeration_search(b, &b->all[i], name, ret))
				return NULL;
	return ERR(ERR_ABSENT, "no such enumerator");
}
