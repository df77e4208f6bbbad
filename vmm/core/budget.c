/* SPDX-License-Identifier: MIT */
/* The pause budget of one VM. */
#include "vmm/core/budget.h"

uint64_t budget_left_ns(const struct budget *b, uint64_t now_ns)
{
	uint64_t newest = now_ns / BUDGET_SLOT_NS;
	uint64_t allowed_ns = BUDGET_WINDOW_NS / BUDGET_SHARE;
	uint64_t used_ns = 0;

	for (uint32_t i = 0; i < BUDGET_SLOTS; i++)
		if (b->paused_ns[i] && b->slot_number[i] + BUDGET_SLOTS > newest)
			used_ns += b->paused_ns[i];
	return used_ns < allowed_ns ? allowed_ns - used_ns : 0;
}

void budget_charge(struct budget *b, uint64_t now_ns, uint64_t paused_ns)
{
	uint64_t number = now_ns / BUDGET_SLOT_NS;
	uint32_t i = (uint32_t)(number % BUDGET_SLOTS);

	if (b->slot_number[i] != number) {
		b->slot_number[i] = number;
		b->paused_ns[i] = 0;
	}
	b->paused_ns[i] += paused_ns;
}
