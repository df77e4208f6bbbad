/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files. */
#include "remotetrans/base/filebytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/scope.h"

const struct err *filebytes_read(const char *path, size_t max_bytes, uint8_t **ret,
				 size_t *ret_bytes)
{
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	struct stat st;

	if (!file || fstat(fileno(file), &st) != 0)
		return ERR_ERRNO(ERR_USAGE, errno, "cannot read %.300s", path);
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > max_bytes)
		return ERR(ERR_USAGE, "%.300s: not a file of at most %zu bytes", path, max_bytes);
	size_t len_bytes = (size_t)st.st_size;
	AUTO_FREE uint8_t *bytes = malloc(len_bytes + 1);
	if (!bytes)
		return ERR_ERRNO(ERR_SYSTEM, ENOMEM, "%.300s", path);
	if (fread(bytes, 1, len_bytes, file) != len_bytes)
		return ERR(ERR_USAGE, "%.300s: shorter than it was", path);
	bytes[len_bytes] = 0;
	*ret = TAKE(bytes);
	*ret_bytes = len_bytes;
	return NULL;
}

const struct err *filebytes_replace(const char *path, const void *bytes, size_t len_bytes)
{
	char temporary[4096];
	int len = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);

	if (len < 0 || (size_t)len >= sizeof(temporary))
		return ERR_ERRNO(ERR_SYSTEM, ENAMETOOLONG, "%.100s", path);
	AUTO_CLOSE int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot create %.300s", temporary);
	mode_t mask = umask(0);
	umask(mask);
	int failed = write(fd, bytes, len_bytes) != (ssize_t)len_bytes ||
		     fchmod(fd, 0666 & ~mask) != 0 || rename(temporary, path) != 0;
	if (!failed)
		return NULL;
	const struct err *e = ERR_ERRNO(ERR_SYSTEM, errno, "cannot write %.300s", path);
	unlink(temporary);
	return e;
}
