/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for a terminal. Input: attacker-controlled. */
#include "remotetrans/base/printable.h"

#include <stdint.h>

#include "remotetrans/base/err.h"

#define DEL      0x7f
#define C1_LAST  0x9f
#define CODE_MAX 0x10ffff

/* How many bytes the first one announces (RFC 3629, 3); 0: it begins no sequence. */
static size_t announced(uint8_t first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

size_t printable_len(const char *text)
{
	/* smallest code point of each length */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *at = (const uint8_t *)text;
	size_t len = announced(*at);
	uint32_t code;

	if (*at < DEL)
		return *at >= ' ';
	if (!len)
		return 0;
	code = *at & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80) /* the terminating NUL, too */
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	if (code < least[len] || code <= C1_LAST || code > CODE_MAX || code >> 11 == 0xd800 >> 11)
		return 0;
	return len;
}

void printable_put(FILE *out, const char *text)
{
	while (*text) {
		size_t len = *text == '\\' ? 0 : printable_len(text);

		if (len)
			fwrite(text, 1, len, out);
		else
			fprintf(out, "\\%03o", (uint8_t)*text);
		text += len ? len : 1;
	}
}

void printable_clean(char *text)
{
	while (*text) {
		size_t len = printable_len(text);

		if (!len)
			*text = '?';
		text += len ? len : 1;
	}
}

void printable_error(FILE *out, const char *program, const struct err *e)
{
	char message[sizeof(e->message)];

	snprintf(message, sizeof(message), "%s", e->message);
	printable_clean(message);
	fprintf(out, "%s: %s: %s\n", program, err_kind_name(e->kind), message);
}

void printable_notice(FILE *out, const char *program, const char *notice)
{
	char clean[512];

	if (!notice[0])
		return;
	snprintf(clean, sizeof(clean), "%s", notice);
	printable_clean(clean);
	fprintf(out, "%s: %s\n", program, clean);
}
