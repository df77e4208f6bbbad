/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tpm-probe - what remotetrans/attest makes of a TPM, as files for programs that know TPMs
 * otherwise.
 *
 *   tpm-probe TCTI quote HEX DIR      quote, signature, ak_public, pcrs
 *   tpm-probe TCTI endorse DIR        ek_certificate, ek_public, ak_public
 *   tpm-probe TCTI activate DIR       credential, secret -> their secret, in hexadecimal
 *   tpm-probe TCTI extend PCR HEX
 * And what a verifier makes of these files, without a TPM:
 *   tpm-probe none check CA DIR       ek_certificate, ek_public, ak_public -> the AK's name
 *   tpm-probe none credential HEX DIR ek_public, ak_public -> credential, secret
 * And what vmmd does with a key: FILE is its --events, MORE 1 for --more-keys, else 0
 *   tpm-probe none measure TCTI FILE HEX MORE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remotetrans/attest/credential.h"
#include "remotetrans/attest/tpm.h"
#include "remotetrans/attest/tpm_format.h"
#include "tests/tools/blobs.h"
#include "vmm/launch/measure.h"

static const struct err *put_blob(const char *folder, const char *name, const struct tpm_blob *b)
{
	return blob_put(folder, name, b->bytes, b->len_bytes);
}

static const struct err *quote(struct tpm *t, char **a)
{
	static struct tpm_quote q;
	uint8_t qualifying[TPM_DIGEST];

	digest_from_hex(a[0], qualifying);
	TRY(tpm_quote(t, qualifying, &q));
	TRY(put_blob(a[1], "quote", &q.quote));
	TRY(put_blob(a[1], "signature", &q.signature));
	TRY(put_blob(a[1], "ak_public", &q.ak_public));
	return blob_put(a[1], "pcrs", q.pcrs, q.pcr_count * sizeof(q.pcrs[0]));
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

	TRY(blob_get(a[0], "credential", &credential));
	TRY(blob_get(a[0], "secret", &secret));
	TRY(tpm_activate(t, &credential, &secret, found));
	hex_print(found, sizeof(found));
	return NULL;
}

static const struct err *extend(struct tpm *t, char **a)
{
	uint8_t digest[TPM_DIGEST];

	digest_from_hex(a[1], digest);
	return tpm_extend(t, (uint32_t)strtoul(a[0], NULL, 10), digest);
}

static const struct err *get_endorsement(const char *folder, struct tpm_endorsement *ret)
{
	TRY(blob_get(folder, "ek_certificate", &ret->ek_certificate));
	TRY(blob_get(folder, "ek_public", &ret->ek_public));
	return blob_get(folder, "ak_public", &ret->ak_public);
}

static const struct err *check(struct tpm *t, char **a)
{
	static struct tpm_endorsement e;
	uint8_t name[ATTEST_NAME_BYTES];

	(void)t;
	TRY(get_endorsement(a[1], &e));
	TRY(endorsement_check(&e, &(struct endorsement_policy){.ca = a[0]}, name));
	hex_print(name, sizeof(name));
	return NULL;
}

static const struct err *credential(struct tpm *t, char **a)
{
	static struct tpm_blob made, secret;
	static struct tpm_endorsement e;
	struct tpm_public ak = {0};
	uint8_t hidden[TPM_DIGEST];

	(void)t;
	digest_from_hex(a[0], hidden);
	TRY(get_endorsement(a[1], &e));
	TRY(tpm_public_decode(e.ak_public.bytes, e.ak_public.len_bytes, &ak));
	const struct err *failed = credential_make(&e.ek_public, ak.name, hidden, &made, &secret);
	tpm_public_deinit(&ak);
	TRY(failed);
	TRY(put_blob(a[1], "credential", &made));
	return put_blob(a[1], "secret", &secret);
}

static const struct err *measure(struct tpm *t, char **a)
{
	uint8_t key[TPM_DIGEST];
	struct measure m;

	(void)t;
	digest_from_hex(a[2], key);
	TRY(measure_open(&m, a[0], a[1]));
	const struct err *e = measure_key(&m, key, a[3][0] != '1');
	measure_close(&m);
	return e;
}

static const struct row {
	const char *name;
	int arguments;
	const struct err *(*run)(struct tpm *t, char **arguments);
} rows[] = {
	{"quote", 2, quote},     {"endorse", 1, endorse}, {"activate", 1, activate},
	{"extend", 2, extend},   {"check", 2, check},     {"credential", 2, credential},
	{"measure", 4, measure},
};

static const struct err *run(const struct row *row, char **argv)
{
	struct tpm *t = NULL;

	if (strcmp(argv[1], "none") != 0)
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
