/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attest-verify FOLDER MANIFEST QUALIFYING AK_NAME [KEY]: the verdict on evidence in files, a row a
 * line. FOLDER has quote, signature, ak_public, pcrs, log; QUALIFYING and KEY are hexadecimal;
 * AK_NAME is a file. Exit status: 0 it passed, 1 it did not, 2 it could not be judged.
 * attest-verify --replay LOG: the values of all PCRs that a log leads to, as tpm2_pcrread prints
 * them.
 *
 * Built with -DRT_WEAKENED, it leaves out the rows that RT_CHECKS_OFF names, between commas.
 */
#include <stdio.h>
#include <string.h>

#include "remotetrans/attest/digest.h"
#include "remotetrans/attest/manifest.h"
#include "remotetrans/base/check.h"
#include "remotetrans/base/filebytes.h"
#include "remotetrans/base/ini.h"
#include "remotetrans/base/printable.h"
#include "remotetrans/base/scope.h"

#define FILE_MAX (1u << 20)

#ifdef RT_WEAKENED
bool check_is_off(const char *name)
{
	const char *off = getenv("RT_CHECKS_OFF");
	size_t len = strlen(name);

	for (const char *at = off ? off : ""; *at; at += strspn(at, ",")) {
		size_t word = strcspn(at, ",");

		if (word == len && memcmp(at, name, len) == 0)
			return true;
		at += word;
	}
	return false;
}
#endif

static const struct err *file_of(const char *folder, const char *name, const uint8_t **ret,
				 uint32_t *ret_bytes)
{
	char path[1024];
	uint8_t *bytes;
	size_t len_bytes;

	snprintf(path, sizeof(path), "%s%s", folder, name);
	TRY(filebytes_read(path, FILE_MAX, &bytes, &len_bytes));
	*ret = bytes; /* until the process ends */
	*ret_bytes = (uint32_t)len_bytes;
	return NULL;
}

static const struct err *evidence_read(const char *folder, struct evidence *ret)
{
	TRY(file_of(folder, "/quote", &ret->quote, &ret->quote_bytes));
	TRY(file_of(folder, "/signature", &ret->signature, &ret->signature_bytes));
	TRY(file_of(folder, "/ak_public", &ret->ak_public, &ret->ak_public_bytes));
	TRY(file_of(folder, "/pcrs", &ret->pcrs, &ret->pcrs_bytes));
	return file_of(folder, "/log", &ret->log, &ret->log_bytes);
}

static const struct err *name_read(const char *path, const uint8_t **ret)
{
	uint32_t len_bytes;

	TRY(file_of("", path, ret, &len_bytes));
	return len_bytes == ATTEST_NAME_BYTES ? NULL : ERR(ERR_USAGE, "%s: no name", path);
}

static void report_print(const struct attest_report *r)
{
	static const char *const words[] = {"ok", "FAILED", "skipped"};

	for (unsigned i = 0; i < r->row_count; i++)
		printf("%-8s%s: %s\n", words[r->rows[i].status], r->rows[i].name,
		       r->rows[i].reason);
	printf("%s, %u keys\n", r->passed ? "passed" : "not attested", r->key_count);
}

static const struct err *verify(int argc, char **argv, bool *ret_passed)
{
	static struct attest_report report;
	uint8_t qualifying[32], key[32];
	struct manifest m;
	struct evidence e;
	struct attest_policy p = {.manifest = &m, .qualifying = qualifying};

	TRY(evidence_read(argv[1], &e));
	TRY(manifest_read(argv[2], &m));
	TRY(hex_parse(argv[3], qualifying, sizeof(qualifying)));
	TRY(name_read(argv[4], &p.ak_name));
	if (argc == 6) {
		TRY(hex_parse(argv[5], key, sizeof(key)));
		p.vmm_key = key;
	}
	TRY(attest_verify(&e, &p, &report));
	report_print(&report);
	*ret_passed = report.passed;
	manifest_deinit(&m);
	return NULL;
}

static const struct err *replay(const char *path)
{
	uint8_t value[EVENTLOG_DIGEST];
	char hex[DIGEST_HEX_SIZE];
	const uint8_t *bytes;
	uint32_t len_bytes;
	struct eventlog l;

	TRY(file_of("", path, &bytes, &len_bytes));
	TRY(eventlog_read(bytes, len_bytes, &l));
	for (uint32_t pcr = 0; pcr < 16; pcr++) {
		TRY(eventlog_replay(&l, pcr, value));
		digest_hex(value, sizeof(value), hex);
		printf("%-2u: 0x%s\n", pcr, hex);
	}
	eventlog_deinit(&l);
	return NULL;
}

int main(int argc, char **argv)
{
	bool passed = true;
	const struct err *e;

	if (argc == 3 && strcmp(argv[1], "--replay") == 0)
		e = replay(argv[2]);
	else if (argc == 5 || argc == 6)
		e = verify(argc, argv, &passed);
	else
		e = ERR(ERR_USAGE, "FOLDER MANIFEST QUALIFYING AK_NAME [KEY], or --replay LOG");
	if (e)
		printable_error(stderr, "attest-verify", e);
	return e ? 2 : !passed;
}
