/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding kallsyms in read-only data. Input: untrusted; every search has a bound.
 *
 * The tables lie one after the other, aligned to 8 bytes (4 from 7.x on):
 *   before 6.4   offsets relative_base num_syms names markers [seqs] token_table token_index
 *   since 6.4    num_syms names markers token_table token_index offsets relative_base [seqs]
 *   7.x          the same without relative_base
 * token_index is a shape that nothing else has: 256 growing 16-bit numbers, the starts of the 256
 * strings just before it. From there the others follow, and linux_banner proves the whole.
 */
#include <string.h>

#include "kernel-profiles/kallsyms.h"

#define INDEX_BYTES  (KALLSYMS_TOKENS * 2)
#define TOKEN_MAX    128u       /* characters of one token */
#define MARKER_EVERY 256u       /* symbols between two markers */
#define COUNT_MAX    (1u << 21) /* symbols */
#define TABLES_MAX   (64u << 20)
#define WORK_MAX     (1u << 28)                   /* places and names looked at while searching */
#define KERNEL_MAP   UINT64_C(0xffffffff80000000) /* __START_KERNEL_map */
#define BANNER       "Linux version "

struct search {
	struct kallsyms k;
	unsigned work_left;
	struct kallsyms_iterator banner; /* at the symbol linux_banner */
};

static size_t align_up(size_t at, size_t align)
{
	return (at + align - 1) & ~(align - 1);
}

static uint64_t load(const struct span *s, size_t at, size_t len_bytes)
{
	uint64_t v = 0;

	if (at > s->len_bytes || len_bytes > s->len_bytes - at)
		return 0;
	for (size_t i = len_bytes; i-- > 0;)
		v = v << 8 | s->bytes[at + i];
	return v;
}

/* 256 numbers from 0 on, each at least a one-character token further than the last. */
static bool is_token_index(const struct span *s, size_t at)
{
	uint64_t last = 0;

	if (load(s, at, 2) != 0 || s->len_bytes - at < INDEX_BYTES)
		return false;
	for (size_t i = 1; i < KALLSYMS_TOKENS; i++) {
		uint64_t next = load(s, at + 2 * i, 2);

		if (next < last + 2 || next > last + TOKEN_MAX)
			return false;
		last = next;
	}
	return true;
}

/* Are the starts in the index at @index_at those of 256 strings from @at on? */
static bool tokens_check(struct kallsyms *k, size_t at, size_t index_at)
{
	size_t next = at;

	for (size_t i = 0; i < KALLSYMS_TOKENS; i++) {
		size_t start = at + (size_t)load(&k->rodata, index_at + 2 * i, 2);

		if (start != next || start >= index_at)
			return false;
		size_t left = index_at - start;
		size_t len = strnlen((const char *)k->rodata.bytes + start, left);
		if (len == left)
			return false;
		k->tokens[i] = start;
		next = start + len + 1;
	}
	k->token_table_at = at;
	k->token_index_at = index_at;
	return align_up(next, 8) == align_up(index_at, 8);
}

/* The token table ends with padding at most, just before the index. */
static bool tokens_find(struct kallsyms *k, size_t index_at)
{
	size_t last = (size_t)load(&k->rodata, index_at + INDEX_BYTES - 2, 2);
	size_t least = last + 2, most = last + TOKEN_MAX + 8;

	for (size_t back = least; back <= most && back <= index_at; back++)
		if ((index_at - back) % 4 == 0 && tokens_check(k, index_at - back, index_at))
			return true;
	return false;
}

/* False when the search has gone on for too long. */
static bool work_take(struct search *s)
{
	if (!s->work_left)
		return false;
	s->work_left--;
	return true;
}

/* The symbols that this name has; remember where linux_banner is. */
static bool names_skip(struct search *s, size_t at, uint32_t count, size_t align)
{
	struct buf_reader r = buf_reader_over(s->k.rodata.bytes, s->k.token_table_at);
	size_t names_at = at, markers_at;
	struct span tokens;

	if (buf_skip(&r, at))
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!work_take(s) || kallsyms_name_skip(&r, &tokens))
			return false;
	markers_at = align_up((size_t)(r.at - s->k.rodata.bytes), align);
	if (load(&s->k.rodata, markers_at, 4) != 0)
		return false;
	s->k.count = count;
	s->k.names_at = names_at;
	s->k.markers_at = markers_at;
	return true;
}

