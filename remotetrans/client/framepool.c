/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages with counted holders. */
#include "remotetrans/client/framepool.h"

#include <errno.h>
#include <stdlib.h>

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
	struct framepage *slab = reallocarray(NULL, FRAMEPOOL_SLAB_PAGES, sizeof(*slab));
	if (!slab)
		return ERR_ERRNO(ERR_SYSTEM, errno, "frame cache");
	p->slabs[p->slab_count++] = slab;
	for (unsigned i = FRAMEPOOL_SLAB_PAGES; i-- > 0;) {
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
