/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "remotetrans/client/config.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/rt-config-XXXXXX";
static char path[64];

/* Write the targets file and make it the one that is used. */
static void use(const char *text)
{
	if (!path[0]) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
		snprintf(path, sizeof(path), "%s/targets.conf", folder);
	}
	FILE *f = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
	setenv("REMOTETRANS_CONFIG", path, 1);
	unsetenv("TRANSCALL_TARGET");
}

static void forget(void)
{
	unlink(path);
	rmdir(folder);
	path[0] = 0;
	memcpy(folder, "/tmp/rt-config-XXXXXX", sizeof(folder));
	unsetenv("REMOTETRANS_CONFIG");
}

#define KEYS "ca=ca.pem\ncertificate=/abs/c.pem\nkey=c.key\n"
#define TWO  "[a]\nserver=h:1\n" KEYS "[b]\nserver=[::1]:22\nvm=other\n" KEYS

/* Loading @name fails with USAGE and a message that says @what. */
static void check_usage(const char *name, const char *what)
{
	struct target_config t;
	const struct err *e = config_load(name, &t);

	CHECK_ERR(e, ERR_USAGE);
	if (e && !strstr(e->message, what)) {
		fprintf(stderr, "\n    '%s' does not say '%s'\n", e->message, what);
		CU_FAIL("message");
	}
}

TEST(config, a_target_is_found_with_its_defaults)
{
	struct target_config t;
	char ca[80];

	use(TWO);
	CHECK_OK(config_load("a", &t));
	snprintf(ca, sizeof(ca), "%s/ca.pem", folder);
	CU_ASSERT_STRING_EQUAL(t.ca, ca);
	CU_ASSERT_STRING_EQUAL(t.certificate, "/abs/c.pem");
	CU_ASSERT_STRING_EQUAL(t.vm, "a");
	CU_ASSERT_EQUAL(t.timeout_ms, 5000);
	CU_ASSERT_TRUE(t.compress);
	CU_ASSERT_FALSE(config_has_vmm_key(&t) || config_has_uuid(&t) || t.insecure_unverified);
	CHECK_OK(config_load("b", &t));
	CU_ASSERT_STRING_EQUAL(t.vm, "other");
	setenv("TRANSCALL_TARGET", "b", 1);
	CHECK_OK(config_load(NULL, &t));
	CU_ASSERT_STRING_EQUAL(t.name, "b");
	forget();
}

TEST(config, all_keys_are_read)
{
	struct target_config t;

	use("# comment\n[x]\nserver = h:1 \n" KEYS
	    "server_name=n\nprofile=p\ntimeout_ms=70\ncompress=no\nrequire_protected=yes\n"
	    "insecure_unverified=no\nuuid=00112233-4455-6677-8899-aabbccddeeff\n"
	    "vmm_key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1F\n");
	CHECK_OK(config_load(NULL, &t));
	CU_ASSERT_STRING_EQUAL(t.server, "h:1");
	CU_ASSERT_STRING_EQUAL(t.server_name, "n");
	CU_ASSERT_TRUE(t.require_protected && !t.insecure_unverified);
	CU_ASSERT_EQUAL(t.timeout_ms, 70);
	CU_ASSERT_FALSE(t.compress);
	CU_ASSERT_EQUAL(t.uuid[15], 0xff);
	CU_ASSERT_EQUAL(t.vmm_key[31], 0x1f);
	CU_ASSERT_TRUE(config_has_vmm_key(&t) && config_has_uuid(&t));
	forget();
}

TEST(config, mistakes_are_named)
{
	use(TWO);
	check_usage("c", "no target [c]");
	check_usage("c", "there are: a, b");
	check_usage(NULL, "which target?");
	use("[a]\nserver=h:1\nca=x\nkey=y\n");
	check_usage("a", "lacks certificate=");
	use("[a]\nserver=nowhere\n" KEYS);
	check_usage("a", "not HOST:PORT");
	use("[a]\nserver=:1\n" KEYS);
	check_usage("a", "not HOST:PORT");
	use("[a]\nserver=h:\n" KEYS);
	check_usage("a", "not HOST:PORT");
	use("[a]\ncolour=blue\n");
	check_usage("a", ":2: unknown key 'colour'");
	use("server=h:1\n");
	check_usage("a", ":1: a key outside");
	use("[a]\nvmm_key=1234\n");
	check_usage("a", ":2: vmm_key: '1234' is not 64 hexadecimal digits");
	use("[a]\nuuid=00112233-4455-6677-8899-aabbccddee-f\n");
	check_usage("a", "is not a UUID");
	use("[a]\ntimeout_ms=-1\n");
	check_usage("a", "is not a number");
	use("[a]\nrequire_protected=maybe\n");
	check_usage("a", "neither yes nor no");
	use("[a]\nserver=h:1\ntimeout_ms=0\n" KEYS);
	check_usage("a", "timeout_ms=");
	use(TWO "[a]\nserver=x:1\n");
	check_usage("a", "[a] is there twice");
	use("[a]\nnonsense\n");
	check_usage("a", ":2:");
	forget();
}

TEST(config, values_are_bounded)
{
	char text[5000] = "[a]\nvm=";
	size_t used = strlen(text);

	memset(text + used, 'v', 65);
	use(text);
	check_usage("a", "longer than 64");
	memcpy(text, "[a]\nca=", 7);
	memset(text + used, 'v', 1500);
	use(text);
	check_usage("a", "longer than 1023");
	memset(text, 'n', 200);
	text[0] = '[';
	memcpy(text + 100, "]\nvm=x\n", 8);
	use(text);
	check_usage("a", ":2: name longer than 48");
	forget();
}

TEST(config, a_missing_file_is_named)
{
	setenv("REMOTETRANS_CONFIG", "/nonexistent/targets.conf", 1);
	check_usage("a", "/nonexistent/targets.conf");
	unsetenv("REMOTETRANS_CONFIG");
}
