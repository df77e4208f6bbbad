/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log. Input: attacker-controlled names. */
#include "remotetrans/server/journal.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_BYTES 1024

void journal_say(const char *format, ...)
{
	char text[LINE_BYTES], line[4 * LINE_BYTES + 1];
	va_list arguments;
	size_t used = 0;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	for (const char *at = text; *at; at++) {
		bool plain = *at >= ' ' && *at <= '~';

		used += (size_t)snprintf(line + used, sizeof(line) - used, plain ? "%c" : "\\x%02x",
					 (unsigned char)*at);
	}
	line[used] = 0;
	fprintf(stderr, "remotetransd: %s\n", line);
}
