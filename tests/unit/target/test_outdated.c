/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A target of which only the configuration and what vouches for it are made up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remotetrans/client/config.h"
#include "remotetrans/client/session.h"
#include "remotetrans/client/state.h"
#include "remotetrans/client/trust.h"
#include "tests/lib/unit.h"
#include "transcall/target/outdated.h"

static struct target_config config;
static struct trust trust;

const struct target_config *target_config(const struct target *t)
{
	(void)t;
	return &config;
}

struct session *target_session(struct target *t)
{
	(void)t;
	return NULL;
}

const struct trust *session_trust(const struct session *s)
{
	(void)s;
	return &trust;
}

static void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(text, out);
	fclose(out);
}

TEST(outdated, by_a_file_that_changed)
{
	char folder[] = "/tmp/outdated-XXXXXX", command[64];
	struct opened_by by;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	config = (struct target_config){0};
	trust = (struct trust){.source = TRUST_PINNED};
	char *const paths[] = {config.path, config.ca,      config.certificate,
			       config.key,  config.profile, config.manifest};
	setenv("REMOTETRANS_STATE", folder, 1);
	for (size_t i = 0; i < 6; i++) {
		snprintf(paths[i], INI_PATH_BYTES, "%s/%zu", folder, i);
		put(paths[i], "as it was");
	}
	for (size_t i = 0; i < 6; i++) {
		opened_by_note(NULL, &by);
		CU_ASSERT_FALSE(target_is_outdated(NULL, &by));
		put(paths[i], "as it was not");
		CU_ASSERT_TRUE(target_is_outdated(NULL, &by));
	}
	opened_by_note(NULL, &by);
	unlink(config.ca);
	CU_ASSERT_TRUE(target_is_outdated(NULL, &by));
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
	unsetenv("REMOTETRANS_STATE");
}

TEST(outdated, by_the_age_of_its_attestation)
{
	struct opened_by by;

	config = (struct target_config){.attest_max_age_s = 100};
	trust = (struct trust){.source = TRUST_ATTESTED, .attested.at_s = state_now_s() - 50};
	opened_by_note(NULL, &by);
	CU_ASSERT_FALSE(target_is_outdated(NULL, &by));
	trust.attested.at_s = state_now_s() - 200;
	CU_ASSERT_TRUE(target_is_outdated(NULL, &by));
	trust.attested.at_s = state_now_s() + 1000; /* the clock was set back */
	CU_ASSERT_TRUE(target_is_outdated(NULL, &by));
	trust.source = TRUST_PINNED;
	CU_ASSERT_FALSE(target_is_outdated(NULL, &by));
}
