/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text - what fprintf() prints, for files that are rendered for each process: no format is read and
 * no lock is taken for each number. @out is not used by another thread.
 */
#ifndef TC_PROC_TEXT_H
#define TC_PROC_TEXT_H

#include <stdint.h>
#include <stdio.h>

void text_str(FILE *out, const char *s);            /* %s */
void text_u64(FILE *out, uint64_t v);               /* %PRIu64 */
void text_i64(FILE *out, int64_t v);                /* %PRId64 */
void text_hex(FILE *out, uint64_t v, int width);    /* %0*PRIx64; @width at most 16 */
void text_padded(FILE *out, uint64_t v, int width); /* %*PRIu64 */

/* "LABEL:\tVALUE\n", as in /proc/PID/status */
void text_line_u64(FILE *out, const char *label, uint64_t v);
void text_line_i64(FILE *out, const char *label, int64_t v);
void text_line_hex(FILE *out, const char *label, uint64_t v); /* of 16 digits */
void text_line_str(FILE *out, const char *label, const char *s);

#endif
