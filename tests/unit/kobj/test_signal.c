/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/signal.h"

static struct fake_guest g;
static struct task t;

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_pending_signal, 8}, {F_task_struct_blocked, 8},
		     {F_task_struct_exit_code, 4}, {F_task_struct_real_cred, 8});
	FAKE_MEMBERS(&g, {F_signal_struct_shared_pending_signal, 8}, {F_signal_struct_rlim, 256},
		     {F_signal_struct_nr_threads, 4}, {F_signal_struct_flags, 4},
		     {F_signal_struct_group_exit_code, 4});
	FAKE_MEMBERS(&g, {F_sighand_struct_action, 2048});
	FAKE_MEMBERS(&g, {F_k_sigaction_handler, 8});
	FAKE_MEMBERS(&g, {F_cred_user, 8}, {F_cred_ucounts, 8});
	g.p.sizes[SIZE_k_sigaction] = 32;
	t = (struct task){
		.at = fake_object(&g), .signal = fake_object(&g), .sighand = fake_object(&g)};
}

static void set_handler(unsigned number, uint64_t handler)
{
	gva_t action = gva_add(kfield_at(&g.k, t.sighand, F_sighand_struct_action),
			       32 * (uint64_t)(number - 1));

	fake_set(&g, action, F_k_sigaction_handler, handler);
}

TEST(signal, handlers_are_ignored_or_caught)
{
	struct signal_sets sets;

	set_up();
	set_handler(1, 1); /* SIG_IGN */
	set_handler(2, 0x401000);
	set_handler(64, 0x401000);
	fake_set(&g, t.at, F_task_struct_blocked, 0x10000);
	fake_set(&g, t.signal, F_signal_struct_shared_pending_signal, 0x200);
	CHECK_OK(signal_read_sets(&g.k, &t, &sets));
	CU_ASSERT_EQUAL(sets.ignored, 1);
	CU_ASSERT_EQUAL(sets.caught, UINT64_C(0x8000000000000002));
	CU_ASSERT(sets.blocked == 0x10000 && sets.shared_pending == 0x200 && sets.pending == 0);
}

TEST(signal, a_reaped_task_has_none_of_it)
{
	struct signal_sets sets;
	struct signal_queue queue;
	struct signal_limits limits;
	uint32_t count = 7;

	set_up();
	fake_set(&g, t.at, F_task_struct_blocked, 0x10000);
	t.sighand = gva(0);
	CHECK_OK(signal_read_sets(&g.k, &t, &sets));
	CU_ASSERT_EQUAL(sets.blocked, 0);
	CHECK_OK(signal_thread_count(&g.k, &t, &count));
	CU_ASSERT_EQUAL(count, 0);
	CHECK_OK(signal_read_queue(&g.k, &t, &queue));
	CU_ASSERT(queue.queued == 0 && queue.limit == 0);
	CHECK_ERR(signal_read_limits(&g.k, &t, &limits), ERR_ABSENT);
}

TEST(signal, queued_signals_are_counted_where_the_kernel_counts)
{
	struct signal_queue queue;

	set_up();
	gva_t cred = fake_object(&g), user = fake_object(&g), ucounts = fake_object(&g);
	fake_set(&g, t.at, F_task_struct_real_cred, cred.v);
	fake_set(&g, cred, F_cred_user, user.v);
	fake_set(&g, cred, F_cred_ucounts, ucounts.v);
	fake_u64(&g, gva_add(kfield_at(&g.k, t.signal, F_signal_struct_rlim), 16 * 11), 1649);
	FAKE_MEMBERS(&g, {F_ucounts_rlimit, 32});
	fake_enumerator(&g, E_UCOUNT_RLIMIT_SIGPENDING, 2);
	fake_u64(&g, gva_add(kfield_at(&g.k, ucounts, F_ucounts_rlimit), 16), 5);
	CHECK_OK(signal_read_queue(&g.k, &t, &queue));
	CU_ASSERT(queue.queued == 5 && queue.limit == 1649);
	FAKE_MEMBERS(&g, {F_user_struct_sigpending, 4}); /* as before 5.14 */
	fake_set(&g, user, F_user_struct_sigpending, 3);
	CHECK_OK(signal_read_queue(&g.k, &t, &queue));
	CU_ASSERT_EQUAL(queue.queued, 3);
}

TEST(signal, a_stopped_group_shows_its_own_exit_code)
{
	int32_t code;

	set_up();
	fake_set(&g, t.at, F_task_struct_exit_code, 9);
	fake_set(&g, t.signal, F_signal_struct_group_exit_code, 19);
	fake_set(&g, t.signal, F_signal_struct_flags, 1);
	CHECK_OK(signal_exit_code(&g.k, &t, true, &code));
	CU_ASSERT_EQUAL(code, 9); /* before 5.17 */
	fake_field(&g, F_signal_struct_core_state, 1024, 8);
	CHECK_OK(signal_exit_code(&g.k, &t, true, &code));
	CU_ASSERT_EQUAL(code, 19);
	CHECK_OK(signal_exit_code(&g.k, &t, false, &code)); /* one thread */
	CU_ASSERT_EQUAL(code, 9);
	fake_set(&g, t.signal, F_signal_struct_flags, 0);
	CHECK_OK(signal_exit_code(&g.k, &t, true, &code));
	CU_ASSERT_EQUAL(code, 9);
}

TEST(signal, limits_are_soft_and_hard)
{
	struct signal_limits limits;

	set_up();
	gva_t at = kfield_at(&g.k, t.signal, F_signal_struct_rlim);
	for (unsigned i = 0; i < 2 * SIGNAL_LIMITS; i++)
		fake_u64(&g, gva_add(at, 8 * (uint64_t)i), i);
	CHECK_OK(signal_read_limits(&g.k, &t, &limits));
	CU_ASSERT(limits.soft[0] == 0 && limits.hard[0] == 1);
	CU_ASSERT(limits.soft[15] == 30 && limits.hard[15] == 31);
}
