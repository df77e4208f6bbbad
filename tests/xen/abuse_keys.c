// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Search all memory that dom0 can map for the key of a session.
 *
 * This process keeps the key masked, so that the only copy would be the hypervisor's. What it looks
 * for at the same time, and must find, is a mark in its own memory.
 */
#include "tests/xen/abuse.h" /* first: it says which of Xen\'s structures */

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xenforeignmemory.h>

#define PAGE_BYTES 4096u
#define AT_ONCE    1024
#define WORDS      (RTVMM_KEY_BYTES / 8)

/* 32 bytes to look for, which lie nowhere as they are. */
struct needle {
	uint64_t masked[WORDS], mask[WORDS];
	uint64_t found;
};

struct sweep {
	xenforeignmemory_handle *handle;
	struct needle key, mark;
	uint64_t end; /* first frame that there is not */
};

static const struct err *needle_take(struct needle *n, uint8_t key[RTVMM_KEY_BYTES])
{
	if (RAND_bytes((uint8_t *)n->mask, sizeof(n->mask)) != 1)
		return ERR(ERR_SYSTEM, "no random numbers");
	for (int i = 0; i < WORDS; i++) {
		uint64_t word;

		memcpy(&word, key + 8 * i, sizeof(word));
		n->masked[i] = word ^ n->mask[i];
	}
	return NULL;
}

/* Xen and compilers align keys: every 8 bytes is enough. */
static void needle_search(struct needle *n, const uint64_t *page)
{
	for (uint32_t at = 0; at + WORDS <= PAGE_BYTES / 8; at++) {
		int i = 0;

		while (i < WORDS && (page[at + (uint32_t)i] ^ n->mask[i]) == n->masked[i])
			i++;
		n->found += i == WORDS;
	}
}

/* All frames of @domid; @ret_mapped: how many could be mapped */
static const struct err *sweep_domain(struct sweep *s, uint32_t domid, uint64_t *ret_mapped)
{
	static xen_pfn_t frames[AT_ONCE];
	static int errors[AT_ONCE];

	*ret_mapped = 0;
	for (uint64_t first = 0; first < s->end; first += AT_ONCE) {
		const uint64_t *memory;

		for (uint32_t i = 0; i < AT_ONCE; i++)
			frames[i] = first + i;
		memory = xenforeignmemory_map(s->handle, domid, PROT_READ, AT_ONCE, frames, errors);
		if (!memory)
			continue; /* not one of them */
		for (uint32_t i = 0; i < AT_ONCE; i++) {
			if (errors[i])
				continue;
			++*ret_mapped;
			needle_search(&s->key, memory + i * (PAGE_BYTES / 8));
			needle_search(&s->mark, memory + i * (PAGE_BYTES / 8));
		}
		xenforeignmemory_unmap(s->handle, (void *)(uintptr_t)memory, AT_ONCE);
	}
	return NULL;
}

static const struct err *sweep_all(struct abuse *a, struct sweep *s)
{
	const uint32_t domids[] = {0x7ff0, 0x7ff1, 0x7ff2, a->domid}; /* DOMID_SELF, _IO, _XEN */

	for (size_t i = 0; i < sizeof(domids) / sizeof(*domids); i++) {
		uint64_t mapped;

		TRY(sweep_domain(s, domids[i], &mapped));
		printf("info: %llu of %llu frames as domain %x's: the key %llu times, the mark "
		       "%llu times\n",
		       (unsigned long long)mapped, (unsigned long long)s->end, domids[i],
		       (unsigned long long)s->key.found, (unsigned long long)s->mark.found);
	}
	return NULL;
}

/* Another page than anything else of this process */
static const struct err *put_mark(struct needle *n)
{
	uint8_t *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (page == MAP_FAILED || mlock(page, PAGE_BYTES) || RAND_bytes(page, RTVMM_KEY_BYTES) != 1)
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
	TRY(needle_take(&s.key, a->client.peer.key));
	OPENSSL_cleanse(a->client.peer.key, sizeof(a->client.peer.key));
	TRY(put_mark(&s.mark));
	s.handle = xenforeignmemory_open(NULL, 0);
	if (!s.handle)
		return ERR_ERRNO(ERR_SYSTEM, errno, "xenforeignmemory_open");
	TRY(sweep_all(a, &s));
	xenforeignmemory_close(s.handle);
	if (!s.mark.found)
		return FAILED("the mark was not found: the search is no good");
	return s.key.found ? FAILED("the key lies in memory that dom0 can map, %llu times",
				    (unsigned long long)s.key.found)
			   : NULL;
}
