/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "tests/unit/vmmd/fake_qmp.h"
#include "vmm/vmmd/qmp.h"

#include <string.h>

TEST(qmp, commands_have_results)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	json_t *result = NULL;
	struct qmp q;

	CHECK_OK(qmp_open(&q, f->path));
	CHECK_OK(qmp_execute(&q, "query-status", NULL, &result));
	CU_ASSERT_TRUE(json_is_true(json_object_get(result, "running")));
	json_decref(result);
	CHECK_ERR(qmp_execute(&q, "fail", NULL, NULL), ERR_SYSTEM);
	CU_ASSERT_TRUE(qmp_is_open(&q));
	CHECK_OK(qmp_execute(&q, "stop", json_pack("{s:i}", "x", 1), NULL));
	CU_ASSERT_EQUAL(f->stops, 1);
	qmp_close(&q);
	fake_qmp_stop(f);
}

TEST(qmp, counts_events_between_answers)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	struct qmp q;

	CHECK_OK(qmp_open(&q, f->path));
	CHECK_OK(qmp_execute(&q, "say-events", NULL, NULL));
	CU_ASSERT_EQUAL(q.resets, 1);
	CU_ASSERT_EQUAL(q.resumes, 1);
	CHECK_OK(qmp_drain(&q));
	qmp_close(&q);
	fake_qmp_stop(f);
}

TEST(qmp, late_answer_is_not_taken_for_the_next)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	json_t *result = NULL;
	struct qmp q;

	CHECK_OK(qmp_open(&q, f->path));
	CHECK_OK(qmp_execute(&q, "say-late", NULL, &result));
	CU_ASSERT_PTR_NULL(json_object_get(result, "late"));
	json_decref(result);
	qmp_close(&q);
	fake_qmp_stop(f);
}

/* Sent at once, and awaited in that order; events and answers that came before are not lost. */
TEST(qmp, commands_may_be_sent_ahead)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	struct qmp_sent events, fails, status, dropped;
	json_t *result = NULL;
	struct qmp q;

	CHECK_OK(qmp_open(&q, f->path));
	CHECK_OK(qmp_send(&q, "say-events", NULL, &events));
	CHECK_OK(qmp_send(&q, "stop", NULL, &dropped));
	CHECK_OK(qmp_send(&q, "fail", NULL, &fails));
	CHECK_OK(qmp_send(&q, "query-status", NULL, &status));
	CU_ASSERT_TRUE(fake_qmp_await(&f->commands, 4));
	CHECK_OK(qmp_drain(&q));
	CU_ASSERT_EQUAL(q.resumes, 1);
	CHECK_OK(qmp_await(&q, events, NULL));
	CU_ASSERT_TRUE(qmp_is_due(&q, dropped));
	CHECK_ERR(qmp_await(&q, fails, NULL), ERR_SYSTEM);
	CU_ASSERT_FALSE(qmp_is_due(&q, dropped));
	CU_ASSERT_TRUE(qmp_is_due(&q, status));
	CHECK_OK(qmp_await(&q, status, &result));
	CU_ASSERT_TRUE(json_is_true(json_object_get(result, "running")));
	json_decref(result);
	CHECK_OK(qmp_execute(&q, "stop", NULL, NULL));
	CU_ASSERT_EQUAL(f->stops, 2);
	qmp_close(&q);
	fake_qmp_stop(f);
}

/* Who sends answers to nothing fills no memory. */
TEST(qmp, answers_that_nobody_awaits_are_few)
{
	struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
	struct qmp_sent sent;
	struct qmp q;

	CHECK_OK(qmp_open(&q, f->path));
	for (int i = 0; i < 100; i++)
		CHECK_OK(qmp_send(&q, "stop", NULL, &sent));
	CU_ASSERT_TRUE(fake_qmp_await(&f->commands, 100));
	CHECK_OK(qmp_drain(&q));
	CU_ASSERT_TRUE(json_array_size(q.answers) <= 8);
	CHECK_OK(qmp_execute(&q, "query-status", NULL, NULL));
	qmp_close(&q);
	fake_qmp_stop(f);
}

TEST(qmp, lost_connection_stays_lost)
{
	static const char *const commands[] = {"hang-up", "say-garbage"};

	for (size_t i = 0; i < 2; i++) {
		struct fake_qmp *f = fake_qmp_start(fake_qmp_greeting);
		struct qmp q;

		CHECK_OK(qmp_open(&q, f->path));
		CHECK_ERR(qmp_execute(&q, commands[i], NULL, NULL), ERR_PEER);
		CU_ASSERT_FALSE(qmp_is_open(&q));
		CHECK_ERR(qmp_execute(&q, "stop", NULL, NULL), ERR_PEER);
		CHECK_ERR(qmp_drain(&q), ERR_PEER);
		fake_qmp_stop(f);
	}
}

TEST(qmp, other_servers_are_refused)
{
	struct fake_qmp *f = fake_qmp_start("SSH-2.0-x\r\n");
	struct qmp q;

	CHECK_ERR(qmp_open(&q, f->path), ERR_PEER);
	CU_ASSERT_FALSE(qmp_is_open(&q));
	fake_qmp_stop(f);
	f = fake_qmp_start("{\"return\": {}}\r\n");
	CHECK_ERR(qmp_open(&q, f->path), ERR_PEER);
	fake_qmp_stop(f);
	CHECK_ERR(qmp_open(&q, "/nonexistent/qmp"), ERR_PEER);
}
