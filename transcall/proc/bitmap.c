/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bitmap_string() and bitmap_list_string(), lib/vsprintf.c. */
#include "transcall/proc/bitmap.h"

#include <stdbool.h>

#define GROUP_BITS 32

static bool bit_at(const uint8_t *bits, unsigned i)
{
	return bits[i / 8] >> (i % 8) & 1;
}

void bitmap_print_hex(const uint8_t *bits, unsigned count, FILE *out)
{
	unsigned groups = (count + GROUP_BITS - 1) / GROUP_BITS;

	for (unsigned g = groups; g-- > 0;) {
		unsigned width =
			g == groups - 1 && count % GROUP_BITS ? count % GROUP_BITS : GROUP_BITS;
		uint32_t v = 0;

		for (unsigned i = 0; i < width; i++)
			v |= (uint32_t)bit_at(bits, g * GROUP_BITS + i) << i;
		fprintf(out, "%0*x%s", (int)(width + 3) / 4, v, g ? "," : "");
	}
}

void bitmap_print_list(const uint8_t *bits, unsigned count, FILE *out)
{
	const char *separator = "";

	for (unsigned i = 0; i < count; i++) {
		unsigned last = i;

		if (!bit_at(bits, i))
			continue;
		while (last + 1 < count && bit_at(bits, last + 1))
			last++;
		if (last > i)
			fprintf(out, "%s%u-%u", separator, i, last);
		else
			fprintf(out, "%s%u", separator, i);
		separator = ",";
		i = last;
	}
}
