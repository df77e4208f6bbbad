/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gmem - guest virtual memory over frames: the memsrc of every reader.
 *
 * On the client the frames are verified ones, so every byte returned and every page table entry
 * that led to it has passed verify. The server's walk uses the same code over its own mapping.
 */
#ifndef RT_CLIENT_GMEM_H
#define RT_CLIENT_GMEM_H

#include <stdbool.h>

#include "remotetrans/base/framesrc.h"
#include "remotetrans/base/memsrc.h"

#define GMEM_TLB_ENTRIES    4096 /* power of two */
#define GMEM_REGION_ENTRIES 64   /* power of two */
#define GMEM_READS_PER_GET  4096u

/* Entries of another era are free. A guest may well have tables at 0. */
struct gmem_tlb_entry {
	uint64_t root; /* gpa of the tables */
	uint64_t page; /* gva >> 12 */
	uint64_t era;
	gfn_t frame;
	const uint8_t *bytes; /* of the frame; NULL: to be got each time */
};

/* 2 MiB of a large page: the direct map has few of them, and most of what is read. */
struct gmem_region {
	uint64_t root;
	uint64_t number; /* gva >> 21 */
	uint64_t era;
	gfn_t first_frame;
};

struct gmem {
	struct memsrc src; /* hand &gm->src to readers */
	struct framesrc *frames;
	unsigned levels; /* 4 or 5 */
	uint64_t era;    /* counts flushes */
	uint64_t epoch;  /* of @frames, which this era is about */
	unsigned reads;  /* since a frame was got last */
	struct gmem_tlb_entry tlb[GMEM_TLB_ENTRIES];
	struct gmem_region regions[GMEM_REGION_ENTRIES];
};

/**
 * gmem_init() - guest memory over @frames
 * @gm:     out: no deinit needed
 * @frames: borrowed, must outlive @gm
 * @cr4:    of any vCPU: CR4.LA57 tells 5-level paging
 *
 * Of a source that keeps what it lends, a page is got once, and again at least each
 * GMEM_READS_PER_GET reads: a source may have to look at the clock.
 */
void gmem_init(struct gmem *gm, struct framesrc *frames, uint64_t cr4);

/* Forget translations: needed whenever the frames below changed (a new snapshot). By itself only
 * where a source that keeps what it lends says so (epoch). */
void gmem_flush(struct gmem *gm);

#endif
