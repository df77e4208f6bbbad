/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_program - a small EFI program, laid out byte by byte. */
#ifndef TESTS_UNIT_ATTEST_FAKE_PROGRAM_H
#define TESTS_UNIT_ATTEST_FAKE_PROGRAM_H

#include <stdint.h>

#define PROGRAM_BYTES        0x410u
#define PROGRAM_CHECKSUM     (0x40u + 24 + 64)
#define PROGRAM_DIRECTORY    (0x40u + 24 + 112 + 32)
#define PROGRAM_SECTIONS     (0x40u + 24 + 240)
#define PROGRAM_HEADERS      0x240u
#define PROGRAM_CERTIFICATES 0x400u /* to the end */

/* Where a section header of it has what. */
#define SECTION(i)      (PROGRAM_SECTIONS + 40u * (i))
#define SECTION_VIRTUAL 8u
#define SECTION_RAW     16u
#define SECTION_RAW_AT  20u

/*
 * PE32+: headers to 0x240, .config at 0x300 (0x100 bytes, 0xf0 of them contents), .text at 0x240
 * (0xb0 bytes), an empty .bss, a gap of 0x10 bytes between them, 0x10 bytes of certificates.
 */
void fake_program(uint8_t ret[PROGRAM_BYTES]);

void program_put(uint8_t *at, uint32_t value);

#endif
