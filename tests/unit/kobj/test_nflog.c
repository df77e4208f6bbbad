/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transcall/kobj/nflog.h"

#include "tests/lib/unit.h"
#include "tests/unit/kobj/fake_guest.h"

enum { FAMILIES = 3, TYPES = 2 };

static struct fake_guest g;
static gva_t net, registered, logger;

static void set_up(void)
{
	fake_guest_init(&g);
	fake_field(&g, F_net_nf_loggers, 8, 8 * FAMILIES);
	fake_field(&g, F_nf_logger_name, 0, 8);
	fake_enumerator(&g, E_NF_LOG_TYPE_MAX, TYPES);
	net = fake_alloc(&g, 64, 8);
	registered = fake_symbol(&g, S_loggers, 8 * FAMILIES * TYPES);
	logger = fake_alloc(&g, 64, 8);
	fake_set(&g, logger, F_nf_logger_name, fake_str(&g, "nf_log_syslog").v);
}

TEST(nflog, names_by_family_and_type)
{
	char name[NFLOG_NAME_BYTES];

	set_up();
	CU_ASSERT_EQUAL(nflog_families(&g.k), FAMILIES);
	CU_ASSERT_EQUAL(nflog_types(&g.k), TYPES);
	fake_u64(&g, gva_add(net, 8 + 8 * 2), logger.v);
	CHECK_OK(nflog_used(&g.k, net, 2, name));
	CU_ASSERT_STRING_EQUAL(name, "nf_log_syslog");
	CHECK_OK(nflog_used(&g.k, net, 1, name));
	CU_ASSERT_STRING_EQUAL(name, "");
	fake_u64(&g, gva_add(registered, 8 * (2 * TYPES + 1)), logger.v);
	CHECK_OK(nflog_registered(&g.k, 2, 1, name));
	CU_ASSERT_STRING_EQUAL(name, "nf_log_syslog");
	CHECK_OK(nflog_registered(&g.k, 2, 0, name));
	CU_ASSERT_STRING_EQUAL(name, "");
}

TEST(nflog, families_that_are_not_are_absent_and_wild_pointers_faults)
{
	char name[NFLOG_NAME_BYTES];

	set_up();
	CHECK_ERR(nflog_used(&g.k, net, FAMILIES, name), ERR_ABSENT);
	fake_u64(&g, gva_add(net, 8), 4096);
	CHECK_ERR(nflog_used(&g.k, net, 0, name), ERR_FAULT);
}
