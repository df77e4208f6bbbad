/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a program that the library is loaded into starts. */
#include "transcall/inside/inside.h"

/* The C library hands a constructor what it hands main(). */
__attribute__((constructor)) static void start(int argc, char **argv)
{
	if (argc > 0 && argv[0] && image_for(argv[0]))
		patch_apply();
}
