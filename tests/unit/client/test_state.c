/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/client/state.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], file[96];

static void begin(void)
{
	snprintf(folder, sizeof(folder), "/tmp/rt-state-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	setenv("REMOTETRANS_STATE", folder, 1);
	snprintf(file, sizeof(file), "%s/web1.attested", folder);
}

static void end(void)
{
	unlink(file);
	rmdir(folder);
	unsetenv("REMOTETRANS_STATE");
}

static struct state_attested sample(void)
{
	struct state_attested s = {.reset_count = 7, .at_s = 4000000000u};

	memset(s.vmm_key, 0xa1, sizeof(s.vmm_key));
	memset(s.boot_id, 0xb2, sizeof(s.boot_id));
	memset(s.manifest, 0xc3, sizeof(s.manifest));
	memset(s.ak, 0xd4, sizeof(s.ak));
	return s;
}

TEST(state, what_was_written_is_read)
{
	struct state_attested in = sample(), out;
	bool found;

	begin();
	CHECK_OK(state_write_attested("web1", &in));
	CHECK_OK(state_write_attested("web1", &in)); /* over the old one */
	CHECK_OK(state_read_attested("web1", &out, &found));
	CU_ASSERT_TRUE(found && memcmp(&in, &out, sizeof(in)) == 0);
	end();
}

TEST(state, of_other_targets_nothing_is_known)
{
	struct state_attested in = sample(), out;
	bool found = true;

	begin();
	CHECK_OK(state_write_attested("web1", &in));
	CHECK_OK(state_read_attested("web", &out, &found));
	CU_ASSERT_FALSE(found);
	end();
}

TEST(state, a_file_that_others_may_write_is_not_believed)
{
	struct state_attested in = sample(), out;
	bool found;

	begin();
	CHECK_OK(state_write_attested("web1", &in));
	CU_ASSERT_EQUAL(chmod(file, 0620), 0);
	CHECK_ERR(state_read_attested("web1", &out, &found), ERR_USAGE);
	CU_ASSERT_EQUAL(chmod(file, 0602), 0);
	CHECK_ERR(state_read_attested("web1", &out, &found), ERR_USAGE);
	end();
}

/* Each prefix of a file is either refused or, of length 0, refused too: none is half believed. */
TEST(state, a_file_cut_off_anywhere_is_refused)
{
	struct state_attested in = sample(), out;
	struct stat st;
	bool found;

	begin();
	CHECK_OK(state_write_attested("web1", &in));
	CU_ASSERT_EQUAL_FATAL(stat(file, &st), 0);
	for (off_t len = st.st_size - 2; len >= 0; len -= 7) {
		CHECK_OK(state_write_attested("web1", &in));
		CU_ASSERT_EQUAL(truncate(file, len), 0);
		CHECK_ERR(state_read_attested("web1", &out, &found), ERR_USAGE);
	}
	end();
}

TEST(state, names_that_lead_elsewhere_are_refused)
{
	struct state_attested in = sample();

	begin();
	CHECK_ERR(state_write_attested("../web1", &in), ERR_USAGE);
	CHECK_ERR(state_write_attested(".web1", &in), ERR_USAGE);
	end();
}

TEST(state, a_folder_that_cannot_be_written_is_named)
{
	struct state_attested in = sample();

	setenv("REMOTETRANS_STATE", "/proc/no-such", 1);
	CHECK_ERR(state_write_attested("web1", &in), ERR_USAGE);
	unsetenv("REMOTETRANS_STATE");
}
