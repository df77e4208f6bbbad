/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One place, one wrong value: what most edits are. */
#include "tests/hostile-guest/edits.h"

#include <string.h>

#define POINTER_BYTES   8u
#define TEXT_BYTES_MAX  256u
#define UNMAPPED_AT     UINT64_C(0x0000200000000000) /* of the direct map: past all RAM */
#define NON_CANONICAL_V UINT64_C(0x0dead4ead0000100)

/* Clears the screen; CSI in 8 bits and in UTF-8; DEL; sets a window's title. */
static const char escapes[] = "\33[2J\x9b"
			      "1m\xc2\x9b"
			      "5m\x7f\r\b\33]0;owned\7\v";

/* Full to the last byte. */
static const struct err *write_escapes(struct editor *e, gva_t at, uint64_t len_bytes)
{
	char text[TEXT_BYTES_MAX];

	len_bytes = len_bytes < sizeof(text) ? len_bytes : sizeof(text);
	for (uint64_t i = 0; i < len_bytes; i++)
		text[i] = escapes[i % (sizeof(escapes) - 1)];
	return edit_write(e, at, text, len_bytes);
}

static const struct err *write_escapes_at(struct editor *e, gva_t pointer)
{
	char text[TEXT_BYTES_MAX];
	gva_t at;

	TRY(kread_ptr(KERNEL(e), pointer, &at));
	TRY(kread_str(KERNEL(e), at, text, sizeof(text)));
	return write_escapes(e, at, strlen(text));
}

static const struct err *write_value(struct editor *e, gva_t at, uint32_t offset_bytes,
				     uint32_t size_bytes, enum how how)
{
	uint64_t before;

	TRY(kread_u64(KERNEL(e), at, &before));
	const uint64_t values[] = {
		[NULLED] = 0,
		[ODD] = before + 1,
		[NON_CANONICAL] = NON_CANONICAL_V,
		[UNMAPPED] = KERNEL(e)->page_offset.v + UNMAPPED_AT,
		[TO_ITSELF] = at.v,
		[TO_OBJECT] = at.v - offset_bytes,
		[HUGE] = size_bytes == 8 ? UINT64_C(0x7fffffffffff) : 0x7ffffff0,
		[MANY] = 1u << 16,
	};
	uint8_t bytes[POINTER_BYTES];
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(values[how] >> 8 * i);
	return edit_write(e, at, bytes, size_bytes);
}

/* The place: its address, its offset in its structure, and the size of the member. */
static const struct err *find_place(struct editor *e, const struct edit *edit, gva_t *ret,
				    struct field *ret_member)
{
	TRY(edit->from(e, ret));
	*ret_member = (struct field){.size_bytes = POINTER_BYTES};
	for (unsigned i = 0; i < edit->step_count; i++) {
		*ret_member = e->guest.profile.fields[edit->steps[i]];
		if (!ret_member->size_bytes)
			return ERR(ERR_PROFILE, "this kernel has no member of step %u", i);
		if (i)
			TRY(kread_ptr(KERNEL(e), *ret, ret));
		*ret = gva_add(*ret, ret_member->offset_bytes);
	}
	return NULL;
}

const struct err *edit_poke(struct editor *e, const struct edit *edit)
{
	enum how how = (enum how)edit->value;
	struct field member;
	uint32_t size_bytes;
	gva_t at;

	TRY(find_place(e, edit, &at, &member));
	if (how == ESCAPES)
		return write_escapes(e, at, member.size_bytes);
	if (how == ESCAPES_AT)
		return write_escapes_at(e, at);
	size_bytes = member.size_bytes < POINTER_BYTES ? member.size_bytes : POINTER_BYTES;
	return write_value(e, at, member.offset_bytes, size_bytes, how);
}
