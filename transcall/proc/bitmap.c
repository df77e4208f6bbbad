/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bitmap_string() and bitmap_list_string(), lib/vsprintf.c. */
#include "transcall/proc/bitmap.h"

#include <stdbool.h>

#include "transcall/proc/text.h"

#define GROUP_BITS 32

static bool bit_at(const uint8_t *bits, unsigned i)
{
	return bits[i / 8] >> (i % 8) & 1;
}

/* The first @width of the bits at @bytes. */
static uint32_t group_of(const uint8_t *bytes, unsigned width)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < (width + 7) / 8; i++)
		v |= (uint32_t)bytes[i] << 8 * i;
	return width < GROUP_BITS ? v & ((1u << width) - 1) : v;
}

void bitmap_print_hex(const uint8_t *bits, unsigned count, FILE *out)
{
	unsigned groups = (count + GROUP_BITS - 1) / GROUP_BITS;

	for (unsigned g = groups; g-- > 0;) {
		unsigned width =
			g == groups - 1 && count % GROUP_BITS ? count % GROUP_BITS : GROUP_BITS;

		text_hex(out, group_of(bits + g * GROUP_BITS / 8, width), (int)(width + 3) / 4);
		text_str(out, g ? "," : "");
	}
}

void bitmap_print_list(const uint8_t *bits, unsigned count, FILE *out)
{
	const char *separator = "";

	for (unsigned i = 0; i < count; i++) {
		unsigned last = i;

		if (!bit_at(bits, i)) {
			i |= bits[i / 8] ? 0 : 7; /* a byte without any */
			continue;
		}
		while (last + 1 < count && bit_at(bits, last + 1))
			last++;
		text_str(out, separator);
		text_u64(out, i);
		if (last > i) {
			text_str(out, "-");
			text_u64(out, last);
		}
		separator = ",";
		i = last;
	}
}
