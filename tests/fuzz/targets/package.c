/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Debian package's files. Input: the tar stream that dpkg-deb makes of it. */
#include <unistd.h>

#include "kernel-profiles/vmlinuz.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct blob image = {0};
	char path[32];
	int fd = fuzz_file(bytes, len_bytes, path);
	const struct err *e = package_tar_find(fd, &image);

	HOLDS(!e || e->kind == ERR_PROTO || e->kind == ERR_USAGE || e->kind == ERR_SYSTEM);
	HOLDS(e || (image.len_bytes && image.len_bytes < len_bytes));
	HOLDS(e || memmem(bytes, len_bytes, image.bytes, image.len_bytes));
	blob_deinit(&image);
	close(fd);
	return 0;
}
