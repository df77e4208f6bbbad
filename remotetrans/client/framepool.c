/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages with counted holders. */
#include "remotetrans/client/framepool.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

/* A huge page: the kernel maps and clears it in one go, not page by page while we fill them. */
#define SLAB_BYTES ((size_t)2 << 20)

void framepool_deinit(struct framepool *p)
{
	for (size_t i = 0; i < p->slab_count; i++)
		free(p->slabs[i]);
	free(p->slabs);
	*p = (struct framepool){0};
}

static const struct err *add_slab(struct framepool *p)
{
	struct framepage **slabs = reallocarray(p->slabs, p->slab_count + 1, sizeof(*slabs));

	if (!slabs)
		return ERR_ERRNO(ERR_SYSTEM, errno, "frame cache");
	p->slabs = slabs;
	struct framepage *slab = aligned_alloc(SLAB_BYTES, SLAB_BYTES);
	if (!slab)
		return ERR_ERRNO(ERR_SYSTEM, errno, "frame cache");
	(void)madvise(slab, SLAB_BYTES, MADV_HUGEPAGE); /* only slower without */
	p->slabs[p->slab_count++] = slab;
	for (size_t i = SLAB_BYTES / sizeof(*slab); i-- > 0;) {
		slab[i].next = p->unheld;
		p->unheld = &slab[i];
	}
	return NULL;
}

const struct err *framepool_take(struct framepool *p, struct framepage **ret)
{
	if (!p->unheld)
		TRY(add_slab(p));
	*ret = p->unheld;
	p->unheld = (*ret)->next;
	(*ret)->holders = 1;
	return NULL;
}

void framepool_hold(struct framepage *page)
{
	if (page)
		page->holders++;
}

void framepool_give(struct framepool *p, struct framepage *page)
{
	if (!page || --page->holders)
		return;
	page->next = p->unheld;
	p->unheld = page;
}
