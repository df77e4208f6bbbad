/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/oom.h"

static struct fake_guest g;
static struct task t;

/* A process of 1000 pages on a guest of 100000. */
static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_vfork_done, 8}, {F_task_struct_real_parent, 8},
		     {F_task_struct_mm, 8}, {F_task_struct_flags, 4}, {F_task_struct_pid, 4},
		     {F_task_struct_tgid, 4}, {F_task_struct_signal, 8}, {F_task_struct_sighand, 8},
		     {F_task_struct_thread_node, 16});
	FAKE_MEMBERS(&g, {F_signal_struct_oom_score_adj, 2}, {F_signal_struct_thread_head, 16});
	FAKE_MEMBERS(&g, {F_mm_struct_flags, 8}, {F_mm_struct_rss_stat, 32},
		     {F_mm_struct_total_vm, 8}, {F_mm_struct_hiwater_vm, 8},
		     {F_mm_struct_hiwater_rss, 8}, {F_mm_struct_locked_vm, 8},
		     {F_mm_struct_pinned_vm, 8}, {F_mm_struct_data_vm, 8}, {F_mm_struct_exec_vm, 8},
		     {F_mm_struct_stack_vm, 8}, {F_mm_struct_pgtables_bytes, 8},
		     {F_mm_struct_hugetlb_usage, 8});
	g.p.fields[F_mm_struct_rss_stat_count] = g.p.fields[F_mm_struct_rss_stat];
	fake_variable(&g, S__totalram_pages, 90000);
	fake_variable(&g, S_total_swap_pages, 10000);
	t = (struct task){.at = fake_object(&g), .signal = fake_object(&g), .tgid = 50};
	t.mm = fake_object(&g);
	fake_u64(&g, kfield_at(&g.k, t.mm, F_mm_struct_rss_stat), 600);             /* file */
	fake_u64(&g, gva_add(kfield_at(&g.k, t.mm, F_mm_struct_rss_stat), 8), 300); /* anon */
	fake_u64(&g, gva_add(kfield_at(&g.k, t.mm, F_mm_struct_rss_stat), 16), 90); /* swap */
	fake_set(&g, t.mm, F_mm_struct_pgtables_bytes, 10 << 12);
	fake_list(&g, kfield_at(&g.k, t.signal, F_signal_struct_thread_head));
}

static uint64_t score(void)
{
	uint64_t v = UINT64_MAX;

	CHECK_OK(oom_score(&g.k, &t, &v));
	return v;
}

TEST(oom, score_is_memory_used_and_what_the_user_added)
{
	set_up();
	CU_ASSERT_EQUAL(score(), 673); /* (1000 + 1000 * 1000 / 100000) * 2 / 3 */
	fake_set(&g, t.signal, F_signal_struct_oom_score_adj, 500);
	CU_ASSERT_EQUAL(score(), 1006);
	fake_set(&g, t.signal, F_signal_struct_oom_score_adj, (uint16_t)-500);
	CU_ASSERT_EQUAL(score(), 340);
	fake_set(&g, t.signal, F_signal_struct_oom_score_adj, (uint16_t)-1000);
	CU_ASSERT_EQUAL(score(), 0);
}

TEST(oom, what_is_never_killed_has_none)
{
	set_up();
	t.tgid = 1;
	CU_ASSERT_EQUAL(score(), 0);
	t.tgid = 50;
	fake_set(&g, t.mm, F_mm_struct_flags, 1u << 21); /* reaped already */
	CU_ASSERT_EQUAL(score(), 0);
	fake_set(&g, t.mm, F_mm_struct_flags, 0);
	gva_t parent = fake_object(&g);
	fake_set(&g, parent, F_task_struct_mm, t.mm.v);
	fake_set(&g, t.at, F_task_struct_real_parent, parent.v);
	CU_ASSERT_EQUAL(score(), 673);
	fake_set(&g, t.at, F_task_struct_vfork_done, 1);
	CU_ASSERT_EQUAL(score(), 0);
	t.flags = TASK_FLAG_KTHREAD;
	CU_ASSERT_EQUAL(score(), 0);
}

TEST(oom, a_dead_leaders_threads_still_hold_its_memory)
{
	set_up();
	gva_t thread = fake_object(&g), mm = t.mm;
	t.mm = gva(0);
	CU_ASSERT_EQUAL(score(), 0);
	fake_set(&g, thread, F_task_struct_mm, mm.v);
	fake_set(&g, thread, F_task_struct_signal, t.signal.v);
	fake_list_add(&g, kfield_at(&g.k, t.signal, F_signal_struct_thread_head),
		      kfield_at(&g.k, thread, F_task_struct_thread_node));
	CU_ASSERT_EQUAL(score(), 673);
}

TEST(oom, amounts_that_cannot_be_are_a_race)
{
	uint64_t v;

	set_up();
	fake_u64(&g, kfield_at(&g.k, t.mm, F_mm_struct_rss_stat), INT64_MAX);
	CHECK_ERR(oom_score(&g.k, &t, &v), ERR_RACE);
	set_up();
	fake_variable(&g, S__totalram_pages, 0);
	fake_variable(&g, S_total_swap_pages, 0);
	CHECK_ERR(oom_score(&g.k, &t, &v), ERR_RACE);
}
