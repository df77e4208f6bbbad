/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <getopt.h>
#include <string.h>

#include "tests/lib/unit.h"
#include "transcall/front/options.h"

static const struct err *parse(bool keeper, struct options *ret, char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	optind = 0; /* getopt_long() begins anew */
	opterr = 0;
	return options_parse(argc, argv, keeper, ret);
}
#define PARSE(keeper, ret, ...) parse(keeper, ret, (char *[]){"transcall", __VA_ARGS__, NULL})

TEST(options, the_programs_own_are_left_to_it)
{
	struct options o;

	CHECK_OK(PARSE(false, &o, "-t", "web", "--stats", "ps", "-ef", "--help"));
	CU_ASSERT_EQUAL(o.job, JOB_RUN);
	CU_ASSERT_STRING_EQUAL(o.target, "web");
	CU_ASSERT_TRUE(o.stats);
	CU_ASSERT_STRING_EQUAL(o.program[0], "ps");
	CU_ASSERT_STRING_EQUAL(o.program[2], "--help");
}

TEST(options, what_is_wrong_is_an_error_of_usage)
{
	struct options o;

	CHECK_ERR(PARSE(false, &o, "-t", "web"), ERR_USAGE);
	CHECK_ERR(PARSE(false, &o, "--in", "0", "ps"), ERR_USAGE);
	CHECK_ERR(PARSE(false, &o, "--in", "12x", "ps"), ERR_USAGE);
	CHECK_ERR(PARSE(false, &o, "--files", "mine", "ps"), ERR_USAGE);
	CHECK_ERR(PARSE(false, &o, "--listen", "/tmp/x", "ps"), ERR_USAGE); /* the keeper's */
}

TEST(options, a_job_needs_no_program)
{
	struct options o;

	CHECK_OK(PARSE(false, &o, "--end-share"));
	CU_ASSERT_EQUAL(o.job, JOB_END_SHARE);
	CHECK_OK(PARSE(false, &o, "--support"));
	CU_ASSERT_EQUAL(o.job, JOB_SUPPORT);
}

TEST(options, the_keeper_is_told_the_same)
{
	char *argv[OPTIONS_KEEPER_MAX], pid_text[16];
	struct options o, again;

	CHECK_OK(PARSE(false, &o, "-tweb", "--in", "12", "--files=host", "--insecure-unverified",
		       "--insecure-unattested", "--no-share", "--stats", "ps"));
	options_for_keeper(&o, pid_text, argv);
	CHECK_OK(parse(true, &again, argv));
	CU_ASSERT_STRING_EQUAL(again.target, "web");
	CU_ASSERT_EQUAL(again.in_pid, 12);
	CU_ASSERT_TRUE(again.files_of_host && again.insecure_unverified &&
		       again.insecure_unattested);
	CU_ASSERT_PTR_NULL(again.listen);
}
