/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"
#include "transcall/kobj/cpu.h"

#define MSEC UINT64_C(1000000)

static struct fake_guest g;
static const struct ktime now = {.monotonic_ns = 5000 * MSEC};

static void set_up(void)
{
	static const enum enumerator_id items[] = {
		E_CPUTIME_USER,  E_CPUTIME_NICE,      E_CPUTIME_SYSTEM, E_CPUTIME_SOFTIRQ,
		E_CPUTIME_IRQ,   E_CPUTIME_IDLE,      E_CPUTIME_IOWAIT, E_CPUTIME_STEAL,
		E_CPUTIME_GUEST, E_CPUTIME_GUEST_NICE};

	fake_guest_init(&g);
	for (int i = 0; i < 10; i++)
		fake_enumerator(&g, items[i], i);
	fake_field(&g, F_kernel_cpustat_cpustat, 0, 80);
	fake_field(&g, F_rq_nr_running, 0, 4);
	fake_field(&g, F_rq_nr_iowait, 4, 4);
	fake_field(&g, F_rq_nr_switches, 8, 8);
	gva_t stat = fake_symbol(&g, S_kernel_cpustat, 128);
	for (unsigned i = 0; i < 10; i++)
		fake_u64(&g, gva_add(stat, 8 * i), (i + 1) * MSEC);
	fake_symbol(&g, S_runqueues, 64);
	fake_variable(&g, S_tick_nohz_active, 1);
	fake_symbol(&g, S_tick_cpu_sched, 64);
}

static void set_up_tick(uint64_t entry_ns, bool active)
{
	gva_t ts = gva(g.p.symbols[S_tick_cpu_sched]);

	fake_field(&g, F_tick_sched_flags, 0, 8);
	fake_field(&g, F_tick_sched_idle_entrytime, 8, 8);
	fake_field(&g, F_tick_sched_idle_sleeptime, 16, 8);
	fake_field(&g, F_tick_sched_iowait_sleeptime, 24, 8);
	fake_set(&g, ts, F_tick_sched_flags, active ? 4 : 3);
	fake_set(&g, ts, F_tick_sched_idle_entrytime, entry_ns);
	fake_set(&g, ts, F_tick_sched_idle_sleeptime, 100 * MSEC + 999);
	fake_set(&g, ts, F_tick_sched_iowait_sleeptime, 20 * MSEC);
}

TEST(cpu, prints_sets_as_lists)
{
	struct cpu_set set = {.bits = {0x2f, 1}};
	char text[64];

	cpu_set_print(&set, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "0-3,5,64");
	cpu_set_print(&(struct cpu_set){0}, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "");
	set = (struct cpu_set){.bits = {UINT64_MAX, UINT64_MAX}};
	cpu_set_print(&set, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "0-127");
}

TEST(cpu, counts_only_cpus_that_have_an_area)
{
	struct cpu_set set;

	set_up();
	fake_variable(&g, S___cpu_online_mask, UINT64_MAX);
	g.k.cpu_count = 3;
	CHECK_OK(cpu_set_read(&g.k, CPU_ONLINE, &set));
	CU_ASSERT_EQUAL(set.count, 3);
	CU_ASSERT(cpu_set_has(&set, 2));
	CU_ASSERT(!cpu_set_has(&set, 3));
	CU_ASSERT(!cpu_set_has(&set, 100000));
}

TEST(cpu, takes_times_from_cpustat_in_the_kernels_order)
{
	struct cpu_times t;

	set_up();
	set_up_tick(0, false);
	CHECK_OK(cpu_times_read(&g.k, 0, true, &now, &t));
	CU_ASSERT_EQUAL(t.user, 1 * MSEC);
	CU_ASSERT_EQUAL(t.system, 3 * MSEC);
	CU_ASSERT_EQUAL(t.softirq, 4 * MSEC);
	CU_ASSERT_EQUAL(t.irq, 5 * MSEC);
	CU_ASSERT_EQUAL(t.guest_nice, 10 * MSEC);
	/* idle comes from the tick, in whole microseconds */
	CU_ASSERT_EQUAL(t.idle, 100 * MSEC);
	CU_ASSERT_EQUAL(t.iowait, 20 * MSEC);
}

TEST(cpu, counts_an_idle_cpu_up_to_now)
{
	struct cpu_times t;

	set_up();
	set_up_tick(4000 * MSEC, true);
	CHECK_OK(cpu_times_read(&g.k, 0, true, &now, &t));
	CU_ASSERT_EQUAL(t.idle, 1100 * MSEC);
	CU_ASSERT_EQUAL(t.iowait, 20 * MSEC);
	fake_set(&g, gva(g.p.symbols[S_runqueues]), F_rq_nr_iowait, 1);
	CHECK_OK(cpu_times_read(&g.k, 0, true, &now, &t));
	CU_ASSERT_EQUAL(t.idle, 100 * MSEC);
	CU_ASSERT_EQUAL(t.iowait, 1020 * MSEC);
}

