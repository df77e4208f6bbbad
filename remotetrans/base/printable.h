/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * printable - text from a guest or a server for a terminal of ours: no control characters, neither
 * of ASCII nor the 8-bit ones (C1), bare or in UTF-8.
 */
#ifndef RT_BASE_PRINTABLE_H
#define RT_BASE_PRINTABLE_H

#include <stddef.h>
#include <stdio.h>

/* Length of the printable character that @text begins with, in bytes; 0: it is none. */
size_t printable_len(const char *text);

/* @text with \ooo for each byte that is not printable, and \\ for a backslash. */
void printable_put(FILE *out, const char *text);

/* "PROGRAM: KIND: MESSAGE" of an error and a newline; bytes that are not printable become '?'. */
struct err;
void printable_error(FILE *out, const char *program, const struct err *e);

/* "PROGRAM: NOTICE" and a newline, likewise; nothing for an empty one. */
void printable_notice(FILE *out, const char *program, const char *notice);

/* Bytes that are not printable become '?'. */
void printable_clean(char *text);

#endif
