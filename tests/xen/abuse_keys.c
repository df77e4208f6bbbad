// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Search all memory that dom0 can map for the key of a session.
 *
 * This process keeps the key masked, so that the only copy would be the hypervisor's. What it looks
 * for at the same time, and must find, is a mark in its own memory.
 */
#include "tests/xen/abuse.h" /* first: it says which of Xen's structures */

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <sys/mman.h>

#include "tests/xen/needle.h"

_Static_assert(NEEDLE_BYTES == RTVMM_KEY_BYTES, "a key is a needle");

enum { KEY, MARK, NEEDLES };

struct sweep {
	xenforeignmemory_handle *handle;
	struct needle needles[NEEDLES];
	uint64_t end; /* first frame that there is not */
};

static const struct err *sweep_all(struct abuse *a, struct sweep *s)
{
	const uint32_t domids[] = {0x7ff0, 0x7ff1, 0x7ff2, a->domid}; /* DOMID_SELF, _IO, _XEN */

	for (size_t i = 0; i < sizeof(domids) / sizeof(*domids); i++) {
		uint64_t mapped;

		needle_search_frames(s->handle, domids[i], 0, s->end, s->needles, NEEDLES, &mapped);
		printf("info: %llu of %llu frames as domain %x's: halves of the key %llu times, "
		       "of the mark %llu times\n",
		       (unsigned long long)mapped, (unsigned long long)s->end, domids[i],
		       (unsigned long long)s->needles[KEY].found,
		       (unsigned long long)s->needles[MARK].found);
	}
	return NULL;
}

/* Another page than anything else of this process */
static const struct err *put_mark(struct needle *n)
{
	uint8_t *page = mmap(NULL, NEEDLE_PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (page == MAP_FAILED || mlock(page, NEEDLE_PAGE) || RAND_bytes(page, NEEDLE_BYTES) != 1)
		return ERR_ERRNO(ERR_SYSTEM, errno, "memory");
	return needle_take(n, page);
}

const struct err *abuse_key_sweep(struct abuse *a)
{
	static struct sweep s = {.end = 0};
	struct rtvmm_info info;

	s.end = abuse_number(a, 0);
	if (!s.end) {
		TRY(client_info(&a->client, &info)); /* of a PV guest: the machine's frames */
		s.end = info.max_frame + 1;
		if (!(info.flags & RTVMM_INFO_PV))
			return ERR(ERR_USAGE, "say how many machine frames there are");
	}
	TRY(needle_take(&s.needles[KEY], a->client.peer.key));
	OPENSSL_cleanse(a->client.peer.key, sizeof(a->client.peer.key));
	TRY(put_mark(&s.needles[MARK]));
	s.handle = xenforeignmemory_open(NULL, 0);
	if (!s.handle)
		return ERR_ERRNO(ERR_SYSTEM, errno, "xenforeignmemory_open");
	TRY(sweep_all(a, &s));
	xenforeignmemory_close(s.handle);
	if (!s.needles[MARK].found)
		return FAILED("the mark was not found: the search is no good");
	return s.needles[KEY].found
		       ? FAILED("halves of the key lie in memory that dom0 can map, %llu times",
				(unsigned long long)s.needles[KEY].found)
		       : NULL;
}