TEST(cpu, ignores_an_idle_entry_in_the_future)
{
	struct cpu_times t;

	set_up();
	set_up_tick(9000 * MSEC, true);
	CHECK_OK(cpu_times_read(&g.k, 0, true, &now, &t));
	CU_ASSERT_EQUAL(t.idle, 100 * MSEC);
}

TEST(cpu, trusts_cpustat_where_the_tick_never_stops)
{
	struct cpu_times t;

	set_up();
	set_up_tick(4000 * MSEC, true);
	fake_variable(&g, S_tick_nohz_active, 0);
	CHECK_OK(cpu_times_read(&g.k, 0, true, &now, &t));
	CU_ASSERT_EQUAL(t.idle, 6 * MSEC);
	fake_variable(&g, S_tick_nohz_active, 1);
	CHECK_OK(cpu_times_read(&g.k, 0, false, &now, &t)); /* offline */
	CU_ASSERT_EQUAL(t.idle, 6 * MSEC);
}

TEST(cpu, takes_stolen_time_off_idle_time)
{
	gva_t stat;
	struct cpu_times t;

	set_up();
	stat = gva(g.p.symbols[S_kernel_cpustat]);
	fake_field(&g, F_kernel_cpustat_idle_elapse, 81, 1);
	fake_field(&g, F_kernel_cpustat_idle_entrytime, 88, 8);
	fake_field(&g, F_kernel_cpustat_idle_stealtime, 96, 16);
	fake_set(&g, stat, F_kernel_cpustat_idle_elapse, 1);
	fake_set(&g, stat, F_kernel_cpustat_idle_entrytime, 4000 * MSEC);
	fake_u64(&g, gva_add(stat, 96), 300 * MSEC);
	CHECK_OK(cpu_times_read(&g.k, 0, true, &now, &t));
	CU_ASSERT_EQUAL(t.idle, 706 * MSEC);
	CU_ASSERT_EQUAL(t.iowait, 7 * MSEC);
	fake_u64(&g, gva_add(stat, 96), 3000 * MSEC); /* more than there was */
	CHECK_OK(cpu_times_read(&g.k, 0, true, &now, &t));
	CU_ASSERT_EQUAL(t.idle, 6 * MSEC);
}

TEST(cpu, adds_up_interrupts_of_old_and_new_kernels)
{
	struct cpu_irqs irqs;

	set_up();
	gva_t kstat = fake_symbol(&g, S_kstat, 64), stat = fake_symbol(&g, S_irq_stat, 64);
	fake_field(&g, F_kernel_stat_irqs_sum, 0, 8);
	fake_field(&g, F_kernel_stat_softirqs, 8, 40);
	fake_field(&g, F_irq_cpustat_nmi, 0, 4);
	fake_field(&g, F_irq_cpustat_resched, 4, 4);
	fake_field(&g, F_irq_cpustat_x86_platform, 8, 4);
	fake_u64(&g, kstat, 1000);
	fake_u32(&g, gva_add(kstat, 8 + 4 * 9), 77);
	for (unsigned i = 0; i < 3; i++)
		fake_u32(&g, gva_add(stat, 4 * i), 10u << i);
	fake_variable(&g, S_x86_platform_ipi_callback, 0);
	fake_variable(&g, S_mce_poll_count, 3);
	CHECK_OK(cpu_irqs_read(&g.k, 0, &irqs));
	CU_ASSERT_EQUAL(irqs.hard, 1000 + 10 + 20 + 3);
	CU_ASSERT_EQUAL(irqs.soft[9], 77);
	fake_variable(&g, S_x86_platform_ipi_callback, 1);
	CHECK_OK(cpu_irqs_read(&g.k, 0, &irqs));
	CU_ASSERT_EQUAL(irqs.hard, 1000 + 10 + 20 + 40 + 3);
	fake_field(&g, F_irq_cpustat_counts, 0, 12);
	CHECK_OK(cpu_irqs_read(&g.k, 0, &irqs));
	CU_ASSERT_EQUAL(irqs.hard, 1000 + 70);
}

TEST(cpu, sums_the_run_queues)
{
	struct cpu_queues q;

	set_up();
	fake_variable(&g, S___cpu_possible_mask, 1);
	fake_variable(&g, S___cpu_online_mask, 1);
	gva_t rq = gva(g.p.symbols[S_runqueues]);
	fake_set(&g, rq, F_rq_nr_running, 2);
	fake_set(&g, rq, F_rq_nr_iowait, 1);
	fake_set(&g, rq, F_rq_nr_switches, UINT64_C(1) << 40);
	CHECK_OK(cpu_queues_read(&g.k, &q));
	CU_ASSERT_EQUAL(q.running, 2);
	CU_ASSERT_EQUAL(q.iowait, 1);
	CU_ASSERT_EQUAL(q.switches, UINT64_C(1) << 40);
}
