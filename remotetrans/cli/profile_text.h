/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_text - a profile for people and for programs, and two of them compared. */
#ifndef RT_CLI_PROFILE_TEXT_H
#define RT_CLI_PROFILE_TEXT_H

#include "kernel-profiles/profile.h"

/* On standard output: what it holds, then the rows that it lacks. */
void profile_print(const struct profile *p);

/* The same as one JSON object. Return: NULL, SYSTEM. */
MUST_CHECK const struct err *profile_print_json(const struct profile *p);

/**
 * profile_diff() - the lines in which two profiles differ, on standard output
 * @ret_status: out: EXIT_DIFFERENT when there are any
 *
 * Return: NULL; PROFILE: one is no profile; SYSTEM.
 */
MUST_CHECK const struct err *profile_diff(const char *a, size_t a_bytes, const char *b,
					  size_t b_bytes, int *ret_status);

#endif
