/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of places. Input: names from verified certificates. */
#include "remotetrans/server/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct places *served_by;
static struct claim *own;

static size_t claims_bytes(const struct places *p)
{
	return p->count * sizeof(*p->claims);
}

const struct err *places_init(struct places *p, uint32_t count, uint32_t each)
{
	*p = (struct places){.count = count, .each = each};
	void *claims = mmap(NULL, claims_bytes(p), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (claims != MAP_FAILED)
		p->claims = claims;
	p->all = calloc(count, sizeof(*p->all));
	if (!p->claims || !p->all) {
		places_deinit(p);
		return ERR(ERR_SYSTEM, "no memory for %u clients", count);
	}
	for (uint32_t i = 0; i < count; i++)
		p->all[i].claim = &p->claims[i];
	return NULL;
}

void places_deinit(struct places *p)
{
	if (p->claims)
		munmap(p->claims, claims_bytes(p));
	free(p->all);
	*p = (struct places){0};
}

static struct place *find(struct places *p, pid_t pid)
{
	for (uint32_t i = 0; i < p->count; i++)
		if (p->all[i].pid == pid)
			return &p->all[i];
	return NULL;
}

struct place *places_free(struct places *p)
{
	return find(p, 0);
}

void places_give(struct places *p, struct place *to, pid_t pid, int pidfd,
		 const struct origin *from)
{
	to->from = *from;
	to->pid = pid;
	to->pidfd = pidfd;
	to->arrival = p->arrivals++;
}

struct place *places_oldest_stranger(struct places *p)
{
	struct place *oldest = NULL;

	for (uint32_t i = 0; i < p->count; i++) {
		struct place *one = &p->all[i];

		if (one->pid && !one->claim->is_kept && (!oldest || one->arrival < oldest->arrival))
			oldest = one;
	}
	return oldest;
}

bool places_leave(struct places *p, pid_t pid, struct origin *ret_from)
{
	struct place *left = find(p, pid);
	bool was_kept;

	if (!left)
		return false;
	*ret_from = left->from;
	was_kept = left->claim->is_kept;
	left->claim->is_kept = false;
	close(left->pidfd);
	left->pid = 0;
	return !was_kept;
}

void places_enter(const struct places *p, const struct place *mine)
{
	served_by = p;
	own = mine->claim;
	/* the walk, which reads what guests wrote, has no use for it */
	(void)madvise(p->claims, claims_bytes(p), MADV_DONTFORK);
}

bool places_keep(const char *name)
{
	uint32_t same = 0;

	if (!own || own->is_kept)
		return true;
	snprintf(own->name, sizeof(own->name), "%s", name);
	own->is_kept = true; /* before counting: two that come at once count each other */
	for (uint32_t i = 0; i < served_by->count; i++)
		same += served_by->claims[i].is_kept &&
			strncmp(served_by->claims[i].name, name, ACCESS_NAME_BYTES) == 0;
	if (same > served_by->each)
		own->is_kept = false;
	return own->is_kept;
}
