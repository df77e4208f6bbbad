/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's compressed symbol table (kernel/kallsyms.c). Input: attacker-controlled. */
#include "transcall/kobj/kallsyms.h"

#include <string.h>

#include "remotetrans/base/buf.h"
#include "transcall/kobj/module.h"

#define SYMBOLS_MAX     (1u << 21)
#define BLOCK_SHIFT     8 /* one marker for 256 names */
#define BLOCK_BYTES_MAX 32768
#define ALIASES_MAX     1024 /* symbols at one address */
#define TOKENS          256
#define TOKEN_BYTES_MAX 128  /* KSYM_NAME_LEN until 6.0; tokens are much shorter */
#define BIG_NAME        0x80 /* since 6.1: two bytes of length */

/* Tokens, and where each begins. */
struct tokens {
	uint16_t at[TOKENS];
	uint32_t len_bytes;
	char text[UINT16_MAX + TOKEN_BYTES_MAX];
};

static const struct err *symbol_count(const struct kernel *k, uint32_t *ret)
{
	TRY(kread_u32(k, kernel_symbol(k, S_kallsyms_num_syms), ret));
	if (!*ret || *ret > SYMBOLS_MAX)
		return ERR(ERR_FAULT, "%u kernel symbols", *ret);
	return NULL;
}

/*
 * kallsyms_sym_address(). From the entry itself where there is no base (7.x); else, while per-CPU
 * symbols are offsets (until 6.14), those are positive and the others count down from the base.
 */
static const struct err *symbol_address(const struct kernel *k, uint32_t index, uint64_t *ret)
{
	gva_t at = gva_add(kernel_symbol(k, S_kallsyms_offsets), 4 * (uint64_t)index);
	gva_t base_at = kernel_symbol(k, S_kallsyms_relative_base);
	uint64_t base;
	uint32_t raw;

	TRY(kread_u32(k, at, &raw));
	int64_t offset = (int32_t)raw;
	if (gva_is_null(base_at)) {
		*ret = at.v + (uint64_t)offset;
		return NULL;
	}
	TRY(kread_u64(k, base_at, &base));
	if (!k->percpu_zero_based)
		*ret = base + raw;
	else
		*ret = offset >= 0 ? (uint64_t)offset : base - 1 - (uint64_t)offset;
	return NULL;
}

/* get_symbol_pos(): the first of the symbols at the greatest address up to @address. */
static const struct err *symbol_find(const struct kernel *k, uint64_t address, uint32_t *ret)
{
	uint32_t low = 0, high;
	uint64_t at, before;

	TRY(symbol_count(k, &high));
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		TRY(symbol_address(k, middle, &at));
		if (at <= address)
			low = middle;
		else
			high = middle;
	}
	TRY(symbol_address(k, low, &at));
	for (unsigned i = 0; low && i < ALIASES_MAX; i++) {
		TRY(symbol_address(k, low - 1, &before));
		if (before != at)
			break;
		low--;
	}
	*ret = low;
	return NULL;
}

