// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/xen/needle.h"

#include <openssl/rand.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

const struct err *needle_take(struct needle *n, const uint8_t bytes[NEEDLE_BYTES])
{
	uint8_t mask[NEEDLE_BYTES];

	if (RAND_bytes(mask, sizeof(mask)) != 1)
		return ERR(ERR_SYSTEM, "no random numbers");
	for (unsigned i = 0; i < NEEDLE_BYTES; i++) {
		n->mask[i] = mask[i];
		n->masked[i] = bytes[i] ^ mask[i];
	}
	return NULL;
}

static bool half_is_at(const struct needle *n, unsigned half, const uint8_t *at)
{
	for (unsigned i = 0; i < NEEDLE_HALF; i++)
		if ((at[i] ^ n->mask[half + i]) != n->masked[half + i])
			return false;
	return true;
}

/* A byte of the half that memory is not full of */
static unsigned half_pivot(const struct needle *n, unsigned half)
{
	for (unsigned i = 0; i < NEEDLE_HALF; i++) {
		uint8_t byte = n->mask[half + i] ^ n->masked[half + i];

		if (byte != 0 && byte != 0xff)
			return i;
	}
	return 0;
}

static void half_search(struct needle *n, unsigned half, const uint8_t *memory, size_t len_bytes)
{
	unsigned pivot = half_pivot(n, half);
	int byte = n->mask[half + pivot] ^ n->masked[half + pivot];
	const uint8_t *at = memory + pivot, *end = memory + len_bytes - NEEDLE_HALF + pivot + 1;

	while (at < end && (at = memchr(at, byte, (size_t)(end - at)))) {
		n->found += half_is_at(n, half, at - pivot);
		at++;
	}
}

void needle_search(struct needle *n, const uint8_t *memory, size_t len_bytes)
{
	if (len_bytes < NEEDLE_HALF)
		return;
	half_search(n, 0, memory, len_bytes);
	half_search(n, NEEDLE_HALF, memory, len_bytes);
}

static uint64_t mapping_search(const uint8_t *memory, const int *errors, uint32_t frames,
			       struct needle *needles, unsigned count)
{
	uint64_t mapped = 0;

	for (uint32_t i = 0; i < frames; i++) {
		if (errors[i])
			continue;
		mapped++;
		for (unsigned n = 0; n < count; n++)
			needle_search(&needles[n], memory + (size_t)i * NEEDLE_PAGE, NEEDLE_PAGE);
	}
	return mapped;
}

void needle_search_frames(xenforeignmemory_handle *handle, uint32_t domid, uint64_t first,
			  uint64_t end, struct needle *needles, unsigned count,
			  uint64_t *ret_mapped)
{
	xen_pfn_t frames[NEEDLE_FRAMES];
	int errors[NEEDLE_FRAMES];

	for (*ret_mapped = 0; first < end; first += NEEDLE_FRAMES) {
		uint32_t at_once =
			end - first < NEEDLE_FRAMES ? (uint32_t)(end - first) : NEEDLE_FRAMES;
		void *memory;

		for (uint32_t i = 0; i < at_once; i++)
			frames[i] = first + i;
		memory = xenforeignmemory_map(handle, domid, PROT_READ, at_once, frames, errors);
		if (!memory)
			continue; /* not one of them */
		*ret_mapped += mapping_search(memory, errors, at_once, needles, count);
		xenforeignmemory_unmap(handle, memory, at_once);
	}
}
