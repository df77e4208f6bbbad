/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/psi.h"

#define SECOND UINT64_C(1000000000)
#define ONE    (UINT64_C(1) << LOAD_SHIFT)

static struct fake_guest g;
static gva_t group, part;

static void declare(void)
{
	FAKE_MEMBERS(&g, {F_psi_group_pcpu, 8}, {F_psi_group_avg_total, 48},
		     {F_psi_group_avg_last_update, 8}, {F_psi_group_avg_next_update, 8},
		     {F_psi_group_total, 96}, {F_psi_group_avg, 144});
	FAKE_MEMBERS(&g, {F_psi_group_cpu_state_mask, 4}, {F_psi_group_cpu_state_start, 8},
		     {F_psi_group_cpu_times, 28}, {F_psi_group_cpu_times_prev, 56});
	fake_field(&g, F_static_key_enabled, 0, 4);
	fake_enumerator(&g, E_PSI_NONIDLE, 6);
	fake_enumerator(&g, E_PSI_CPU_FULL, 5);
}

/* The CPU has been busy with one task that waits for I/O since 9 s; averages are due at @due. */
static void set_up(uint64_t due)
{
	fake_guest_init(&g);
	declare();
	group = fake_symbol(&g, S_psi_system, 512);
	part = fake_object(&g);
	fake_symbol(&g, S_psi_disabled, 8);
	fake_set(&g, group, F_psi_group_pcpu, part.v);
	fake_set(&g, group, F_psi_group_avg_last_update, 8 * SECOND);
	fake_set(&g, group, F_psi_group_avg_next_update, due);
	fake_set(&g, part, F_psi_group_cpu_state_mask, 1u << 6 | 1u << 0);
	fake_set(&g, part, F_psi_group_cpu_state_start, 9 * SECOND);
}

TEST(psi, counts_what_goes_on)
{
	struct psi psi;

	set_up(11 * SECOND);
	CHECK_OK(psi_read(&g.k, PSI_RESOURCE_IO, 10 * SECOND, &psi));
	CU_ASSERT_EQUAL(psi.some.total_us, 1000000);
	CU_ASSERT_EQUAL(psi.some.average[0], 0);
	CU_ASSERT_EQUAL(psi.full.total_us, 0);
	CU_ASSERT(psi.has_full);
	CHECK_OK(psi_read(&g.k, PSI_RESOURCE_CPU, 10 * SECOND, &psi));
	CU_ASSERT_EQUAL(psi.some.total_us, 0);
	CU_ASSERT(psi.has_full);
}

/* Half of two seconds, of which 371/2048 is taken into the average over ten. */
TEST(psi, brings_averages_up_to_date)
{
	struct psi psi;

	set_up(10 * SECOND);
	CHECK_OK(psi_read(&g.k, PSI_RESOURCE_IO, 10 * SECOND, &psi));
	CU_ASSERT_EQUAL(psi.some.average[0], 50 * 371);
	CU_ASSERT_EQUAL(psi.some.average[1], 50 * 67);
	CU_ASSERT_EQUAL(psi.full.average[0], 0);
}

TEST(psi, lets_averages_decay_over_periods_that_were_missed)
{
	struct psi psi;

	set_up(10 * SECOND);
	fake_set(&g, part, F_psi_group_cpu_state_mask, 0);
	fake_u64(&g, kfield_at(&g.k, group, F_psi_group_avg), 50 * ONE);
	CHECK_OK(psi_read(&g.k, PSI_RESOURCE_IO, 12 * SECOND, &psi));
	CU_ASSERT(psi.some.average[0] < 50 * ONE * 68 / 100); /* 1677/2048 twice */
	CU_ASSERT(psi.some.average[0] > 50 * ONE * 66 / 100);
}

TEST(psi, says_when_there_is_no_account)
{
	struct psi psi;

	set_up(10 * SECOND);
	fake_set(&g, kernel_symbol(&g.k, S_psi_disabled), F_static_key_enabled, 1);
	CHECK_ERR(psi_read(&g.k, PSI_RESOURCE_IO, 10 * SECOND, &psi), ERR_ABSENT);
}

TEST(psi, refuses_pointers_to_nowhere_and_too_many_states)
{
	struct psi psi;

	set_up(10 * SECOND);
	fake_set(&g, group, F_psi_group_pcpu, 8);
	CHECK_ERR(psi_read(&g.k, PSI_RESOURCE_IO, 10 * SECOND, &psi), ERR_FAULT);
	fake_enumerator(&g, E_PSI_NONIDLE, 9);
	CHECK_ERR(psi_read(&g.k, PSI_RESOURCE_IO, 10 * SECOND, &psi), ERR_PROFILE);
}
