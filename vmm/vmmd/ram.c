/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's RAM file. Input: frame numbers from an untrusted caller. */
#include "vmm/vmmd/ram.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/base/scope.h"

const struct err *ram_open(struct ram *r, const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	*r = (struct ram){.fd = -1};
	if (fd < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno,
				 "%s: cannot open the guest's RAM file (the mem-path of QEMU's "
				 "memory-backend-file)",
				 path);
	if (fstat(fd, &st) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "%s: fstat", path);
	if (!S_ISREG(st.st_mode))
		return ERR(ERR_USAGE, "%s: not a regular file; the guest's RAM file is expected",
			   path);
	*r = (struct ram){.bytes = (uint64_t)st.st_size, .device = st.st_dev, .inode = st.st_ino};
	r->fd = fd_take(&fd);
	return NULL;
}

void ram_close(struct ram *r)
{
	scope_close(&r->fd);
	r->fd = -1;
}

const struct err *ram_read(const struct ram *r, uint64_t frame, uint8_t *ret, bool *ret_is_ram)
{
	uint64_t offset;
	ssize_t n;

	*ret_is_ram = layout_offset(&r->layout, frame, &offset);
	if (!*ret_is_ram)
		return NULL;
	n = pread(r->fd, ret, FRAME_BYTES, (off_t)offset);
	if (n == FRAME_BYTES)
		return NULL;
	return ERR_ERRNO(ERR_SYSTEM, n < 0 ? errno : 0,
			 "the guest's RAM file cannot be read at %#llx; has it been shortened?",
			 (unsigned long long)offset);
}
