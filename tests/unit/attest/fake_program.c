/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small EFI program. */
#include "tests/unit/attest/fake_program.h"

#include <string.h>

void program_put(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void section(uint8_t *at, const char *name, uint32_t virtual_bytes, uint32_t raw_bytes,
		    uint32_t raw_at)
{
	memcpy(at, name, strlen(name));
	program_put(at + SECTION_VIRTUAL, virtual_bytes);
	program_put(at + SECTION_RAW, raw_bytes);
	program_put(at + SECTION_RAW_AT, raw_at);
}

void fake_program(uint8_t ret[PROGRAM_BYTES])
{
	for (unsigned i = 0; i < PROGRAM_BYTES; i++)
		ret[i] = i < PROGRAM_HEADERS ? 0 : (uint8_t)(i * 7);
	memcpy(ret, "MZ", 2);
	program_put(ret + 0x3c, 0x40);
	memcpy(ret + 0x40, "PE\0\0\x64\x86\x03", 7);
	ret[0x40 + 20] = 240; /* optional header */
	memcpy(ret + 0x40 + 24, "\x0b\x02", 2);
	program_put(ret + 0x40 + 24 + 60, PROGRAM_HEADERS);
	program_put(ret + 0x40 + 24 + 108, 16); /* directories */
	program_put(ret + PROGRAM_DIRECTORY, PROGRAM_CERTIFICATES);
	program_put(ret + PROGRAM_DIRECTORY + 4, PROGRAM_BYTES - PROGRAM_CERTIFICATES);
	section(ret + SECTION(0), ".config", 0xf0, 0x100, 0x300);
	section(ret + SECTION(1), ".text", 0xb0, 0xb0, 0x240);
	section(ret + SECTION(2), ".bss", 0x1000, 0, 0x9999);
}
