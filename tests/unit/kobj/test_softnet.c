/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/softnet.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

static struct fake_guest g;
static gva_t data;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_softnet_data_processed, 0, 4);
	fake_field(&g, F_softnet_data_time_squeeze, 4, 4);
	fake_field(&g, F_softnet_data_received_rps, 8, 4);
	fake_field(&g, F_softnet_data_input_queued, 12, 4);
	fake_field(&g, F_softnet_data_process_queued, 16, 4);
	fake_field(&g, F_softnet_data_drop_counters, 20, 8);
	fake_field(&g, F_numa_drop_counters_drops0, 0, 4);
	fake_field(&g, F_numa_drop_counters_drops1, 4, 4);
	data = fake_symbol(&g, S_softnet_data, 64);
	for (unsigned i = 0; i < 7; i++)
		fake_u32(&g, gva_add(data, 4 * i), i + 1);
}

TEST(softnet, drops_are_one_number_or_two)
{
	struct softnet s;

	set_up();
	CHECK_OK(softnet_read(&g.k, 0, &s));
	CU_ASSERT_EQUAL(s.processed, 1);
	CU_ASSERT_EQUAL(s.squeezed, 2);
	CU_ASSERT_EQUAL(s.steered, 3);
	CU_ASSERT_EQUAL(s.input_queued, 4);
	CU_ASSERT_EQUAL(s.process_queued, 5);
	CU_ASSERT_EQUAL(s.dropped, 6 + 7);
	CU_ASSERT_EQUAL(s.limited, 0);
	fake_field(&g, F_softnet_data_dropped, 24, 4);
	CHECK_OK(softnet_read(&g.k, 0, &s));
	CU_ASSERT_EQUAL(s.dropped, 7);
}

TEST(softnet, flows_are_limited_where_that_is_on)
{
	struct softnet s;
	gva_t limit;

	set_up();
	fake_field(&g, F_softnet_data_flow_limit, 32, 8);
	fake_field(&g, F_sd_flow_limit_count, 0, 4);
	CHECK_OK(softnet_read(&g.k, 0, &s));
	CU_ASSERT_EQUAL(s.limited, 0);
	limit = fake_alloc(&g, 64, 8);
	fake_u32(&g, limit, 9);
	fake_set(&g, data, F_softnet_data_flow_limit, limit.v);
	CHECK_OK(softnet_read(&g.k, 0, &s));
	CU_ASSERT_EQUAL(s.limited, 9);
	fake_set(&g, data, F_softnet_data_flow_limit, 4096);
	CHECK_ERR(softnet_read(&g.k, 0, &s), ERR_FAULT);
}
