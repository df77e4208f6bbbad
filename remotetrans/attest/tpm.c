/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection to a TPM through ESAPI; PCRs. Input: the TPM's answers. */
#include "remotetrans/attest/tpm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <tss2/tss2_rc.h>

#include "remotetrans/attest/tpm_context.h"

/* --- the connection, as ESAPI wants it ---------------------------------------------------------
 */

static TSS2_RC link_result(struct tpm *t, const struct err *e)
{
	if (!e)
		return TSS2_RC_SUCCESS;
	if (!t->problem[0]) /* the first is the cause */
		snprintf(t->problem, sizeof(t->problem), "%s", e->message);
	return TSS2_TCTI_RC_IO_ERROR;
}

static TSS2_RC transmit(TSS2_TCTI_CONTEXT *tcti, size_t size, const uint8_t *command)
{
	struct tpm *t = (struct tpm *)tcti;

	return link_result(t, tpm_link_send(&t->link, command, size, t->deadline_ns));
}

static TSS2_RC receive(TSS2_TCTI_CONTEXT *tcti, size_t *size, uint8_t *response, int32_t timeout)
{
	struct tpm *t = (struct tpm *)tcti;

	(void)timeout;   /* ours is the one for all commands of a request */
	if (!response) { /* asked for its length, which a device tells by nothing but a read */
		*size = TPM_BLOB_MAX;
		return TSS2_RC_SUCCESS;
	}
	return link_result(t, tpm_link_receive(&t->link, response, *size, size, t->deadline_ns));
}

static const char *hint(TSS2_RC rc)
{
	/* without the number of handle, parameter or session: part 2, section 6.6.2 */
	switch (rc & TPM2_RC_FMT1 ? rc & (TPM2_RC_FMT1 | 0x3f) : rc) {
	case TPM2_RC_INITIALIZE:
		return "; it was reset without the host: reset the host";
	case TPM2_RC_BAD_AUTH:
	case TPM2_RC_AUTH_FAIL:
		return "; its endorsement hierarchy has a password, which must be empty";
	case TPM2_RC_LOCKOUT:
		return "; it is locked: tpm2_dictionarylockout";
	case TPM2_RC_OBJECT_MEMORY:
	case TPM2_RC_SESSION_MEMORY:
		return "; others keep its memory: use the kernel's resource manager, /dev/tpmrm0";
	case TPM2_RC_FAILURE: /* libtpms says so of a seed that is not for its EK */
		return "; reset the host, unless this is a credential for another TPM";
	case TPM2_RC_INTEGRITY:
		return "; the credential is for another TPM or key: was this TPM cleared, or "
		       "replaced?";
	default:
		return "";
	}
}

const struct err *tpm_check(const struct tpm *t, const char *command, TSS2_RC rc)
{
	if (rc == TSS2_RC_SUCCESS)
		return NULL;
	if (t->problem[0])
		return ERR(ERR_PEER, "TPM %s: %s: %s", t->name, command, t->problem);
	return ERR(ERR_PEER, "TPM %s: %s: %s (0x%x)%s", t->name, command, Tss2_RC_Decode(rc), rc,
		   hint(rc));
}

void tpm_start_clock(struct tpm *t)
{
	t->deadline_ns = tpm_link_after_ms(TPM_TIMEOUT_MS);
}

/* --- open and close ----------------------------------------------------------------------------
 */

static const struct err *connect_to(struct tpm *t, const char *name)
{
	t->name = strdup(name);
	if (!t->name)
		return ERR_ERRNO(ERR_SYSTEM, errno, "TPM");
	TRY(tpm_link_open(name, &t->link));
	setenv("TSS2_LOG", "all+none", 0); /* tpm2-tss else writes to standard error */
	t->tcti = (TSS2_TCTI_CONTEXT_COMMON_V1){
		.version = 1, .transmit = transmit, .receive = receive};
	return tpm_check(t, "start", Esys_Initialize(&t->esys, (TSS2_TCTI_CONTEXT *)t, NULL));
}

const struct err *tpm_open(const char *tcti, struct tpm **ret)
{
	struct tpm *t = calloc(1, sizeof(*t));

	if (!t)
		return ERR_ERRNO(ERR_SYSTEM, errno, "TPM");
	const struct err *e = connect_to(t, tcti);
	if (e)
		tpm_close(t); /* raises no error of its own */
	else
		*ret = t;
	return e;
}

void tpm_close(struct tpm *t)
{
	if (!t)
		return;
	Esys_Finalize(&t->esys);
	tpm_link_close(&t->link);
	free(t->name);
	free(t);
}

/* --- requests ----------------------------------------------------------------------------------
 */

void tpm_object_flush(struct tpm_object *o)
{
	if (o->handle != ESYS_TR_NONE && o->is_kept)
		Esys_TR_Close(o->tpm->esys, &o->handle);
	else if (o->handle != ESYS_TR_NONE)
		Esys_FlushContext(o->tpm->esys, o->handle);
	o->handle = ESYS_TR_NONE;
	o->is_kept = false;
}

const struct err *tpm_handle_find(struct tpm *t, TPM2_HANDLE handle, ESYS_TR *ret)
{
	TSS2_RC rc = Esys_TR_FromTPMPublic(t->esys, handle, NO_SESSIONS, ret);

	if ((rc & ~(TSS2_RC)TPM2_RC_N_MASK) != TPM2_RC_HANDLE)
		return tpm_check(t, "TPM2_ReadPublic", rc);
	*ret = ESYS_TR_NONE;
	return NULL;
}

const struct err *tpm_extend(struct tpm *t, uint32_t pcr, const uint8_t digest[TPM_DIGEST])
{
	uint8_t present[TPM_PCRS][TPM_DIGEST];
	TPML_DIGEST_VALUES values = {.count = 1, .digests = {{.hashAlg = TPM2_ALG_SHA256}}};

	tpm_start_clock(t);
	if (pcr >= TPM_PCRS)
		return ERR(ERR_USAGE, "there is no PCR %u", pcr);
	/* a TPM ignores what is for a bank that is off */
	TRY(tpm_pcrs_read(t, 1u << pcr, present));
	memcpy(values.digests[0].digest.sha256, digest, TPM_DIGEST);
	return tpm_check(t, "TPM2_PCR_Extend",
			 Esys_PCR_Extend(t->esys, ESYS_TR_PCR0 + pcr, EMPTY_AUTH, &values));
}
