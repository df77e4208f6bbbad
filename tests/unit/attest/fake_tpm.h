/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_tpm - a host whose TPM does whatever a test wants: it says that its key is restricted, and
 * signs quotes of any values. What it makes is malformed only where a test makes it so.
 */
#ifndef TESTS_UNIT_ATTEST_FAKE_TPM_H
#define TESTS_UNIT_ATTEST_FAKE_TPM_H

#include <openssl/evp.h>

#include "remotetrans/attest/attest.h"
#include "remotetrans/attest/manifest.h"
#include "remotetrans/base/buf.h"

#define FAKE_BLOB 2048u
#define FAKE_LOG  65536u

#define FAKE_AK_ATTRIBUTES 0x00050072u /* restricted, signing, fixed, made inside, with auth */

struct fake_blob {
	uint8_t bytes[FAKE_BLOB];
	size_t len_bytes;
};

struct fake_tpm {
	EVP_PKEY *key;
	struct fake_blob ak_public, quote, signature;
	uint8_t pcrs[EVENTLOG_PCRS][EVENTLOG_DIGEST], values[EVENTLOG_PCRS * EVENTLOG_DIGEST];
	uint8_t log_bytes[FAKE_LOG];
	struct buf_writer log;
	uint8_t ak_name[ATTEST_NAME_BYTES];
	struct evidence e; /* points at what is above, once quoted */
};

/* A key, zero PCRs, a log without events. All that fails here ends the test program. */
void fake_tpm_init(struct fake_tpm *t);
void fake_tpm_deinit(struct fake_tpm *t);

/* Another public area of the same key. */
void fake_public(struct fake_tpm *t, uint32_t attributes);

/* Log and extend; @digest: NULL: that of @data. */
void fake_measure(struct fake_tpm *t, uint32_t pcr, uint32_t type, const void *data,
		  size_t data_bytes, const uint8_t *digest);

/* An event for the log alone. */
void fake_log(struct fake_tpm *t, uint32_t pcr, uint32_t type, const void *data, size_t data_bytes,
	      const uint8_t *digest);

/* A key's event; the key is 32 times @fill. */
void fake_key(struct fake_tpm *t, uint8_t fill);
void fake_separator(struct fake_tpm *t, uint32_t pcr);

/* Firmware events, an image, and its parts; no key yet. */
void fake_firmware(struct fake_tpm *t);

/* Quote the PCRs of @selection as they are now; t->e is all evidence. */
void fake_quote(struct fake_tpm *t, uint32_t selection, const uint8_t qualifying[32]);

/* Sign t->quote as it is. */
void fake_sign(struct fake_tpm *t);

#endif
