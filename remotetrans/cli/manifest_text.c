/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reference values on standard output. */
#include "remotetrans/cli/manifest_text.h"

#include <jansson.h>
#include <stdio.h>

#include "remotetrans/attest/digest.h"

/* --- events ------------------------------------------------------------------------------------
 */

static void event_print(const struct manifest_pcr *p, const struct manifest_event *e)
{
	char digits[DIGEST_HEX_SIZE];

	digest_hex(e->digest, sizeof(e->digest), digits);
	printf("    %-33s%s%s%s\n", event_type_name(e->type),
	       p->rule == MANIFEST_EXACT ? digits : "", *e->note ? "  " : "", e->note);
}

static void pcr_print(const struct manifest *m, uint32_t pcr)
{
	const struct manifest_pcr *p = &m->pcrs[pcr];

	printf("PCR %u: %s%s\n", pcr,
	       p->rule == MANIFEST_TYPES ? "any events of these types"
	       : p->count                ? "exactly these events"
					 : "no event",
	       pcr == RTLAUNCH_PCR ? ", then keys and a separator" : "");
	for (unsigned i = 0; i < p->count; i++)
		event_print(p, &p->events[i]);
}

void manifest_print(const struct manifest *m)
{
	printf("name: %s\n", m->name);
	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		if (ATTEST_PCRS >> pcr & 1)
			pcr_print(m, pcr);
}

/* --- values-------------------------------------------------------------------------------------
 */

/* @json: NULL: as text, the way tpm2_pcrread prints them. */
static const struct err *value_put(const struct manifest *m, uint32_t pcr, json_t *json)
{
	uint8_t value[EVENTLOG_DIGEST];
	char digits[DIGEST_HEX_SIZE] = "", key[4];
	bool known;

	TRY(manifest_value(m, pcr, value, &known));
	if (known)
		digest_hex(value, sizeof(value), digits);
	snprintf(key, sizeof(key), "%u", pcr);
	if (json)
		json_object_set_new(json, key, known ? json_string(digits) : json_null());
	else
		printf("    %-2u: %s%s\n", pcr, known ? "0x" : "differs from boot to boot", digits);
	return NULL;
}

static const struct err *values_put(const struct manifest *m, json_t *json)
{
	for (uint32_t pcr = 0; pcr < EVENTLOG_PCRS; pcr++)
		if (ATTEST_PCRS >> pcr & 1)
			TRY(value_put(m, pcr, json));
	return NULL;
}

const struct err *manifest_print_values(const struct manifest *m, bool as_json)
{
	json_t *json = as_json ? json_object() : NULL;

	if (!as_json)
		printf("  sha256:\n");
	const struct err *e = values_put(m, json);
	if (!e && as_json && (json_dumpf(json, stdout, JSON_INDENT(1)) != 0 || puts("") < 0))
		e = ERR(ERR_SYSTEM, "cannot print the values");
	json_decref(json);
	return e;
}
