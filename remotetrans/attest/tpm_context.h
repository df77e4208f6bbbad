/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tpm_context - what the files that talk to a TPM share; for them only. They and tpm_format.c are
 * all that knows tpm2-tss.
 */
#ifndef RT_ATTEST_TPM_CONTEXT_H
#define RT_ATTEST_TPM_CONTEXT_H

#include <tss2/tss2_esys.h>

#include "remotetrans/attest/tpm.h"
#include "remotetrans/attest/tpm_link.h"
#include "remotetrans/base/scope.h"

#define NO_SESSIONS ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE
#define EMPTY_AUTH  ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE

struct tpm {
	TSS2_TCTI_CONTEXT_COMMON_V1 tcti; /* first: all that ESAPI hands back to us */
	struct tpm_link link;
	uint64_t deadline_ns;                             /* of all commands of one request */
	char problem[sizeof(((struct err *)0)->message)]; /* the link's first; empty: none */
	char *name;                                       /* owned, as is the next */
	ESYS_CONTEXT *esys;
};

/* What a request begins with. */
void tpm_start_clock(struct tpm *t);

/* What @command came to. PEER: with the reason, and the remedy where we know one. */
MUST_CHECK const struct err *tpm_check(const struct tpm *t, const char *command, TSS2_RC rc);

/* Something that the TPM holds for us, until the end of the scope. */
struct tpm_object {
	struct tpm *tpm;
	ESYS_TR handle; /* ESYS_TR_NONE: nothing */
	bool is_kept;   /* by the TPM, whether we need it or not */
};
void tpm_object_flush(struct tpm_object *o);

/* @ret: out: what the TPM keeps at @handle; ESYS_TR_NONE: nothing */
MUST_CHECK const struct err *tpm_handle_find(struct tpm *t, TPM2_HANDLE handle, ESYS_TR *ret);

#define AUTO_OBJECT CLEANUP(tpm_object_flush) struct tpm_object
#define NO_OBJECT(t)                                                                               \
	{                                                                                          \
		(t), ESYS_TR_NONE, false                                                           \
	}

/* Values of the set @pcrs in the SHA-256 bank, each at its number. PEER, too: the bank is off. */
MUST_CHECK const struct err *tpm_pcrs_read(struct tpm *t, uint32_t pcrs,
					   uint8_t ret[TPM_PCRS][TPM_DIGEST]);

extern const TPM2B_PUBLIC tpm_ak_template, tpm_ek_template;

/* @key: out; its public area in @ret */
MUST_CHECK const struct err *tpm_key_create(struct tpm_object *key, const TPM2B_PUBLIC *template,
					    struct tpm_blob *ret);

/* The EK that the TPM keeps at its usual handle, if that is by the template; else a new one. */
MUST_CHECK const struct err *tpm_ek_find(struct tpm_object *ek, struct tpm_blob *ret);

#endif
