/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Structures of modules without type information. Input: the image's, untrusted. */
#include "kernel-profiles/layouts.h"

#include <string.h>

struct member {
	const char *structure, *path, *type;
	uint32_t count, align_bytes;
};

#define MEMBER(structure, path, type, count, align) {structure, path, type, count, align},
static const struct member members[] = {
#include "kernel-profiles/layouts.def"
};

static uint64_t align_up(uint64_t at, uint32_t to)
{
	return (at + to - 1) / to * to;
}

/* From the start of @structure to @path, or, if that is null, behind its last member. */
static const struct err *walk(const struct btf *image, const char *structure, const char *path,
			      struct field *ret)
{
	uint64_t at = 0, most_align = 1;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct member *m = &members[i];
		uint32_t size;

		if (strcmp(m->structure, structure) != 0)
			continue;
		TRY(btf_size(image, m->type, &size));
		at = align_up(at, m->align_bytes);
		most_align = m->align_bytes > most_align ? m->align_bytes : most_align;
		if (path && strcmp(m->path, path) == 0) {
			*ret = (struct field){.offset_bytes = (uint32_t)at,
					      .size_bytes = m->count * size};
			return NULL;
		}
		at += (uint64_t)m->count * size;
	}
	if (path || !at)
		return ERR(ERR_ABSENT, "no such member");
	*ret = (struct field){.size_bytes = (uint32_t)align_up(at, (uint32_t)most_align)};
	return NULL;
}

const struct err *layout_field(const struct btf *image, const char *structure, const char *path,
			       struct field *ret)
{
	return walk(image, structure, path, ret);
}

const struct err *layout_size(const struct btf *image, const char *structure, uint32_t *ret)
{
	struct field all;

	TRY(walk(image, structure, NULL, &all));
	*ret = all.size_bytes;
	return NULL;
}
