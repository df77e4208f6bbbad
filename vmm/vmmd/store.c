/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory for a pause. Input: none. */
#include "vmm/vmmd/store.h"

#include <errno.h>
#include <sys/mman.h>

#define HUGE_PAGE_BYTES ((size_t)2 << 20)

const struct err *store_open(struct store *s)
{
	void *at = mmap(NULL, STORE_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*s = (struct store){.ready_bytes = STORE_FIRST_BYTES};
	if (at == MAP_FAILED)
		return ERR_ERRNO(ERR_SYSTEM, errno, "no address space for a pause's copies");
	/* not for the guard, nor for a core dump */
	(void)madvise(at, STORE_BYTES, MADV_DONTFORK);
	(void)madvise(at, STORE_BYTES, MADV_DONTDUMP);
	(void)madvise(at, STORE_BYTES, MADV_HUGEPAGE);
	s->bytes = at;
	return NULL;
}

void store_close(struct store *s)
{
	if (s->bytes)
		munmap(s->bytes, STORE_BYTES);
	*s = (struct store){0};
}

/* Grows at once, and shrinks slowly: tools that need much and little take turns. */
static size_t next_bytes(const struct store *s)
{
	size_t wanted = s->used_bytes + s->used_bytes / 4 + HUGE_PAGE_BYTES;

	if (wanted < s->ready_bytes)
		wanted = s->ready_bytes - (s->ready_bytes - wanted) / 8;
	wanted -= wanted % HUGE_PAGE_BYTES;
	if (wanted > STORE_BYTES)
		return STORE_BYTES;
	return wanted > STORE_FIRST_BYTES ? wanted : STORE_FIRST_BYTES;
}

void store_prepare(struct store *s)
{
	if (s->is_lent)
		return;
	s->ready_bytes = next_bytes(s);
	s->used_bytes = 0;
	/* an older kernel that cannot do it now does it in the pause */
	(void)madvise(s->bytes, s->ready_bytes, MADV_POPULATE_WRITE);
}

void store_lend(struct store *s)
{
	s->is_lent = true;
}

void store_take_back(struct store *s, size_t used_bytes, uint64_t now_ns)
{
	s->is_lent = false;
	s->used_bytes += used_bytes;
	s->drop_at_ns = now_ns + STORE_KEEP_NS;
}

void store_tend(struct store *s, uint64_t now_ns)
{
	if (s->is_lent || !s->drop_at_ns || now_ns < s->drop_at_ns)
		return;
	(void)madvise(s->bytes, STORE_BYTES, MADV_FREE);
	s->drop_at_ns = 0;
}
