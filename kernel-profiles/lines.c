/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorted text. */
#include "kernel-profiles/lines.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct err *no_memory(void)
{
	return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "profile text");
}

static const struct err *lines_grow(struct lines *l)
{
	size_t room = l->room ? 2 * l->room : 256;
	char **line = reallocarray(l->line, room, sizeof(*line));

	if (!line)
		return no_memory();
	l->line = line;
	l->room = room;
	return NULL;
}

const struct err *lines_add(struct lines *l, const char *format, ...)
{
	va_list args;

	if (l->count == l->room)
		TRY(lines_grow(l));
	va_start(args, format);
	int len = vasprintf(&l->line[l->count], format, args);
	va_end(args);
	if (len < 0)
		return no_memory();
	l->count++;
	return NULL;
}

static int line_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const struct err *lines_sorted(struct lines *l, char **ret, size_t *ret_len_bytes)
{
	size_t total = 0, used = 0;

	if (l->count)
		qsort(l->line, l->count, sizeof(*l->line), line_compare);
	for (size_t i = 0; i < l->count; i++)
		total += strlen(l->line[i]) + 1;
	char *text = malloc(total + 1);
	if (!text)
		return no_memory();
	for (size_t i = 0; i < l->count; i++)
		used += (size_t)sprintf(text + used, "%s\n", l->line[i]);
	text[used] = 0;
	*ret = text;
	*ret_len_bytes = used;
	return NULL;
}

void lines_deinit(struct lines *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->line[i]);
	free(l->line);
	*l = (struct lines){0};
}
