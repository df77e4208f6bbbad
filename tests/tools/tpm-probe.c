/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tpm-probe - what remotetrans/attest makes of a TPM, as files for programs that know TPMs
 * otherwise.
 *
 *   tpm-probe TCTI quote HEX DIR      quote, signature, ak_public, pcrs
 *   tpm-probe TCTI endorse DIR        ek_certificate, ek_public, ak_public
 *   tpm-probe TCTI activate DIR       credential, secret -> their secret, in hexadecimal
 *   tpm-probe TCTI extend PCR HEX
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/attest/tpm.h"
#include "remotetrans/base/scope.h"

static const struct err *put(const char *folder, const char *name, const void *bytes, size_t len)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	AUTO_FCLOSE FILE *f = fopen(path, "we");
	return f && fwrite(bytes, 1, len, f) == len ? NULL
						    : ERR(ERR_USAGE, "cannot write %s", path);
}

static const struct err *get(const char *folder, const char *name, struct tpm_blob *ret)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	AUTO_FCLOSE FILE *f = fopen(path, "re");
	if (!f)
		return ERR(ERR_USAGE, "cannot read %s", path);
	ret->len_bytes = (uint32_t)fread(ret->bytes, 1, sizeof(ret->bytes), f);
	return NULL;
}

static const struct err *put_blob(const char *folder, const char *name, const struct tpm_blob *b)
{
	return put(folder, name, b->bytes, b->len_bytes);
}

static void from_hex(const char *hex, uint8_t ret[TPM_DIGEST])
{
	memset(ret, 0, TPM_DIGEST);
	for (size_t i = 0; i < TPM_DIGEST && hex[2 * i] && hex[2 * i + 1]; i++) {
		const char byte[] = {hex[2 * i], hex[2 * i + 1], 0};

		ret[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
}

static const struct err *quote(struct tpm *t, char **a)
{
	static struct tpm_quote q;
	uint8_t qualifying[TPM_DIGEST];

	from_hex(a[0], qualifying);
	TRY(tpm_quote(t, qualifying, &q));
	TRY(put_blob(a[1], "quote", &q.quote));
	TRY(put_blob(a[1], "signature", &q.signature));
	TRY(put_blob(a[1], "ak_public", &q.ak_public));
	return put(a[1], "pcrs", q.pcrs, q.pcr_count * sizeof(q.pcrs[0]));
}

static const struct err *endorse(struct tpm *t, char **a)
{
	static struct tpm_endorsement e;

	TRY(tpm_endorsement(t, &e));
	TRY(put_blob(a[0], "ek_certificate", &e.ek_certificate));
	TRY(put_blob(a[0], "ek_public", &e.ek_public));
	return put_blob(a[0], "ak_public", &e.ak_public);
}

static const struct err *activate(struct tpm *t, char **a)
{
	static struct tpm_blob credential, secret;
	uint8_t found[TPM_DIGEST];

	TRY(get(a[0], "credential", &credential));
	TRY(get(a[0], "secret", &secret));
	TRY(tpm_activate(t, &credential, &secret, found));
	for (size_t i = 0; i < sizeof(found); i++)
		printf("%02x", found[i]);
	putchar('\n');
	return NULL;
}

static const struct err *extend(struct tpm *t, char **a)
{
	uint8_t digest[TPM_DIGEST];

	from_hex(a[1], digest);
	return tpm_extend(t, (uint32_t)strtoul(a[0], NULL, 10), digest);
}

static const struct row {
	const char *name;
	int arguments;
	const struct err *(*run)(struct tpm *t, char **arguments);
} rows[] = {{"quote", 2, quote},
	    {"endorse", 1, endorse},
	    {"activate", 1, activate},
	    {"extend", 2, extend}};

static const struct err *run(const struct row *row, char **argv)
{
	struct tpm *t;

	TRY(tpm_open(argv[1], &t));
	const struct err *e = row->run(t, argv + 3);
	tpm_close(t);
	return e;
}

int main(int argc, char **argv)
{
	const struct err *e = ERR(ERR_USAGE, "see tests/tools/tpm-probe.c");

	for (size_t i = 0; argc > 2 && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, argv[2]) == 0 && argc == 3 + rows[i].arguments)
			e = run(&rows[i], argv);
	if (!e)
		return 0;
	fprintf(stderr, "tpm-probe: %s: %s\n", err_kind_name(e->kind), e->message);
	return 1;
}
