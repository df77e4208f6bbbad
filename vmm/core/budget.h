/* SPDX-License-Identifier: MIT */
/*
 * budget - how long a VM may be paused: at most a tenth of any ten seconds, whoever asks.
 *
 * The past is kept in slots of 100 ms, each with the pauses that ended in it, counted whole. A
 * window of ten seconds touches at most 101 of them, so what the slots hold is never less than
 * what the window saw.
 */
#ifndef VMM_CORE_BUDGET_H
#define VMM_CORE_BUDGET_H

#include "vmm/core/types.h"

#define BUDGET_WINDOW_NS 10000000000ull
#define BUDGET_SHARE     10 /* a tenth of the window */
#define BUDGET_SLOT_NS   100000000ull
#define BUDGET_SLOTS     ((uint32_t)(BUDGET_WINDOW_NS / BUDGET_SLOT_NS) + 1)

struct budget {
	uint64_t slot_number[BUDGET_SLOTS]; /* clock / BUDGET_SLOT_NS; entry = number % slots */
	uint64_t paused_ns[BUDGET_SLOTS];
};

/* The longest pause that may begin at @now_ns. */
uint64_t budget_left_ns(const struct budget *b, uint64_t now_ns);

/* A pause of @paused_ns ended at @now_ns. */
void budget_charge(struct budget *b, uint64_t now_ns, uint64_t paused_ns);

#endif
