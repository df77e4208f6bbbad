/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pgwalk - x86-64 page walk over frames (SDM volume 3, chapter 4.5: 4-level and 5-level paging).
 *
 * Input: attacker-controlled tables; the walk is bounded by the number of levels.
 */
#ifndef RT_CLIENT_PGWALK_H
#define RT_CLIENT_PGWALK_H

#include <stdbool.h>

#include "remotetrans/base/framesrc.h"

struct translation {
	gpa_t at;
	uint64_t page_bytes; /* 4 KiB, 2 MiB or 1 GiB: @at's page is aligned to it */
	bool is_present;     /* false: PROT_NONE, and @at is the guest's own idea of an address */
};

/**
 * pgwalk() - translate @at by the tables under @root
 * @root:   as in CR3; low 12 bits ignored
 * @levels: 4, or 5 with CR4.LA57
 *
 * A leaf that is PROT_NONE but has a frame resolves (Linux inverts its frame number against L1TF:
 * arch/x86/include/asm/pgtable-invert.h). In a Xen PV guest such a leaf has a frame number of the
 * guest's own, not the machine's (arch/x86/xen/mmu_pv.c, pte_pfn_to_mfn()).
 * Return: NULL; FAULT: not mapped; ABSENT: a non-empty leaf without a frame (swapped out,
 * migrating); or a fatal kind from @frames.
 */
MUST_CHECK const struct err *pgwalk(struct framesrc *frames, gpa_t root, unsigned levels, gva_t at,
				    struct translation *ret);

#endif
