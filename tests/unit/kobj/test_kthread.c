/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"

#include <string.h>

#include "tests/unit/kobj/fake_members.h"
#include "transcall/kobj/kthread.h"

static struct fake_guest g;
static gva_t task, kthread, worker, pool, attrs;
static char name[KTHREAD_NAME_BYTES];

static void put_str(gva_t object, enum field_id id, const char *text)
{
	fake_write(&g, kfield_at(&g.k, object, id), text, strlen(text) + 1);
}

static void set_up(void)
{
	fake_guest_init(&g);
	FAKE_MEMBERS(&g, {F_task_struct_comm, 16}, {F_task_struct_worker_private, 8});
	FAKE_MEMBERS(&g, {F_kthread_data, 8}, {F_kthread_full_name, 8});
	FAKE_MEMBERS(&g, {F_worker_pool, 8}, {F_worker_id, 4}, {F_worker_desc, 32},
		     {F_worker_current_work, 8}, {F_worker_rescue_wq, 8});
	FAKE_MEMBERS(&g, {F_worker_pool_cpu, 4}, {F_worker_pool_id, 4}, {F_worker_pool_attrs, 8});
	FAKE_MEMBERS(&g, {F_workqueue_attrs_nice, 4});
	FAKE_MEMBERS(&g, {F_workqueue_struct_name, 32});
	task = fake_object(&g);
	kthread = fake_object(&g);
	worker = fake_object(&g);
	pool = fake_object(&g);
	attrs = fake_object(&g);
	put_str(task, F_task_struct_comm, "kworker/0:1H");
	fake_set(&g, task, F_task_struct_worker_private, kthread.v);
	fake_set(&g, kthread, F_kthread_data, worker.v);
	fake_set(&g, worker, F_worker_pool, pool.v);
	fake_set(&g, pool, F_worker_pool_attrs, attrs.v);
}

TEST(kthread, a_worker_tells_its_work)
{
	set_up();
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/0:1H");
	put_str(worker, F_worker_desc, "kblockd");
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/0:1H-kblockd");
	fake_set(&g, worker, F_worker_current_work, 1);
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/0:1H+kblockd");
	fake_set(&g, worker, F_worker_pool, 0); /* dying, or a rescuer at rest */
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/0:1H");
}

TEST(kthread, newer_kernels_make_worker_names_anew)
{
	set_up();
	fake_variable(&g, S_format_worker_id, 0);
	fake_set(&g, pool, F_worker_pool_cpu, 12);
	fake_set(&g, worker, F_worker_id, 345);
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/12:345");
	fake_set(&g, attrs, F_workqueue_attrs_nice, (uint32_t)-20);
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/12:345H");
	fake_set(&g, pool, F_worker_pool_cpu, UINT32_MAX); /* unbound */
	fake_set(&g, pool, F_worker_pool_id, 99);
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/u99:345");
	gva_t queue = fake_object(&g);
	put_str(queue, F_workqueue_struct_name, "rcu_gp");
	fake_set(&g, worker, F_worker_rescue_wq, queue.v);
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/R-rcu_gp");
	fake_set(&g, worker, F_worker_rescue_wq, 0);
	fake_set(&g, worker, F_worker_pool, 0);
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/dying");
}

TEST(kthread, full_name_is_longer_than_comm)
{
	set_up();
	CHECK_OK(kthread_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/0:1H");
	fake_set(&g, kthread, F_kthread_full_name,
		 fake_str(&g,
			  "a name that is much longer than sixteen bytes, and even than the buffer")
			 .v);
	CHECK_OK(kthread_name(&g.k, task, name));
	CU_ASSERT_EQUAL(strlen(name), KTHREAD_NAME_BYTES - 1);
	CU_ASSERT_NSTRING_EQUAL(name, "a name that is much longer", 26);
	fake_set(&g, task, F_task_struct_worker_private, 0); /* made without kthread_create() */
	CHECK_OK(kthread_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "kworker/0:1H");
}

TEST(kthread, names_without_an_end_stay_within_the_buffer)
{
	set_up();
	memset(name, 'x', sizeof(name));
	fake_write(&g, kfield_at(&g.k, task, F_task_struct_comm), "0123456789abcdef", 16);
	fake_write(&g, kfield_at(&g.k, worker, F_worker_desc), "0123456789abcdef0123456789abcdef",
		   32);
	CHECK_OK(kthread_worker_name(&g.k, task, name));
	CU_ASSERT_STRING_EQUAL(name, "0123456789abcdef-0123456789abcdef0123456789abcdef");
	fake_set(&g, kthread, F_kthread_data, UINT64_C(0xdead000000000000));
	CHECK_ERR(kthread_worker_name(&g.k, task, name), ERR_FAULT);
}
