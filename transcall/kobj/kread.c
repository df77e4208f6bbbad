/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading integers, strings and members of guest kernel objects. Input: attacker-controlled. */
#include "transcall/kobj/kernel.h"

#include <endian.h>
#include <string.h>

/* @len_bytes: 1 to 8 */
static inline uint64_t le_decode(const uint8_t *bytes, size_t len_bytes)
{
	uint64_t v = 0;

	memcpy(&v, bytes, len_bytes);
	return le64toh(v);
}

#define UNIT_BYTES      16 /* of kernel memory that cost as much as one more read */
#define UNIT_BYTES_USER 4  /* of user memory: it becomes text, which is kept */

static const struct err *unpaid(gva_t at)
{
	return ERR_AT(ERR_RACE, at.v,
		      "more guest memory would be read than any sound answer needs");
}

static inline bool pay(const struct kernel *k, uint64_t units)
{
	return !k->work || work_take(k->work, units);
}

const struct err *kread(const struct kernel *k, gva_t at, void *ret, size_t len_bytes)
{
	if (!pay(k, 1 + len_bytes / UNIT_BYTES))
		return unpaid(at);
	return k->mem->read(k->mem, k->space, at, ret, len_bytes);
}

const struct err *kread_user(const struct kernel *k, struct memspace space, gva_t at, void *ret,
			     size_t len_bytes)
{
	if (!pay(k, 1 + len_bytes / UNIT_BYTES_USER))
		return unpaid(at);
	const struct err *e = k->mem->read(k->mem, space, at, ret, len_bytes);
	/* about a frame, not about one of these addresses */
	if (e && e->kind == ERR_FAULT && e->address - at.v >= len_bytes)
		return ERR_AT(ERR_RACE, at.v, "page tables lead out of memory: %.200s", e->message);
	return e;
}

static const struct err *read_le(const struct kernel *k, gva_t at, size_t len_bytes, uint64_t *ret)
{
	uint8_t bytes[8];

	TRY(kread(k, at, bytes, len_bytes));
	*ret = le_decode(bytes, len_bytes);
	return NULL;
}

#define KREAD_INTEGER(name, type)                                                                  \
	const struct err *name(const struct kernel *k, gva_t at, type *ret)                        \
	{                                                                                          \
		uint64_t v;                                                                        \
                                                                                                   \
		TRY(read_le(k, at, sizeof(type), &v));                                             \
		*ret = (type)v;                                                                    \
		return NULL;                                                                       \
	}

KREAD_INTEGER(kread_u8, uint8_t)
KREAD_INTEGER(kread_u16, uint16_t)
KREAD_INTEGER(kread_u32, uint32_t)
KREAD_INTEGER(kread_u64, uint64_t)

const struct err *kread_ptr(const struct kernel *k, gva_t at, gva_t *ret)
{
	return read_le(k, at, 8, &ret->v);
}

/* Reads page by page, so that a string at the end of mapped memory is still found. */
const struct err *kread_str(const struct kernel *k, gva_t at, char *ret, size_t size_bytes)
{
	size_t used = 0;

	while (used + 1 < size_bytes) {
		size_t part = FRAME_BYTES - (at.v & (FRAME_BYTES - 1));

		if (part > size_bytes - 1 - used)
			part = size_bytes - 1 - used;
		TRY(kread(k, at, ret + used, part));
		if (memchr(ret + used, 0, part))
			return NULL;
		used += part;
		at = gva_add(at, part);
	}
	ret[used] = 0;
	return NULL;
}

static const struct err *field_of(const struct kernel *k, enum field_id id,
				  const struct field **ret)
{
	*ret = &k->profile->fields[id];
	if (!(*ret)->size_bytes)
		return ERR(ERR_ABSENT, "kernel %s lacks member number %d", k->profile->release, id);
	return NULL;
}

static inline uint64_t field_decode(const struct field *f, const uint8_t *bytes, bool is_signed)
{
	unsigned bits = 8 * f->size_bytes;
	uint64_t v = le_decode(bytes, f->size_bytes);

	if (f->bit_size) {
		v >>= f->bit_offset;
		bits = f->bit_size;
	}
	if (bits < 64)
		v &= (UINT64_C(1) << bits) - 1;
	if (is_signed && bits < 64 && v >> (bits - 1) & 1)
		v |= UINT64_MAX << bits;
	return v;
}

