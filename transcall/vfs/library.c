/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library of inside/, as the makefile built it, in this program. */
#include "transcall/vfs/image.h"

__asm__(".section .rodata\n"
	".balign 8\n"
	".globl inside_library, inside_library_end\n"
	"inside_library:\n"
	"	.incbin \"" INSIDE_BUILT "\"\n"
	"inside_library_end:\n"
	"	.byte 0\n"
	".previous\n");