static const struct err *tokens_read(const struct kernel *k, struct tokens *ret)
{
	uint8_t bytes[2 * TOKENS];

	TRY(kread(k, kernel_symbol(k, S_kallsyms_token_index), bytes, sizeof(bytes)));
	for (unsigned i = 0; i < TOKENS; i++)
		ret->at[i] = (uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
	ret->len_bytes = ret->at[TOKENS - 1] + (uint32_t)TOKEN_BYTES_MAX;
	return kread(k, kernel_symbol(k, S_kallsyms_token_table), ret->text, ret->len_bytes);
}

/* The compressed names from the marker before @index on: up to the next marker. */
static const struct err *block_read(const struct kernel *k, uint32_t index,
				    uint8_t ret[static BLOCK_BYTES_MAX], uint32_t *ret_bytes)
{
	gva_t marker = gva_add(kernel_symbol(k, S_kallsyms_markers), 4 * (index >> BLOCK_SHIFT));
	uint32_t count, from, to;

	TRY(symbol_count(k, &count));
	TRY(kread_u32(k, marker, &from));
	if (index >> BLOCK_SHIFT < (count - 1) >> BLOCK_SHIFT) {
		TRY(kread_u32(k, gva_add(marker, 4), &to));
		*ret_bytes = to - from;
	} else {
		*ret_bytes = FRAME_BYTES; /* the last: other tables follow it */
	}
	if (*ret_bytes > BLOCK_BYTES_MAX)
		return ERR(ERR_FAULT, "a block of %u bytes of symbol names", *ret_bytes);
	return kread(k, gva_add(kernel_symbol(k, S_kallsyms_names), from), ret, *ret_bytes);
}

/* The next compressed name in place. */
static const struct err *name_next(struct buf_reader *r, const uint8_t **ret, uint32_t *ret_bytes)
{
	uint8_t low, high = 0;

	TRY(buf_read_u8(r, &low));
	if (low & BIG_NAME)
		TRY(buf_read_u8(r, &high));
	*ret_bytes = (uint32_t)(low & ~BIG_NAME) | (uint32_t)high << 7;
	return buf_read_view(r, *ret_bytes, ret);
}

/* A broken table is the guest's doing, not a peer's. */
static const struct err *name_skip_to(struct buf_reader *r, uint32_t number, const uint8_t **ret,
				      uint32_t *ret_bytes)
{
	for (uint32_t i = 0; i <= number; i++)
		if (name_next(r, ret, ret_bytes))
			return ERR(ERR_FAULT, "kernel symbol names that are cut");
	return NULL;
}

/* kallsyms_expand_symbol(): tokens one after the other; the first character is the type. */
static void name_expand(const struct tokens *t, const uint8_t *name, uint32_t len_bytes, char *ret,
			size_t size_bytes)
{
	size_t used = 0;
	bool first = true;

	for (uint32_t i = 0; i < len_bytes; i++) {
		const char *text = t->text + t->at[name[i]];
		size_t len = strnlen(text, TOKEN_BYTES_MAX);

		for (size_t j = 0; j < len && used + 1 < size_bytes; j++) {
			if (!first)
				ret[used++] = text[j];
			first = false;
		}
	}
	ret[used] = 0;
}

static const struct err *image_name(const struct kernel *k, uint64_t address, char *ret,
				    size_t size_bytes)
{
	uint8_t block[BLOCK_BYTES_MAX];
	struct tokens tokens;
	uint32_t index, block_bytes, name_bytes = 0;
	const uint8_t *name = NULL;

	TRY(symbol_find(k, address, &index));
	TRY(tokens_read(k, &tokens));
	TRY(block_read(k, index, block, &block_bytes));
	struct buf_reader r = buf_reader_over(block, block_bytes);
	TRY(name_skip_to(&r, index & ((1u << BLOCK_SHIFT) - 1), &name, &name_bytes));
	name_expand(&tokens, name, name_bytes, ret, size_bytes);
	return NULL;
}

static bool between(const struct kernel *k, gva_t address, enum symbol_id from, enum symbol_id to)
{
	return address.v >= kernel_symbol(k, from).v && address.v < kernel_symbol(k, to).v;
}

const struct err *kallsyms_size(const struct kernel *k, gva_t address, uint64_t *ret)
{
	uint32_t index, count;
	uint64_t start, next;

	TRY(symbol_count(k, &count));
	TRY(symbol_find(k, address.v, &index));
	TRY(symbol_address(k, index, &start));
	for (unsigned i = 0; ++index < count && i < ALIASES_MAX; i++) {
		TRY(symbol_address(k, index, &next));
		*ret = next - start;
		if (*ret)
			return NULL;
	}
	return ERR_AT(ERR_FAULT, address.v, "a kernel symbol without an end");
}

const struct err *kallsyms_is_text(const struct kernel *k, gva_t address, bool *ret)
{
	gva_t module;

	*ret = between(k, address, S__stext, S__etext) ||
	       between(k, address, S__sinittext, S__einittext);
	if (*ret)
		return NULL;
	TRY(module_of_text(k, address, &module));
	*ret = !gva_is_null(module);
	return NULL;
}

const struct err *kallsyms_name(const struct kernel *k, gva_t address, char *ret, size_t size_bytes)
{
	gva_t module;

	if (between(k, address, S__stext, S__end))
		return image_name(k, address.v, ret, size_bytes);
	TRY(module_of_text(k, address, &module));
	if (gva_is_null(module))
		return ERR_AT(ERR_ABSENT, address.v, "no kernel symbol");
	return module_symbol_name(k, module, address, ret, size_bytes);
}

/* Where the symbol that @address of the image is in begins. */
static const struct err *image_start(const struct kernel *k, gva_t address, uint64_t *ret)
{
	uint32_t index;

	TRY(symbol_find(k, address.v, &index));
	return symbol_address(k, index, ret);
}

const struct err *ksymbol_find(const struct kernel *k, gva_t address, struct ksymbol *ret)
{
	uint64_t start;
	gva_t module;

	*ret->module = 0;
	if (between(k, address, S__stext, S__end)) {
		TRY(image_name(k, address.v, ret->name, sizeof(ret->name)));
		TRY(image_start(k, address, &start));
		ret->offset = address.v - start;
		return kallsyms_size(k, address, &ret->size_bytes);
	}
	TRY(module_of_text(k, address, &module));
	if (gva_is_null(module))
		return ERR_AT(ERR_ABSENT, address.v, "no kernel symbol");
	TRY(kfield_str(k, module, F_module_name, ret->module, sizeof(ret->module)));
	return module_symbol_find(k, module, address, ret);
}