static const struct err *field_read(const struct kernel *k, gva_t object, enum field_id id,
				    bool is_signed, uint64_t *ret)
{
	const struct field *f;
	uint8_t bytes[8];

	TRY(field_of(k, id, &f));
	if (f->size_bytes > sizeof(bytes))
		return ERR(ERR_PROFILE, "member number %d is not an integer", id);
	TRY(kread(k, gva_add(object, f->offset_bytes), bytes, f->size_bytes));
	*ret = field_decode(f, bytes, is_signed);
	return NULL;
}

const struct err *kfield_uint(const struct kernel *k, gva_t object, enum field_id id, uint64_t *ret)
{
	return field_read(k, object, id, false, ret);
}

const struct err *kfield_int(const struct kernel *k, gva_t object, enum field_id id, int64_t *ret)
{
	uint64_t v;

	TRY(field_read(k, object, id, true, &v));
	*ret = (int64_t)v;
	return NULL;
}

const struct err *kfield_ptr(const struct kernel *k, gva_t object, enum field_id id, gva_t *ret)
{
	return field_read(k, object, id, false, &ret->v);
}

const struct err *kfield_bytes(const struct kernel *k, gva_t object, enum field_id id, void *ret,
			       size_t len_bytes)
{
	const struct field *f;

	TRY(field_of(k, id, &f));
	if (len_bytes > f->size_bytes)
		return ERR(ERR_PROFILE, "member number %d has %u bytes, not %zu", id, f->size_bytes,
			   len_bytes);
	return kread(k, gva_add(object, f->offset_bytes), ret, len_bytes);
}

const struct err *kfield_str(const struct kernel *k, gva_t object, enum field_id id, char *ret,
			     size_t size_bytes)
{
	const struct field *f;

	TRY(field_of(k, id, &f));
	size_t len = f->size_bytes < size_bytes - 1 ? f->size_bytes : size_bytes - 1;
	TRY(kread(k, gva_add(object, f->offset_bytes), ret, len));
	ret[len] = 0;
	return NULL;
}

const struct err *kread_key(const struct kernel *k, enum symbol_id id, bool *ret)
{
	gva_t key = kernel_symbol(k, id);
	int64_t enabled = 0;

	if (!gva_is_null(key))
		TRY(kfield_int(k, key, F_static_key_enabled, &enabled));
	*ret = enabled > 0;
	return NULL;
}

gva_t kfield_at(const struct kernel *k, gva_t object, enum field_id id)
{
	return gva_add(object, k->profile->fields[id].offset_bytes);
}

gva_t kfield_container(const struct kernel *k, gva_t member, enum field_id id)
{
	return gva_sub(member, k->profile->fields[id].offset_bytes);
}

const struct err *kobject_init(struct kobject_copy *o, const struct kernel *k, gva_t at,
			       enum size_id size)
{
	uint32_t len = k->profile->sizes[size];

	if (!len || len > sizeof(o->bytes))
		return ERR(ERR_PROFILE, "structure number %d has unusable size %u", size, len);
	o->at = at;
	o->len_bytes = len;
	return kread(k, at, o->bytes, len);
}

static const struct err *object_field(const struct kobject_copy *o, const struct kernel *k,
				      enum field_id id, bool is_signed, uint64_t *ret)
{
	const struct field *f;

	TRY(field_of(k, id, &f));
	if (f->size_bytes > 8 || (uint64_t)f->offset_bytes + f->size_bytes > o->len_bytes)
		return ERR(ERR_PROFILE, "member number %d does not lie in its structure", id);
	*ret = field_decode(f, o->bytes + f->offset_bytes, is_signed);
	return NULL;
}

const struct err *kobject_uint(const struct kobject_copy *o, const struct kernel *k,
			       enum field_id id, uint64_t *ret)
{
	return object_field(o, k, id, false, ret);
}

const struct err *kobject_int(const struct kobject_copy *o, const struct kernel *k,
			      enum field_id id, int64_t *ret)
{
	uint64_t v;

	TRY(object_field(o, k, id, true, &v));
	*ret = (int64_t)v;
	return NULL;
}

const struct err *kobject_ptr(const struct kobject_copy *o, const struct kernel *k,
			      enum field_id id, gva_t *ret)
{
	return object_field(o, k, id, false, &ret->v);
}
