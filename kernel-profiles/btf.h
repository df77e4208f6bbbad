/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * btf - the type information inside a kernel image (.BTF section).
 * Format: Documentation/bpf/btf.rst and include/uapi/linux/btf.h.
 */
#ifndef KP_BTF_H
#define KP_BTF_H

#include "kernel-profiles/profile.h"
#include "kernel-profiles/span.h"

enum btf_kind {
	BTF_VOID,
	BTF_INT,
	BTF_PTR,
	BTF_ARRAY,
	BTF_STRUCT,
	BTF_UNION,
	BTF_ENUM,
	BTF_FWD,
	BTF_TYPEDEF,
	BTF_VOLATILE,
	BTF_CONST,
	BTF_RESTRICT,
	BTF_FUNC,
	BTF_FUNC_PROTO,
	BTF_VAR,
	BTF_DATASEC,
	BTF_FLOAT,
	BTF_DECL_TAG,
	BTF_TYPE_TAG,
	BTF_ENUM64,
	BTF_KIND_COUNT
};

struct btf_type {
	uint32_t name; /* offset into the strings */
	uint8_t kind;
	bool flag;      /* kind_flag: bit-fields in members, signedness in enumerations */
	uint32_t vlen;  /* members, enumerators, ... */
	uint32_t size;  /* in bytes, or the id of the type that this one is of */
	uint32_t extra; /* offset into the types of what follows the common part */
};

struct btf {
	struct span types, strings;
	struct btf_type *all; /* owned; [0] is void */
	uint32_t count;
	uint32_t first;  /* of its own types; before it are those of the base */
	uint8_t *joined; /* owned; holds types and strings where there is a base */
	uint32_t *named; /* owned; ids of named types, sorted by name */
	uint32_t named_count;
};

/**
 * btf_init() - read all types once
 * @section: untrusted; borrowed until btf_deinit()
 *
 * Return: NULL, PROTO, SYSTEM.
 */
MUST_CHECK const struct err *btf_init(struct btf *b, const struct span *section);
void btf_deinit(struct btf *b);

/**
 * btf_init_split() - the same of a module, whose types and names continue those of @base
 * @base: the kernel image's; needed for this call only
 *
 * By name only the module's own types are found; their members may be of the base's.
 * Return: NULL, PROTO, SYSTEM.
 */
MUST_CHECK const struct err *btf_init_split(struct btf *b, const struct btf *base,
					    const struct span *section);

/* A name; "" when @offset lies outside of the strings. */
const char *btf_name(const struct btf *b, uint32_t offset);

/* Through typedefs, const and the like to the type itself; void when that is not a valid type. */
const struct btf_type *btf_resolve(const struct btf *b, uint32_t id);

/**
 * btf_field() - find a member
 * @structure, @path: as in fields.def, '|' separates alternatives
 *
 * Return: NULL, ABSENT.
 */
MUST_CHECK const struct err *btf_field(const struct btf *b, const char *structure, const char *path,
				       struct field *ret);

/* sizeof the first of @names that exists. Return: NULL, ABSENT. */
MUST_CHECK const struct err *btf_size(const struct btf *b, const char *names, uint32_t *ret);

/* sizeof the type @id; 0 for what has none. */
uint64_t btf_type_size(const struct btf *b, uint32_t id);

/* The first of @names that is an enumerator. Return: NULL, ABSENT. */
MUST_CHECK const struct err *btf_enumerator(const struct btf *b, const char *names, int64_t *ret);

/* Take the next alternative of @list into @ret; false at the end or when it is too long. */
bool alternative_next(const char **list, char *ret, size_t size_bytes);

/* Types called @name, in order of preference; call with *@at = 0 at first. NULL at the end. */
const struct btf_type *btf_named_next(const struct btf *b, const char *name, uint32_t *at);

#define BTF_NAME_MAX 128

#endif
