/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bitmap - bitmaps as the kernel's %*pb and %*pbl print them. */
#ifndef TC_PROC_BITMAP_H
#define TC_PROC_BITMAP_H

#include <stdint.h>
#include <stdio.h>

/* "00000000,00000001"; @bits: least significant byte first, @count bits */
void bitmap_print_hex(const uint8_t *bits, unsigned count, FILE *out);

/* "0-3,5" */
void bitmap_print_list(const uint8_t *bits, unsigned count, FILE *out);

#endif
