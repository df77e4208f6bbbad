// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xen-mark NAME MEGABYTES - fill memory with pages that begin with this guest's mark, and keep it.
 *
 * A page of this guest is then known wherever it turns up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/xen/marker.h"

#define PAGE_BYTES 4096u

int main(int argc, char **argv)
{
	size_t len = argc == 3 ? strtoul(argv[2], NULL, 10) << 20 : 0;
	char *memory;

	if (!len || strlen(argv[1]) > MARKER_NAME_MAX || strchr(argv[1], ':')) {
		fputs("usage: xen-mark NAME MEGABYTES\n", stderr);
		return 2;
	}
	memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		      -1, 0);
	if (memory == MAP_FAILED || mlock(memory, len)) {
		perror("xen-mark");
		return 1;
	}
	for (size_t at = 0; at < len; at += PAGE_BYTES)
		marker_write(memory + at, argv[1], at / PAGE_BYTES);
	printf("marked %zu pages\n", len / PAGE_BYTES);
	fflush(stdout);
	for (;;)
		pause();
}