/* Does each marker say where its 256th symbol's name starts? */
static bool markers_check(const struct search *s)
{
	const struct kallsyms *k = &s->k;
	struct buf_reader r = buf_reader_over(k->rodata.bytes, k->token_table_at);
	struct span tokens;

	if (buf_skip(&r, k->names_at))
		return false;
	for (uint32_t i = 0; i < k->count; i++) {
		size_t here = (size_t)(r.at - k->rodata.bytes) - k->names_at;
		size_t marker_at = k->markers_at + 4 * (size_t)(i / MARKER_EVERY);

		if (i % MARKER_EVERY == 0 &&
		    (marker_at + 4 > k->token_table_at || load(&k->rodata, marker_at, 4) != here))
			return false;
		if (kallsyms_name_skip(&r, &tokens))
			return false;
	}
	return true;
}

static bool banner_find(struct search *s)
{
	struct kallsyms_iterator it = {0};
	struct kallsyms_symbol symbol;
	bool more;

	s->k.offsets_at = 0; /* addresses are not known yet, and not asked for */
	for (;;) {
		s->banner = it;
		if (!work_take(s) || kallsyms_next(&s->k, &it, &symbol, &more) || !more)
			return false;
		if (strcmp(symbol.name, "linux_banner") == 0)
			return true;
	}
}

/* Does linux_banner, read by this rule, lead to a banner? */
static bool rule_proves(struct search *s, enum kallsyms_rule rule, size_t offsets_at,
			size_t base_at)
{
	struct kallsyms *k = &s->k;
	struct kallsyms_iterator it = s->banner;
	struct kallsyms_symbol symbol;
	bool more;

	k->rule = rule;
	k->offsets_at = offsets_at;
	k->relative_base_at = base_at;
	k->relative_base = base_at ? load(&k->rodata, base_at, 8) : 0;
	if (base_at && k->relative_base < KERNEL_MAP)
		return false;
	if (kallsyms_next(k, &it, &symbol, &more) || symbol.address < k->rodata.address)
		return false;
	struct buf_reader r = span_reader(&k->rodata);
	const uint8_t *text;
	k->banner = symbol.address;
	return !buf_skip(&r, symbol.address - k->rodata.address) &&
	       !buf_read_view(&r, strlen(BANNER), &text) &&
	       memcmp(text, BANNER, strlen(BANNER)) == 0;
}

static bool rule_find(struct search *s, size_t align)
{
	struct kallsyms *k = &s->k;
	size_t offsets_bytes = align_up(4 * (size_t)k->count, 8);
	size_t after = align_up(k->token_index_at + INDEX_BYTES, align);
	size_t base_after = align_up(after + 4 * (size_t)k->count, 8);

	if (k->num_syms_at >= offsets_bytes + 8) {
		size_t base_at = k->num_syms_at - 8;

		if (rule_proves(s, KALLSYMS_ABSOLUTE_PERCPU, base_at - offsets_bytes, base_at) ||
		    rule_proves(s, KALLSYMS_BASE, base_at - offsets_bytes, base_at))
			return true;
	}
	return rule_proves(s, KALLSYMS_ABSOLUTE_PERCPU, after, base_after) ||
	       rule_proves(s, KALLSYMS_BASE, after, base_after) ||
	       rule_proves(s, KALLSYMS_SELF, after, 0);
}

/* Is the number of symbols at @at, with all that must follow it? */
static bool tables_check(struct search *s, size_t at)
{
	uint64_t count = load(&s->k.rodata, at, 4);

	if (count == 0 || count > COUNT_MAX)
		return false;
	s->k.num_syms_at = at;
	for (size_t align = 8; align >= 4; align /= 2)
		if (at % align == 0 && (align == 4 || load(&s->k.rodata, at + 4, 4) == 0) &&
		    names_skip(s, at + align, (uint32_t)count, align) && markers_check(s) &&
		    banner_find(s) && rule_find(s, align))
			return true;
	return false;
}

static bool tables_find(struct search *s)
{
	size_t from = s->k.token_table_at & ~(size_t)3;
	size_t least = from > TABLES_MAX ? from - TABLES_MAX : 0;

	for (size_t at = from; at >= least + 4 && work_take(s); at -= 4)
		if (tables_check(s, at - 4))
			return true;
	return false;
}

const struct err *kallsyms_find(const struct span *rodata, struct kallsyms *ret)
{
	struct search s = {.k.rodata = *rodata, .work_left = WORK_MAX};

	for (size_t at = 0; at + INDEX_BYTES <= rodata->len_bytes; at += 4) {
		if (!is_token_index(rodata, at) || !tokens_find(&s.k, at) || !tables_find(&s))
			continue;
		*ret = s.k;
		return NULL;
	}
	return ERR(ERR_PROTO, "kernel image without a symbol table that we can read (kallsyms)");
}
