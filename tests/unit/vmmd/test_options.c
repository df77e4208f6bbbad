/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/unit.h"
#include "vmm/vmmd/options.h"

#include <string.h>

#define UUID "01234567-89ab-cdef-0123-456789ABCDEF"
#define ALL                                                                                        \
	"--name", "web1", "--uuid", UUID, "--ram", "/r", "--machine", "q35", "--qmp", "/q",        \
		"--guard-qmp", "/g", "--socket", "/s"

static const struct err *parse(struct options *ret, const char *const *arguments)
{
	char *argv[32] = {(char *)"vmmd"};
	int argc = 1;

	while (arguments[argc - 1]) {
		argv[argc] = (char *)arguments[argc - 1];
		argc++;
	}
	return options_parse(argc, argv, ret);
}
#define PARSE(o, ...) parse(o, (const char *const[]){__VA_ARGS__, NULL})

TEST(options, all_are_taken)
{
	struct options o;

	CHECK_OK(PARSE(&o, ALL, "--pubkey-out", "/p", "--deadline-ms", "250"));
	CU_ASSERT_STRING_EQUAL(o.name, "web1");
	CU_ASSERT_EQUAL(o.host.uuid[0], 0x01);
	CU_ASSERT_EQUAL(o.host.uuid[15], 0xef);
	CU_ASSERT_STRING_EQUAL(o.host.ram_path, "/r");
	CU_ASSERT_EQUAL(o.host.machine, MACHINE_Q35);
	CU_ASSERT_STRING_EQUAL(o.host.qmp_path, "/q");
	CU_ASSERT_STRING_EQUAL(o.host.guard_qmp_path, "/g");
	CU_ASSERT_STRING_EQUAL(o.socket_path, "/s");
	CU_ASSERT_STRING_EQUAL(o.pubkey_path, "/p");
	CU_ASSERT_EQUAL(o.deadline_ms, 250);
}

TEST(options, defaults)
{
	struct options o;

	CHECK_OK(PARSE(&o, ALL));
	CU_ASSERT_EQUAL(o.deadline_ms, 1000);
	CU_ASSERT_PTR_NULL(o.pubkey_path);
}

TEST(options, measuring)
{
	struct options o;

	CHECK_OK(PARSE(&o, ALL));
	CU_ASSERT_TRUE(!o.tpm && !o.events && !o.more_keys);
	CHECK_OK(PARSE(&o, ALL, "--tpm", "device:/t", "--events", "/e", "--more-keys"));
	CU_ASSERT_STRING_EQUAL(o.tpm, "device:/t");
	CU_ASSERT_STRING_EQUAL(o.events, "/e");
	CU_ASSERT_TRUE(o.more_keys);
	CHECK_ERR(PARSE(&o, ALL, "--events", "/e"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--more-keys"), ERR_USAGE);
}

TEST(options, mistakes_are_named)
{
	struct options o;

	CHECK_ERR(PARSE(&o, "--name", "x"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--nonsense"), ERR_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(PARSE(&o, ALL, "--nonsense")->message, "--nonsense"));
	CHECK_ERR(PARSE(&o, ALL, "--deadline-ms"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "stray"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--deadline-ms", "1001"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--deadline-ms", "9"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--deadline-ms", "5x0"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--machine", "virt"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--uuid", "01234567-89ab-cdef-0123-456789abcde"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--uuid", UUID "0"), ERR_USAGE);
	CHECK_ERR(PARSE(&o, ALL, "--uuid", "0123456789abcdef0123456789abcdef"), ERR_USAGE);
}

TEST(options, help_needs_nothing_else)
{
	struct options o;

	CHECK_OK(PARSE(&o, "--help"));
	CU_ASSERT_TRUE(o.help);
	CHECK_OK(PARSE(&o, "--version"));
	CU_ASSERT_TRUE(o.version);
}
