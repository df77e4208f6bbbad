/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What vouches for the VMM's key. Input: attacker-controlled evidence; this host's own files. */
#include "remotetrans/client/trust.h"

#include <stdio.h>
#include <string.h>

#include "remotetrans/base/check.h"

static void take_key(struct trust *t, enum trust_source source, const uint8_t *key)
{
	t->source = source;
	memcpy(t->keys[0], key, RTVMM_KEY_BYTES);
	t->key_count = 1;
}

/* --- remembered ------------------------------------------------------------------------------ */

static bool is_current(const struct trust *t, const struct target_config *target,
		       const struct manifest *m)
{
	const struct state_attested *s = &t->attested;
	uint32_t now_s = state_now_s();

	return CHECK(attested_age,
		     s->at_s <= now_s && now_s - s->at_s <= target->attest_max_age_s) &&
	       memcmp(s->manifest, m->hash, sizeof(s->manifest)) == 0 && t->is_enrolled &&
	       memcmp(s->ak, t->enrolled.ak, sizeof(s->ak)) == 0 &&
	       (!config_has_vmm_key(target) ||
		memcmp(s->vmm_key, target->vmm_key, sizeof(s->vmm_key)) == 0);
}

static const struct err *recall(struct trust *t, const struct target_config *target,
				const struct manifest *m)
{
	bool found;

	TRY(state_read_enrolled(target->name, &t->enrolled, &t->is_enrolled));
	TRY(state_read_attested(target->name, &t->attested, &found));
	if (!found || t->anew || !is_current(t, target, m))
		return NULL;
	take_key(t, TRUST_ATTESTED, t->attested.vmm_key);
	t->is_remembered = true;
	return NULL;
}

/* --- anew ------------------------------------------------------------------------------------ */

static const struct err *refused(const struct target_config *target,
				 const struct attest_report *report)
{
	const struct attest_row *row = attest_first_failure(report);

	return ERR(ERR_ATTEST,
		   "host of VM %s is NOT ATTESTED: %s: %s (all checks: remotetrans attest -t %s)",
		   target->vm, row ? row->name : "report", row ? row->reason : "empty",
		   target->name);
}

/* An earlier attestation that was too old to count explains why there was a new one. */
static const struct err *explain_age(const struct trust *t, const struct target_config *target,
				     const struct err *e)
{
	uint32_t now_s = state_now_s();

	if (!e || !t->attested.at_s || t->anew || t->attested.at_s > now_s ||
	    now_s - t->attested.at_s <= target->attest_max_age_s)
		return e;
	return ERR(e->kind, "the last attestation is %u s old (attest_max_age_s=%u), and now: %s",
		   now_s - t->attested.at_s, target->attest_max_age_s, e->message);
}

/* What is to be remembered, once the session has shown which of the keys it is. */
static void take_report(struct trust *t, const struct target_config *target,
			const struct manifest *m, const struct attest_report *report)
{
	if (t->attested.at_s && t->attested.reset_count != report->reset_count)
		snprintf(t->notice, sizeof(t->notice),
			 "the host of VM %s was restarted since it was last attested", target->vm);
	t->source = TRUST_ATTESTED;
	t->key_count = report->key_count;
	memcpy(t->keys, report->vmm_keys, sizeof(t->keys));
	t->attested.reset_count = report->reset_count;
	memcpy(t->attested.manifest, m->hash, sizeof(t->attested.manifest));
	memcpy(t->attested.ak, t->enrolled.ak, sizeof(t->attested.ak));
}

static const struct err *attest(struct trust *t, struct link *link, const uint8_t *hello,
				const struct manifest *m, struct attestation *a)
{
	const struct target_config *target = link->target;
	const uint8_t *ak = t->is_enrolled ? t->enrolled.ak : NULL;
	uint32_t at_s = state_now_s(); /* from before the nonce left */

	TRY(explain_age(t, target, attestation_ask(link, hello, m, ak, a)));
	if (!CHECK(attested, a->report.passed))
		return explain_age(t, target, refused(target, &a->report));
	take_report(t, target, m, &a->report);
	t->attested.at_s = at_s;
	return NULL;
}

static const struct err *find_attested(struct trust *t, struct link *link, const uint8_t *hello,
				       struct attestation *a)
{
	struct manifest m = {0};

	TRY(manifest_read(link->target->manifest, &m));
	const struct err *e = recall(t, link->target, &m);
	if (!e && !t->is_remembered)
		e = attest(t, link, hello, &m, a);
	manifest_deinit(&m);
	return e;
}

const struct err *trust_find(struct trust *t, struct link *link, const uint8_t *hello,
			     struct attestation *a)
{
	const struct target_config *target = link->target;

	if (config_has_manifest(target) && !target->insecure_unattested)
		return find_attested(t, link, hello, a);
	if (config_has_vmm_key(target))
		take_key(t, TRUST_PINNED, target->vmm_key);
	return NULL;
}

/* --- the session's key ----------------------------------------------------------------------- */

static const struct err *not_accepted(struct trust *t, const struct target_config *target,
				      const uint8_t *named)
{
	if (!t->is_remembered)
		return ERR(
			ERR_INTEGRITY,
			"the VMM that answers has key %02x%02x%02x%02x..., which the attestation "
			"of its host just now does not have: another host's VMM, or one that "
			"was started in this moment",
			named[0], named[1], named[2], named[3]);
	t->is_outdated = true;
	return ERR(ERR_ATTEST, "the VMM of VM %s is no longer the one that was attested",
		   target->vm);
}

static bool is_among(const struct trust *t, const uint8_t *named)
{
	for (unsigned i = 0; i < t->key_count; i++)
		if (memcmp(t->keys[i], named, RTVMM_KEY_BYTES) == 0)
			return true;
	return false;
}

const struct err *trust_accept(struct trust *t, const struct target_config *target,
			       const uint8_t *named, const uint8_t **ret)
{
	if (!t->key_count && target->insecure_unattested)
		take_key(t, TRUST_NOBODY, named);
	if (!t->key_count)
		return ERR(
			ERR_USAGE,
			"%s: target [%s] lacks manifest= (what its host must have booted) and "
			"vmm_key= (the VMM's public key: ask its operator), without which nothing "
			"can be verified",
			target->path, target->name);
	*ret = t->source == TRUST_ATTESTED ? named : t->keys[0]; /* the handshake compares them */
	if (t->source != TRUST_ATTESTED || CHECK(attested_key, is_among(t, named)))
		return NULL;
	return not_accepted(t, target, named);
}

/* A host that cannot remember attests anew the next time: slower, and said. */
static void remember(struct trust *t, const struct target_config *target)
{
	const struct err *e = state_write_attested(target->name, &t->attested);

	if (e)
		snprintf(t->notice, sizeof(t->notice), "%.190s", e->message);
}

const struct err *trust_settle(struct trust *t, const struct target_config *target,
			       const uint8_t *key, const uint8_t *boot_id)
{
	if (t->source != TRUST_ATTESTED)
		return NULL;
	if (t->is_remembered) {
		t->is_outdated = !CHECK(attested_boot,
					memcmp(boot_id, t->attested.boot_id, RTVMM_ID_BYTES) == 0);
		return t->is_outdated ? ERR(ERR_ATTEST,
					    "the VMM of VM %s was started anew since it "
					    "was attested",
					    target->vm)
				      : NULL;
	}
	memcpy(t->attested.vmm_key, key, RTVMM_KEY_BYTES);
	memcpy(t->attested.boot_id, boot_id, RTVMM_ID_BYTES);
	remember(t, target);
	return NULL;
}
