/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files named in maps. Input: text rendered from guest memory; attacker-controlled. */
#include "transcall/proc/mapped.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_BEFORE_PATH 5 /* address perms offset dev inode, as show_map_vma() writes them */

/* Start of the path in a line, or NULL: [stack], anon_inode:..., nothing. */
static const char *path_in(const char *line, const char *end)
{
	for (int i = 0; i < FIELDS_BEFORE_PATH; i++) {
		line = memchr(line, ' ', (size_t)(end - line));
		if (!line)
			return NULL;
		while (line < end && *line == ' ')
			line++;
	}
	return line < end && *line == '/' ? line : NULL;
}

/* Copy with \ooo undone and the mark of a removed file cut; false: too long. */
static bool path_copy(const char *at, const char *end, char *ret)
{
	static const char gone[] = " (deleted)";
	size_t used = 0;

	if (end - at >= (ptrdiff_t)sizeof(gone) &&
	    memcmp(end - (sizeof(gone) - 1), gone, sizeof(gone) - 1) == 0)
		end -= sizeof(gone) - 1;
	while (at < end && used < PATH_MAX - 1) {
		if (*at == '\\' && end - at >= 4 && strspn(at + 1, "01234567") >= 3) {
			char digits[4] = {at[1], at[2], at[3], '\0'};

			ret[used++] = (char)strtoul(digits, NULL, 8);
			at += 4;
		} else {
			ret[used++] = *at++;
		}
	}
	ret[used] = '\0';
	return at == end;
}

void mapped_each(const char *text, size_t len_bytes, mapped_emit emit, void *context)
{
	char path[PATH_MAX], last[PATH_MAX] = "";
	const char *end = text + len_bytes, *at;

	for (const char *line = text; line < end; line++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		if (!stop)
			stop = end;
		at = path_in(line, stop);
		line = stop;
		if (!at || !path_copy(at, stop, path) || strcmp(path, last) == 0)
			continue;
		memcpy(last, path, strlen(path) + 1);
		if (!emit(context, path))
			return;
	}
}
