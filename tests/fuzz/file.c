/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input as a file, for what reads files. */
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

int fuzz_file(const void *bytes, size_t len_bytes, char ret_path[static 32])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len_bytes) != (ssize_t)len_bytes || lseek(fd, 0, SEEK_SET))
		abort();
	snprintf(ret_path, 32, "/proc/self/fd/%d", fd);
	return fd;
}
