/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/core/random.h"
#include "vmm/core/budget.h"

#define MS       1000000ull
#define S        1000000000ull
#define PAUSES   20000
#define START_NS (77 * S)

TEST(budget, starts_with_a_tenth_of_the_window)
{
	struct budget b = {0};

	CU_ASSERT_EQUAL(budget_left_ns(&b, START_NS), 1 * S);
	CU_ASSERT_EQUAL(budget_left_ns(&b, 0), 1 * S);
}

TEST(budget, comes_back_after_the_window)
{
	struct budget b = {0};

	budget_charge(&b, START_NS, 400 * MS);
	CU_ASSERT_EQUAL(budget_left_ns(&b, START_NS), 600 * MS);
	CU_ASSERT_EQUAL(budget_left_ns(&b, START_NS + 10 * S), 600 * MS);
	CU_ASSERT_EQUAL(budget_left_ns(&b, START_NS + 10 * S + 2 * BUDGET_SLOT_NS), 1 * S);
	budget_charge(&b, START_NS + 5 * S, 700 * MS); /* an overrun leaves nothing, not less */
	CU_ASSERT_EQUAL(budget_left_ns(&b, START_NS + 5 * S), 0);
}

/* The most paused time that any window of ten seconds has seen, by brute force. */
static uint64_t worst_window_ns(const uint64_t *begin_ns, const uint64_t *end_ns, int pauses)
{
	uint64_t worst = 0;

	for (int last = 0; last < pauses; last++) {
		uint64_t from = end_ns[last] - BUDGET_WINDOW_NS;
		uint64_t sum = 0;

		for (int i = last; i >= 0 && end_ns[i] > from; i--)
			sum += end_ns[i] - (begin_ns[i] > from ? begin_ns[i] : from);
		if (sum > worst)
			worst = sum;
	}
	return worst;
}

/* Whatever greedy callers ask, no window sees more than a tenth. */
TEST(budget, no_window_is_exceeded)
{
	static uint64_t begin_ns[PAUSES], end_ns[PAUSES];
	struct budget b = {0};
	uint64_t state = 99, now = START_NS, granted_sum = 0;
	int pauses = 0;

	while (pauses < PAUSES) {
		uint64_t wanted = random_next(&state) % (pauses % 3 ? 5 * MS : 1500 * MS);
		uint64_t left = budget_left_ns(&b, now);
		uint64_t granted = wanted < left ? wanted : left;

		if (granted) {
			begin_ns[pauses] = now;
			now += granted;
			end_ns[pauses++] = now;
			granted_sum += granted;
			budget_charge(&b, now, granted);
		}
		now += random_next(&state) % (100 * MS);
	}
	CU_ASSERT_TRUE(worst_window_ns(begin_ns, end_ns, pauses) <= 1 * S);
	/* and the budget is really given out: greedy callers get most of it */
	CU_ASSERT_TRUE(granted_sum > (now - START_NS) / 20);
}
