/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit - CUnit tests that register themselves: TEST(noun, what_holds) { ... }
 * One test program per part: tests/unit/PART/test_NOUN.c; link order does not matter.
 */
#ifndef TESTS_LIB_UNIT_H
#define TESTS_LIB_UNIT_H

#include <CUnit/Basic.h>

#include "remotetrans/base/err.h"

struct unit_test {
	const char *suite;
	const char *name;
	void (*run)(void);
	struct unit_test *next;
};

void unit_register(struct unit_test *test);

#define TEST(suite_, name_)                                                                        \
	static void suite_##_##name_(void);                                                        \
	__attribute__((constructor)) static void register_##suite_##_##name_(void)                 \
	{                                                                                          \
		static struct unit_test test = {.suite = #suite_,                                  \
						.name = #name_,                                    \
						.run = suite_##_##name_};                          \
		unit_register(&test);                                                              \
	}                                                                                          \
	static void suite_##_##name_(void)

/* The call succeeds; otherwise the test fails with the error's own message. */
#define CHECK_OK(call)        CU_assertImplementation(unit_ok(call), __LINE__, #call, __FILE__, "", CU_FALSE)
/* The call fails with this kind. */
#define CHECK_ERR(call, kind) \
	CU_assertImplementation(unit_fails(call, kind), __LINE__, #call " fails with " #kind, __FILE__, "", CU_FALSE)

CU_BOOL unit_ok(const struct err *e);
CU_BOOL unit_fails(const struct err *e, enum err_kind kind);

#endif
