/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/core/fake_host.h"
#include "tests/lib/unit.h"

#include <string.h>

#define MS 1000000ull

TEST(vm, grants_no_more_than_the_deadline)
{
	struct fake *f = fake_new();

	f->tick_ns = 0;
	f->vm.deadline_ns = 300 * MS;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 5, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(f->until_ns, f->now_ns + 300 * MS);
	CU_ASSERT_EQUAL(vm_deadline_ns(&f->vm), f->until_ns);
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 6, MS), -RTVMM_EBUSY);
	CU_ASSERT_EQUAL(vm_resume(&f->vm), 0);
	CU_ASSERT_FALSE(f->paused);
	CU_ASSERT_EQUAL(vm_deadline_ns(&f->vm), 0);
	fake_free(f);
}

TEST(vm, generation_ends_at_the_deadline)
{
	struct fake *f = fake_new();

	CU_ASSERT_EQUAL(vm_pause(&f->vm, 5, 100 * MS), 0);
	CU_ASSERT_EQUAL(vm_generation_now(&f->vm, f->until_ns - 1), 1);
	CU_ASSERT_EQUAL(vm_generation_now(&f->vm, f->until_ns), 0);
	f->now_ns = f->until_ns;
	CU_ASSERT_EQUAL(vm_check_paused(&f->vm), -RTVMM_ETIME);
	vm_expire(&f->vm);
	CU_ASSERT_EQUAL(f->resumes, 1);
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 5, 100 * MS), 0);
	CU_ASSERT_EQUAL(vm_generation_now(&f->vm, f->now_ns), 2); /* numbers are not used again */
	fake_free(f);
}

TEST(vm, budget_refuses_and_shortens)
{
	struct fake *f = fake_new();

	f->tick_ns = 0;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), 0);
	f->now_ns += 600 * MS;
	vm_resume(&f->vm);
	f->now_ns += 1000 * MS;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(f->until_ns - f->now_ns, 400 * MS);
	f->now_ns += 400 * MS;
	vm_expire(&f->vm);
	CU_ASSERT_FALSE(f->paused);
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), -RTVMM_EBUSY);
	f->now_ns += 10500 * MS;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(f->vm.pauses, 2);
	CU_ASSERT_EQUAL(f->vm.paused_ns_max, 600 * MS);
	fake_free(f);
}

/* Who is granted less than he needs comes again, and pays for each try. */
TEST(vm, budget_refuses_what_would_not_be_enough)
{
	struct fake *f = fake_new();

	f->tick_ns = 0;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), 0);
	f->now_ns += 800 * MS;
	vm_resume(&f->vm);
	f->now_ns += 1000 * MS;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), -RTVMM_EBUSY); /* 200 ms are left */
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, 201 * MS), -RTVMM_EBUSY);
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, 150 * MS), 0);
	CU_ASSERT_EQUAL(f->until_ns - f->now_ns, 150 * MS);
	vm_resume(&f->vm);
	f->vm.deadline_ns = 100 * MS;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(f->until_ns - f->now_ns, 100 * MS);
	fake_free(f);
}

/* Somebody else's pause is neither ended nor charged. */
TEST(vm, foreign_pause_stays)
{
	struct fake *f = fake_new();

	f->foreign_pause = true;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(vm_generation_now(&f->vm, f->now_ns), 1);
	f->now_ns += 500 * MS;
	CU_ASSERT_EQUAL(vm_resume(&f->vm), 0);
	CU_ASSERT_EQUAL(f->pauses, 0);
	CU_ASSERT_EQUAL(f->resumes, 0);
	CU_ASSERT_EQUAL(f->vm.pauses, 0);
	CU_ASSERT_EQUAL(budget_left_ns(&f->vm.budget, f->now_ns), 1000 * MS);
	fake_free(f);
}

TEST(vm, failed_pause_is_none)
{
	struct fake *f = fake_new();

	f->pause_status = -RTVMM_EIO;
	CU_ASSERT_EQUAL(vm_pause(&f->vm, 1, UINT64_MAX), -RTVMM_EIO);
	CU_ASSERT_EQUAL(vm_generation_now(&f->vm, f->now_ns), 0);
	CU_ASSERT_EQUAL(vm_resume(&f->vm), 0);
	CU_ASSERT_EQUAL(f->resumes, 0);
	fake_free(f);
}

TEST(vm, new_instance_has_a_new_id)
{
	struct fake *f = fake_new();
	uint8_t before[RTVMM_ID_BYTES];

	memcpy(before, f->vm.instance_id, sizeof(before));
	CU_ASSERT_EQUAL(vm_renew_instance(&f->vm), 0);
	CU_ASSERT_TRUE(memcmp(before, f->vm.instance_id, sizeof(before)) != 0);
	f->random_status = -RTVMM_EIO;
	memcpy(before, f->vm.instance_id, sizeof(before));
	CU_ASSERT_EQUAL(vm_renew_instance(&f->vm), -RTVMM_EIO);
	fake_free(f);
}
