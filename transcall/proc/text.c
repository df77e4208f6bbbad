/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as text. Input: attacker-controlled values and strings. */
#include "transcall/proc/text.h"

#define DIGITS_MAX 20 /* of a uint64_t in base 10 */

/* The digits of @v, from the end of @digits; returns the first. */
static const char *digits_of(uint64_t v, unsigned base, char digits[static DIGITS_MAX])
{
	char *at = digits + DIGITS_MAX;

	do
		*--at = "0123456789abcdef"[v % base];
	while (v /= base);
	return at;
}

static void fill(FILE *out, char c, long count)
{
	while (count-- > 0)
		putc_unlocked(c, out);
}

static void digits_print(FILE *out, const char *at, const char *end)
{
	while (at < end)
		putc_unlocked(*at++, out);
}

void text_str(FILE *out, const char *s)
{
	while (*s)
		putc_unlocked(*s++, out);
}

void text_padded(FILE *out, uint64_t v, int width)
{
	char digits[DIGITS_MAX];
	const char *end = digits + DIGITS_MAX, *at = digits_of(v, 10, digits);

	fill(out, ' ', width - (end - at));
	digits_print(out, at, end);
}

void text_u64(FILE *out, uint64_t v)
{
	text_padded(out, v, 0);
}

void text_i64(FILE *out, int64_t v)
{
	if (v < 0)
		putc_unlocked('-', out);
	text_u64(out, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void text_hex(FILE *out, uint64_t v, int width)
{
	char digits[DIGITS_MAX];
	const char *end = digits + DIGITS_MAX, *at = digits_of(v, 16, digits);

	fill(out, '0', width - (end - at));
	digits_print(out, at, end);
}

static void label_print(FILE *out, const char *label)
{
	text_str(out, label);
	putc_unlocked(':', out);
	putc_unlocked('\t', out);
}

void text_line_u64(FILE *out, const char *label, uint64_t v)
{
	label_print(out, label);
	text_u64(out, v);
	putc_unlocked('\n', out);
}

void text_line_i64(FILE *out, const char *label, int64_t v)
{
	label_print(out, label);
	text_i64(out, v);
	putc_unlocked('\n', out);
}

void text_line_hex(FILE *out, const char *label, uint64_t v)
{
	label_print(out, label);
	text_hex(out, v, 16);
	putc_unlocked('\n', out);
}

void text_line_str(FILE *out, const char *label, const char *s)
{
	label_print(out, label);
	text_str(out, s);
	putc_unlocked('\n', out);
}
