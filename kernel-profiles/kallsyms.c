/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding kallsyms. Input: untrusted. */
#include "kernel-profiles/kallsyms.h"

#include <string.h>

/* A length of one or two bytes (ULEB128, from 6.1 on; before, it was always below 128). */
const struct err *kallsyms_name_skip(struct buf_reader *r, struct span *ret_tokens)
{
	uint8_t low, high = 0;

	TRY(buf_read_u8(r, &low));
	if (low & 0x80)
		TRY(buf_read_u8(r, &high));
	ret_tokens->len_bytes = (size_t)(low & 0x7f) | (size_t)high << 7;
	if (ret_tokens->len_bytes == 0 || high & 0x80)
		return ERR(ERR_PROTO, "symbol with a name of no length");
	return buf_read_view(r, ret_tokens->len_bytes, &ret_tokens->bytes);
}

/* Replace each token by its text; the first character is the symbol's type. */
static const struct err *name_expand(const struct kallsyms *k, const struct span *tokens,
				     struct kallsyms_symbol *ret)
{
	char text[KALLSYMS_NAME_MAX + 1];
	size_t used = 0;

	for (size_t i = 0; i < tokens->len_bytes; i++) {
		const char *token = (const char *)k->rodata.bytes + k->tokens[tokens->bytes[i]];
		size_t len = strlen(token); /* bounded: tokens_check() saw its end */

		if (len >= sizeof(text) - used)
			return ERR(ERR_PROTO, "symbol name of more than %d characters",
				   KALLSYMS_NAME_MAX);
		memcpy(text + used, token, len + 1);
		used += len;
	}
	if (used < 2)
		return ERR(ERR_PROTO, "symbol without a name");
	ret->type = text[0];
	memcpy(ret->name, text + 1, used);
	return NULL;
}

static const struct err *address_read(const struct kallsyms *k, uint32_t index, uint64_t *ret)
{
	struct buf_reader r = span_reader(&k->rodata);
	size_t at = k->offsets_at + 4 * (size_t)index;
	uint32_t raw;

	TRY(buf_skip(&r, at));
	TRY(buf_read_u32(&r, &raw));
	switch (k->rule) {
	case KALLSYMS_ABSOLUTE_PERCPU:
		*ret = (int32_t)raw < 0 ? k->relative_base - 1 - (uint64_t)(int64_t)(int32_t)raw
					: raw;
		break;
	case KALLSYMS_BASE:
		*ret = k->relative_base + raw;
		break;
	case KALLSYMS_SELF:
		*ret = k->rodata.address + at + (uint64_t)(int64_t)(int32_t)raw;
		break;
	}
	return NULL;
}

const struct err *kallsyms_next(const struct kallsyms *k, struct kallsyms_iterator *it,
				struct kallsyms_symbol *ret, bool *ret_more)
{
	struct buf_reader r = span_reader(&k->rodata);
	struct span tokens;

	*ret_more = it->index < k->count;
	if (!*ret_more)
		return NULL;
	TRY(buf_skip(&r, it->index ? it->at : k->names_at));
	TRY(kallsyms_name_skip(&r, &tokens));
	TRY(name_expand(k, &tokens, ret));
	TRY(address_read(k, it->index, &ret->address));
	it->index++;
	it->at = (size_t)(r.at - k->rodata.bytes);
	return NULL;
}
