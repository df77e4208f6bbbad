/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LD_PRELOAD, ld.so(8). */
#include "transcall/front/preload.h"

#include <stdio.h>
#include <stdlib.h>

#include "remotetrans/base/scope.h"
#include "transcall/inside/image.h"

void preload_set(void)
{
	const char *others = getenv("LD_PRELOAD");
	AUTO_FREE char *list = NULL;

	if (!others || !*others)
		setenv("LD_PRELOAD", INSIDE_LIBRARY, 1);
	else if (asprintf(&list, INSIDE_LIBRARY ":%s", others) >= 0)
		setenv("LD_PRELOAD", list, 1);
	else
		list = NULL;
}
