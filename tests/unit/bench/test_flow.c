/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/bench/flow.h"
#include "tests/lib/unit.h"

#include <string.h>

#define DELAY_NS 1000000
#define RTT_NS   (2 * DELAY_NS)

/* Everything that is in there comes out and is acknowledged, at the latest by @now_ns. */
static void drain(struct flow *f, uint64_t now_ns)
{
	size_t len;

	while (flow_due(f, now_ns, &len))
		flow_take(f, len);
	(void)flow_next_ns(f, now_ns);
}

/* As many bytes as it takes at @now_ns. */
static size_t fill(struct flow *f, uint64_t now_ns)
{
	size_t total = 0, room;

	while (flow_room(f, now_ns, &room)) {
		flow_put(f, now_ns, room);
		total += room;
	}
	return total;
}

TEST(flow, delays_and_keeps_order)
{
	struct flow f;
	size_t len = 0;

	CU_ASSERT_FATAL(flow_init(&f, DELAY_NS, 0, 0));
	memcpy(flow_room(&f, 10, &len), "ab", 2);
	flow_put(&f, 10, 2);
	memcpy(flow_room(&f, 20, &len), "c", 1);
	flow_put(&f, 20, 1);
	CU_ASSERT_PTR_NULL(flow_due(&f, 10 + DELAY_NS - 1, &len));
	CU_ASSERT_EQUAL(flow_next_ns(&f, 30), 10 + DELAY_NS);
	CU_ASSERT_EQUAL(*flow_due(&f, 10 + DELAY_NS, &len), 'a');
	CU_ASSERT_EQUAL(len, 2);
	flow_take(&f, 1);
	CU_ASSERT_EQUAL(*flow_due(&f, 10 + DELAY_NS, &len), 'b');
	flow_take(&f, 1);
	CU_ASSERT_PTR_NULL(flow_due(&f, 10 + DELAY_NS, &len));
	CU_ASSERT_EQUAL(*flow_due(&f, 20 + DELAY_NS, &len), 'c');
	flow_take(&f, 1);
	CU_ASSERT(flow_is_empty(&f));
	flow_deinit(&f);
}

TEST(flow, has_a_rate)
{
	struct flow f;
	size_t len;

	CU_ASSERT_FATAL(flow_init(&f, DELAY_NS, 8, 0)); /* 1 Gb/s */
	flow_put(&f, 0, 1000);
	flow_put(&f, 0, 1000); /* waits for the first */
	CU_ASSERT_PTR_NULL(flow_due(&f, 8000 + DELAY_NS - 1, &len));
	CU_ASSERT_PTR_NOT_NULL(flow_due(&f, 8000 + DELAY_NS, &len));
	flow_take(&f, len);
	CU_ASSERT_PTR_NULL(flow_due(&f, 16000 + DELAY_NS - 1, &len));
	CU_ASSERT_PTR_NOT_NULL(flow_due(&f, 16000 + DELAY_NS, &len));
	flow_deinit(&f);
}

TEST(flow, waits_for_its_connection)
{
	struct flow f;
	size_t len;

	CU_ASSERT_FATAL(flow_init(&f, DELAY_NS, 0, RTT_NS));
	flow_put(&f, 0, 1);
	CU_ASSERT_PTR_NULL(flow_due(&f, RTT_NS + DELAY_NS - 1, &len));
	CU_ASSERT_PTR_NOT_NULL(flow_due(&f, RTT_NS + DELAY_NS, &len));
	flow_deinit(&f);
}

TEST(flow, begins_slowly_and_again_after_idling)
{
	struct flow f;
	size_t first, second;

	CU_ASSERT_FATAL(flow_init(&f, DELAY_NS, 0, 0));
	first = fill(&f, 0);
	CU_ASSERT(first > FLOW_WINDOW_FIRST - FLOW_SEGMENT_BYTES && first <= FLOW_WINDOW_FIRST);
	drain(&f, RTT_NS - 1);
	CU_ASSERT_EQUAL(fill(&f, RTT_NS - 1), 0); /* the acknowledgement is not there yet */
	CU_ASSERT_EQUAL(flow_next_ns(&f, RTT_NS - 1), RTT_NS);
	second = fill(&f, RTT_NS);
	CU_ASSERT(second > first + first - FLOW_SEGMENT_BYTES);
	drain(&f, 2 * RTT_NS);
	CU_ASSERT(fill(&f, 2 * RTT_NS) > second);
	drain(&f, 3 * RTT_NS);
	CU_ASSERT_EQUAL(fill(&f, 3 * RTT_NS + FLOW_IDLE_NS + 1), first);
	flow_deinit(&f);
}

/* The sender is to notice how slow the line is. */
TEST(flow, takes_no_more_than_soon_leaves)
{
	struct flow f;
	size_t room;

	CU_ASSERT_FATAL(flow_init(&f, DELAY_NS, 8000, 0)); /* 1 Mb/s */
	flow_put(&f, 0, 1000);                             /* 8 ms */
	CU_ASSERT_PTR_NULL(flow_room(&f, 0, &room));
	CU_ASSERT_EQUAL(flow_next_ns(&f, 0), 8000000 - FLOW_QUEUE_NS);
	CU_ASSERT_PTR_NULL(flow_room(&f, 8000000 - FLOW_QUEUE_NS - 1, &room));
	CU_ASSERT_PTR_NOT_NULL(flow_room(&f, 8000000 - FLOW_QUEUE_NS, &room));
	flow_deinit(&f);
}

TEST(flow, is_bounded)
{
	struct flow f;
	uint64_t now = 0;

	CU_ASSERT_FATAL(flow_init(&f, DELAY_NS, 0, 0));
	for (int i = 0; i < 20; i++, now += RTT_NS) {
		CU_ASSERT(fill(&f, now) <= (size_t)FLOW_CHUNKS * FLOW_CHUNK_BYTES);
		drain(&f, now + RTT_NS);
	}
	CU_ASSERT_EQUAL(fill(&f, now), (size_t)FLOW_CHUNKS * FLOW_CHUNK_BYTES);
	CU_ASSERT_EQUAL(fill(&f, now), 0);
	flow_deinit(&f);
}
