/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_check - a profile's text without the demand that it is complete, and what it lacks. */
#ifndef KP_PROFILE_CHECK_H
#define KP_PROFILE_CHECK_H

#include <stdbool.h>

#include "kernel-profiles/profile.h"

#define PROFILE_FORMAT 1

/* As profile_parse(), but missing MUST members are no error. */
MUST_CHECK const struct err *profile_read(const char *text, size_t len_bytes, struct profile *ret);

/* The text of the file at @path, at most PROFILE_TEXT_MAX + 1 bytes; free() it. */
MUST_CHECK const struct err *profile_text_load(const char *path, char **ret, size_t *ret_len_bytes);

/* One row of fields.def or symbols.def that a profile lacks. */
struct profile_gap {
	const char *keyword; /* "field", "size", "enum", "symbol" */
	const char *id;
	const char *name; /* the structure, type, enumerator or symbol, as in the .def file */
	const char *path; /* of a field; else NULL */
	bool must;
};

/* Call @visit for each row that @p lacks, MUST or MAY. */
void profile_gaps(const struct profile *p,
		  void (*visit)(void *context, const struct profile_gap *gap), void *context);

/**
 * profile_missing_list() - which MUST rows @p lacks
 * @ret: out: "task_struct_pid, ..."; ends in "and N more" when @size_bytes are too few
 *
 * Return: how many, all counted.
 */
unsigned profile_missing_list(const struct profile *p, char *ret, size_t size_bytes);

#endif
