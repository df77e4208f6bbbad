/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory for keys. */
#include "vmm/vmmd/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static size_t whole_pages(size_t len_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (len_bytes + page - 1) / page * page;
}

void secret_allow(size_t len_bytes)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur >= whole_pages(len_bytes))
		return;
	limit.rlim_cur = whole_pages(len_bytes);
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	(void)setrlimit(RLIMIT_MEMLOCK, &limit); /* secret_alloc() says what was too little */
}

static const struct err *protect(char *at, size_t len_bytes)
{
	if (mprotect(at, len_bytes, PROT_READ | PROT_WRITE) < 0 ||
	    madvise(at, len_bytes, MADV_DONTDUMP) < 0 || madvise(at, len_bytes, MADV_DONTFORK) < 0)
		return ERR_ERRNO(ERR_SYSTEM, errno, "cannot protect the memory for keys");
	/* Locked page by page, as they are used: most callers' places are never taken. */
	if (mlock2(at, len_bytes, MLOCK_ONFAULT) < 0)
		return ERR_ERRNO(
			ERR_SYSTEM, errno,
			"cannot lock %zu KiB of memory for keys (raise the limit: ulimit -l, or "
			"LimitMEMLOCK= in a unit)",
			len_bytes / 1024);
	return NULL;
}

const struct err *secret_alloc(size_t len_bytes, void **ret)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = whole_pages(len_bytes);
	char *map = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct err *e;

	if (map == MAP_FAILED)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no memory for keys");
	e = protect(map + page, size);
	if (e) {
		munmap(map, size + 2 * page);
		return e;
	}
	*ret = map + page;
	return NULL;
}

void secret_free(void *at, size_t len_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = whole_pages(len_bytes);

	if (!at)
		return;
	explicit_bzero(at, size);
	munmap((char *)at - page, size + 2 * page);
}
