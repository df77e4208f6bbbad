/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two profiles compared line by line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel-profiles/lines.h"
#include "kernel-profiles/profile_check.h"
#include "remotetrans/base/scope.h"
#include "remotetrans/cli/command.h"
#include "remotetrans/cli/profile_text.h"

/* A profile's lines in order; a hand-edited file may have another. */
static const struct err *text_sort(const char *text, size_t len_bytes, char **ret)
{
	CLEANUP(lines_deinit) struct lines l = {0};
	AUTO_FREE struct profile *p = malloc(sizeof(*p));
	size_t sorted_bytes;

	if (!p)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "profile");
	TRY(profile_read(text, len_bytes, p)); /* so that every line ends and has no NUL */
	for (size_t at = 0; at < len_bytes;) {
		size_t len = (size_t)((const char *)memchr(text + at, '\n', len_bytes - at) -
				      (text + at));

		TRY(lines_add(&l, "%.*s", (int)len, text + at));
		at += len + 1;
	}
	return lines_sorted(&l, ret, &sorted_bytes);
}

/* Print the first line of @text with @mark before it and return what follows. */
static const char *line_print(const char *text, char mark)
{
	size_t len = strcspn(text, "\n");

	printf("%c %.*s\n", mark, (int)len, text);
	return text + len + 1;
}

const struct err *profile_diff(const char *a, size_t a_bytes, const char *b, size_t b_bytes,
			       int *ret_status)
{
	AUTO_FREE char *sorted_a = NULL, *sorted_b = NULL;

	TRY(text_sort(a, a_bytes, &sorted_a));
	TRY(text_sort(b, b_bytes, &sorted_b));
	a = sorted_a;
	b = sorted_b;
	while (*a || *b) {
		size_t a_line = strcspn(a, "\n"), b_line = strcspn(b, "\n");
		size_t shorter = a_line < b_line ? a_line : b_line;
		int order = memcmp(a, b, shorter);

		if (order == 0 && a_line == b_line) {
			a += a_line + 1;
			b += b_line + 1;
			continue;
		}
		*ret_status = EXIT_DIFFERENT;
		if (!*b || (*a && (order < 0 || (order == 0 && a_line < b_line))))
			a = line_print(a, '-');
		else
			b = line_print(b, '+');
	}
	return NULL;
}
