/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Debian package's files. Input: the tar stream that dpkg-deb makes of it. */
#include <unistd.h>

#include "kernel-profiles/package.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len_bytes)
{
	struct kernel_files files = {0};
	char path[32];
	int fd = fuzz_file(bytes, len_bytes, path);
	const struct err *e = package_tar_read(fd, &files);

	HOLDS(!e || e->kind == ERR_PROTO || e->kind == ERR_USAGE || e->kind == ERR_SYSTEM);
	HOLDS(e || files.image.len_bytes || files.modules.count);
	if (files.image.len_bytes) {
		HOLDS(files.image.len_bytes < len_bytes);
		HOLDS(memmem(bytes, len_bytes, files.image.bytes, files.image.len_bytes));
	}
	kernel_files_deinit(&files);
	close(fd);
	return 0;
}
