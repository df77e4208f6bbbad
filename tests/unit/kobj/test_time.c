/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/clocksource.h"
#include "transcall/kobj/time.h"

#define SEC UINT64_C(1000000000)

static struct fake_guest g;
static gva_t core, clock_at;

static void put(enum field_id id, uint64_t v)
{
	fake_set(&g, gva_add(core, 8), id, v);
}

static void use_clock(const char *name, uint64_t mask)
{
	fake_set(&g, clock_at, F_clocksource_name, fake_str(&g, name).v);
	put(F_timekeeper_mask, mask);
}

/* 2 cycles a nanosecond; 100 s after boot at cycle 1000; jiffies were 5000 at 99.996 s. */
static void set_up(void)
{
	static const enum field_id wide[] = {F_timekeeper_clock,      F_timekeeper_mask,
					     F_timekeeper_cycle_last, F_timekeeper_xtime_nsec,
					     F_timekeeper_base,       F_timekeeper_offs_real,
					     F_timekeeper_offs_boot};

	fake_guest_init(&g);
	g.p.sizes[SIZE_seqcount_raw_spinlock] = 4;
	core = fake_symbol(&g, S_tk_core, 256);
	for (uint32_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		fake_field(&g, wide[i], 16 + 8 * i, 8);
	fake_field(&g, F_timekeeper_mult, 0, 4);
	fake_field(&g, F_timekeeper_shift, 4, 4);
	fake_field(&g, F_clocksource_name, 8, 8);
	fake_field(&g, F_tick_sched_idle_entrytime, 24, 8);
	clock_at = fake_alloc(&g, 64, 64);
	put(F_timekeeper_clock, clock_at.v);
	put(F_timekeeper_mult, 1u << 9);
	put(F_timekeeper_shift, 10);
	put(F_timekeeper_cycle_last, 1000);
	put(F_timekeeper_base, 100 * SEC);
	put(F_timekeeper_offs_real, 1700000000 * SEC);
	put(F_timekeeper_offs_boot, 5 * SEC);
	use_clock("tsc", UINT64_MAX);
	fake_variable(&g, S_jiffies_64, 5000);
	fake_variable(&g, S_last_jiffies_update, 100 * SEC - 4000000);
	fake_symbol(&g, S_tick_cpu_sched, 64);
}

TEST(time, follows_the_tsc)
{
	struct ktime now;

	set_up();
	g.vcpus[0].tsc = 1000 + 4 * SEC; /* 2 s later */
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT(now.current);
	CU_ASSERT_EQUAL(now.monotonic_ns, 102 * SEC);
	CU_ASSERT_EQUAL(now.boottime_ns, 107 * SEC);
	CU_ASSERT_EQUAL(now.realtime_ns, (1700000000 + 102) * SEC);
	CU_ASSERT_EQUAL(now.boot_realtime_ns, (1700000000 - 5) * SEC);
	CU_ASSERT_EQUAL(now.jiffies, 5000 + 501); /* 4 ms each since 99.996 s */
}

TEST(time, adds_what_was_left_below_a_nanosecond)
{
	struct ktime now;

	set_up();
	put(F_timekeeper_xtime_nsec, (UINT64_C(7) << 10) + 1000);
	g.vcpus[0].tsc = 1000;
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT_EQUAL(now.monotonic_ns, 100 * SEC + 7);
}

TEST(time, does_not_go_back_with_the_counter)
{
	struct ktime now;

	set_up();
	g.vcpus[0].tsc = 990;
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT_EQUAL(now.monotonic_ns, 100 * SEC);
}

TEST(time, survives_a_product_beyond_64_bits)
{
	struct ktime now;

	set_up();
	put(F_timekeeper_mult, 0x80000000u);
	put(F_timekeeper_shift, 32);
	g.vcpus[0].tsc = 1000 + (UINT64_C(1) << 40);
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT_EQUAL(now.monotonic_ns, 100 * SEC + (UINT64_C(1) << 39));
}

TEST(time, follows_a_counter_that_wraps)
{
	struct ktime now;

	set_up();
	use_clock("acpi_pm", 0xffffff);
	put(F_timekeeper_cycle_last, 0xfffff0);
	g.vcpus[0].has_acpi_pm = true;
	g.vcpus[0].acpi_pm_timer = 0xab000010; /* only 24 bits count */
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT(now.current);
	CU_ASSERT_EQUAL(now.monotonic_ns, 100 * SEC + 16);
	use_clock("hpet", 0xffffffff);
	put(F_timekeeper_cycle_last, 0xfffffff0);
	g.vcpus[0].has_hpet = true;
	g.vcpus[0].hpet_counter = 0x500000010;
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT_EQUAL(now.monotonic_ns, 100 * SEC + 16);
}

static void set_up_pvclock(gva_t at, int8_t shift)
{
	fake_field(&g, F_pvclock_vcpu_time_info_tsc_timestamp, 8, 8);
	fake_field(&g, F_pvclock_vcpu_time_info_system_time, 16, 8);
	fake_field(&g, F_pvclock_vcpu_time_info_mul, 24, 4);
	fake_field(&g, F_pvclock_vcpu_time_info_shift, 28, 1);
	fake_set(&g, at, F_pvclock_vcpu_time_info_tsc_timestamp, 50);
	fake_set(&g, at, F_pvclock_vcpu_time_info_system_time, 7000);
	fake_set(&g, at, F_pvclock_vcpu_time_info_mul, 0x80000000u);
	fake_set(&g, at, F_pvclock_vcpu_time_info_shift, (uint8_t)shift);
	g.vcpus[0].tsc = 50 + 800;
}

TEST(clocksource, reads_kvm_clock_where_the_msr_points)
{
	uint64_t cycles;
	bool known;

	set_up();
	gva_t page = fake_alloc(&g, 64, 64);
	use_clock("kvm-clock", UINT64_MAX);
	set_up_pvclock(page, 1);
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT(!known); /* the guest has none */
	g.vcpus[0].kvm_system_time_msr = (page.v - FAKE_BASE) | 1;
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT(known);
	CU_ASSERT_EQUAL(cycles, 7000 + (800u << 1) / 2);
	set_up_pvclock(page, -3);
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT_EQUAL(cycles, 7000 + (800u >> 3) / 2);
	set_up_pvclock(page, 100);
	CHECK_ERR(clocksource_read(&g.k, clock_at, &cycles, &known), ERR_FAULT);
}

/* A stamp that the guest has written after the registers were read: no time has passed since. */
static void check_young_stamp(void)
{
	uint64_t cycles = 0;
	bool known = false;

	g.vcpus[0].tsc = 49;
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT(known);
	CU_ASSERT_EQUAL(cycles, 7000);
	g.vcpus[0].tsc = 50;
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT_EQUAL(cycles, 7000);
	g.vcpus[0].tsc = 52;
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT(cycles > 7000);
}

TEST(clocksource, a_kvm_stamp_younger_than_the_tsc_is_no_time)
{
	set_up();
	gva_t page = fake_alloc(&g, 64, 64);
	use_clock("kvm-clock", UINT64_MAX);
	set_up_pvclock(page, 0);
	g.vcpus[0].kvm_system_time_msr = (page.v - FAKE_BASE) | 1;
	check_young_stamp();
}

TEST(clocksource, shows_as_many_bits_as_the_counter_has)
{
	uint64_t cycles;
	bool known;

	set_up();
	use_clock("acpi_pm", 0xffffff);
	g.vcpus[0].has_acpi_pm = true;
	g.vcpus[0].acpi_pm_timer = 0xab000010;
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT_EQUAL(cycles, 0x10);
}

static void set_up_xen(void)
{
	set_up();
	gva_t info = fake_alloc(&g, 128, 64);
	fake_field(&g, F_vcpu_info_time, 32, 32);
	set_up_pvclock(gva_add(info, 32), 0);
	use_clock("xen", UINT64_MAX);
	fake_variable(&g, S_xen_vcpu, info.v);
}

TEST(clocksource, reads_xen_through_the_vcpus_pointer)
{
	uint64_t cycles;
	bool known;

	set_up_xen();
	CHECK_OK(clocksource_read(&g.k, clock_at, &cycles, &known));
	CU_ASSERT(known);
	CU_ASSERT_EQUAL(cycles, 7000 + 400);
}

TEST(clocksource, a_xen_stamp_younger_than_the_tsc_is_no_time)
{
	set_up_xen();
	check_young_stamp();
}

TEST(time, falls_back_on_what_memory_tells)
{
	struct ktime now;

	set_up();
	g.vcpus[0].has_tsc = false;
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT(!now.current);
	CU_ASSERT_EQUAL(now.monotonic_ns, 100 * SEC);
	/* A CPU went idle later than the timekeeper was updated. */
	fake_set(&g, gva(g.p.symbols[S_tick_cpu_sched]), F_tick_sched_idle_entrytime, 103 * SEC);
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT_EQUAL(now.monotonic_ns, 103 * SEC);
	CU_ASSERT_EQUAL(now.boottime_ns, 108 * SEC);
}

TEST(time, does_not_know_every_clock_source)
{
	struct ktime now;

	set_up();
	use_clock("hyperv_clocksource_tsc_page", UINT64_MAX);
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT(!now.current);
}

TEST(time, refuses_a_timekeeper_that_is_being_changed)
{
	struct ktime now;

	set_up();
	fake_u32(&g, core, 3);
	CHECK_ERR(time_read(&g.k, &now), ERR_RACE);
}

TEST(time, refuses_a_shift_that_cannot_be)
{
	struct ktime now;

	set_up();
	put(F_timekeeper_shift, 64);
	CHECK_ERR(time_read(&g.k, &now), ERR_FAULT);
}

TEST(time, finds_the_timekeeper_by_its_named_structure)
{
	struct ktime now;

	set_up();
	g.p.sizes[SIZE_seqcount_raw_spinlock] = 100; /* would lead elsewhere */
	fake_field(&g, F_tk_data_timekeeper, 8, 200);
	g.vcpus[0].tsc = 1000;
	CHECK_OK(time_read(&g.k, &now));
	CU_ASSERT_EQUAL(now.monotonic_ns, 100 * SEC);
}

TEST(time, reads_a_tasks_offsets)
{
	struct time_offsets offsets;

	set_up();
	gva_t task = fake_alloc(&g, 64, 64), proxy = fake_alloc(&g, 64, 64);
	gva_t ns = fake_alloc(&g, 64, 64);
	fake_field(&g, F_task_struct_nsproxy, 0, 8);
	fake_field(&g, F_nsproxy_time, 8, 8);
	fake_field(&g, F_time_namespace_monotonic_sec, 0, 8);
	fake_field(&g, F_time_namespace_monotonic_nsec, 8, 8);
	fake_field(&g, F_time_namespace_boottime_sec, 16, 8);
	fake_field(&g, F_time_namespace_boottime_nsec, 24, 8);
	fake_set(&g, task, F_task_struct_nsproxy, proxy.v);
	fake_set(&g, proxy, F_nsproxy_time, ns.v);
	fake_set(&g, ns, F_time_namespace_monotonic_sec, (uint64_t)-2);
	fake_set(&g, ns, F_time_namespace_monotonic_nsec, 5);
	fake_set(&g, ns, F_time_namespace_boottime_sec, 3);
	CHECK_OK(time_offsets_of_task(&g.k, task, &offsets));
	CU_ASSERT_EQUAL(offsets.monotonic_ns, -2 * (int64_t)SEC + 5);
	CU_ASSERT_EQUAL(offsets.boottime_ns, 3 * (int64_t)SEC);
}
