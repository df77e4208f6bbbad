/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's RAM file. Input: frame numbers from an untrusted caller. */
#include "vmm/vmmd/ram.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remotetrans/base/addr.h"
#include "remotetrans/base/scope.h"

/* Without a mapping it is only slower. */
static void map(struct ram *r)
{
	void *at = mmap(NULL, r->bytes, PROT_READ, MAP_SHARED, r->fd, 0);

	r->in_use = calloc(1, r->bytes / FRAME_BYTES / 8 + 1);
	if (at == MAP_FAILED)
		return;
	(void)madvise(at, r->bytes, MADV_DONTFORK);
	r->map = at;
}

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
	map(r);
	return NULL;
}

void ram_close(struct ram *r)
{
	scope_close(&r->fd);
	if (r->map)
		munmap((void *)(uintptr_t)r->map, r->bytes);
	free(r->in_use);
	*r = (struct ram){.fd = -1};
}

/* A call of memcpy(): what GCC 12 makes of one whose size it knows takes a quarter longer. */
__attribute__((noinline, noclone)) static void copy(uint8_t *to, const uint8_t *from,
						    size_t len_bytes)
{
	memcpy(to, from, len_bytes);
}

static bool is_known(const struct ram *r, uint64_t offset)
{
	uint64_t page = offset / FRAME_BYTES;

	return r->map && r->in_use && r->in_use[page / 8] >> page % 8 & 1;
}

static void learn(struct ram *r, uint64_t offset, const uint8_t *bytes)
{
	uint64_t page = offset / FRAME_BYTES;

	if (r->in_use && (bytes[0] || memcmp(bytes, bytes + 1, FRAME_BYTES - 1) != 0))
		r->in_use[page / 8] |= (uint8_t)(1u << page % 8);
}

const struct err *ram_read(struct ram *r, uint64_t frame, uint8_t *ret, bool *ret_is_ram)
{
	uint64_t offset;
	ssize_t n;

	*ret_is_ram = layout_offset(&r->layout, frame, &offset);
	if (!*ret_is_ram)
		return NULL;
	if (is_known(r, offset)) {
		copy(ret, r->map + offset, FRAME_BYTES);
		return NULL;
	}
	n = pread(r->fd, ret, FRAME_BYTES, (off_t)offset);
	if (n == FRAME_BYTES) {
		learn(r, offset, ret);
		return NULL;
	}
	return ERR_ERRNO(ERR_SYSTEM, n < 0 ? errno : 0,
			 "the guest's RAM file cannot be read at %#llx; has it been shortened?",
			 (unsigned long long)offset);
}
