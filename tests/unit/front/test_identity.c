/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/lib/unit.h"
#include "transcall/front/identity.h"

static char config[] = "/tmp/identity-XXXXXX";
static const struct options web = {.target = "web"};

static void put(const char *text)
{
	FILE *out = fopen(config, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(text, out);
	fclose(out);
}

static bool is_same(const struct options *a, const struct options *b)
{
	char of_a[IDENTITY_BYTES], of_b[IDENTITY_BYTES];

	identity_of(a, "/bin/true", of_a);
	identity_of(b, "/bin/true", of_b);
	return strcmp(of_a, of_b) == 0;
}

/* Does @of still name what it did? */
static bool is_still(const char *of)
{
	char now[IDENTITY_BYTES];

	identity_of(&web, "/bin/true", now);
	return strcmp(now, of) == 0;
}

static void set_up(char ret[IDENTITY_BYTES])
{
	memcpy(config, "/tmp/identity-XXXXXX", sizeof(config));
	close(mkstemp(config));
	put("[web]\n");
	setenv("REMOTETRANS_CONFIG", config, 1);
	identity_of(&web, "/bin/true", ret);
	CU_ASSERT_EQUAL(strlen(ret), IDENTITY_BYTES - 1);
}

TEST(identity, is_of_the_options_that_make_a_session)
{
	char of[IDENTITY_BYTES];
	struct options o = web;

	set_up(of);
	o.stats = true;
	CU_ASSERT_TRUE(is_same(&web, &o));
	o = (struct options){.target = "web2"};
	CU_ASSERT_FALSE(is_same(&web, &o));
	o = (struct options){.target = NULL};
	CU_ASSERT_FALSE(is_same(&web, &o));
	o = (struct options){.target = "web", .in_pid = 7};
	CU_ASSERT_FALSE(is_same(&web, &o));
	o = (struct options){.target = "web", .files_of_host = true};
	CU_ASSERT_FALSE(is_same(&web, &o));
	o = (struct options){.target = "web", .insecure_unverified = true};
	CU_ASSERT_FALSE(is_same(&web, &o));
	o = (struct options){.target = "web", .insecure_unattested = true};
	CU_ASSERT_FALSE(is_same(&web, &o));
	unlink(config);
}

TEST(identity, is_of_the_targets_file_and_what_is_remembered)
{
	char of[IDENTITY_BYTES];

	set_up(of);
	CU_ASSERT_TRUE(is_still(of));
	put("[web]\nvm = another\n");
	CU_ASSERT_FALSE(is_still(of));
	unlink(config);
	set_up(of);
	setenv("REMOTETRANS_STATE", "/tmp/other", 1);
	CU_ASSERT_FALSE(is_still(of));
	unsetenv("REMOTETRANS_STATE");
	CU_ASSERT_TRUE(is_still(of));
	unlink(config);
}

TEST(identity, is_of_the_keepers_program_and_the_limits)
{
	char of[IDENTITY_BYTES], other[IDENTITY_BYTES];
	struct rlimit limit, less;

	set_up(of);
	identity_of(&web, "/bin/false", other);
	CU_ASSERT_STRING_NOT_EQUAL(of, other);
	getrlimit(RLIMIT_NOFILE, &limit);
	less = (struct rlimit){limit.rlim_cur - 1, limit.rlim_max};
	setrlimit(RLIMIT_NOFILE, &less);
	CU_ASSERT_FALSE(is_still(of));
	setrlimit(RLIMIT_NOFILE, &limit);
	CU_ASSERT_TRUE(is_still(of));
	unlink(config);
}
