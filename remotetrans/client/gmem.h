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

#define GMEM_TLB_ENTRIES 4096 /* power of two */

struct gmem_tlb_entry {
	uint64_t root; /* gpa of the tables; a guest may well have some at 0 */
	uint64_t page; /* gva >> 12 */
	gfn_t frame;
	bool used;
};

struct gmem {
	struct memsrc src; /* hand &gm->src to readers */
	struct framesrc *frames;
	unsigned levels; /* 4 or 5 */
	struct gmem_tlb_entry tlb[GMEM_TLB_ENTRIES];
};

/**
 * gmem_init() - guest memory over @frames
 * @gm:     out: no deinit needed
 * @frames: borrowed, must outlive @gm
 * @cr4:    of any vCPU: CR4.LA57 tells 5-level paging
 */
void gmem_init(struct gmem *gm, struct framesrc *frames, uint64_t cr4);

/* Forget translations: needed whenever the frames below changed (a new snapshot). */
void gmem_flush(struct gmem *gm);

#endif
