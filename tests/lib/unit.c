/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs all registered CUnit tests; the last line of output is "N passed, M failed". */
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

static struct unit_test *tests;

void unit_register(struct unit_test *test)
{
	test->next = tests;
	tests = test;
}

CU_BOOL unit_ok(const struct err *e)
{
	if (e)
		fprintf(stderr, "\n    %s:%d: %s: %s\n", e->file, e->line, err_kind_name(e->kind),
			e->message);
	return !e;
}

CU_BOOL unit_fails(const struct err *e, enum err_kind kind)
{
	if (!e)
		fprintf(stderr, "\n    succeeded, %s expected\n", err_kind_name(kind));
	else if (e->kind != kind)
		fprintf(stderr, "\n    %s:%d: %s: %s; %s expected\n", e->file, e->line,
			err_kind_name(e->kind), e->message, err_kind_name(kind));
	return e && e->kind == kind;
}

static CU_pSuite suite_named(const char *name)
{
	CU_pSuite suite = CU_get_suite(name);

	return suite ? suite : CU_add_suite(name, NULL, NULL);
}

int main(int argc, char **argv)
{
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 2;
	for (struct unit_test *t = tests; t; t = t->next) {
		if (argc > 1 && strcmp(argv[1], t->suite) != 0)
			continue;
		if (!CU_add_test(suite_named(t->suite), t->name, t->run))
			return 2;
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	unsigned failed = CU_get_number_of_tests_failed();
	printf("%u passed, %u failed\n", CU_get_number_of_tests_run() - failed, failed);
	CU_cleanup_registry();
	return failed != 0;
}
